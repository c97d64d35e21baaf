// @ts-check
// Asks the app for data.  The browser keeps the key for this address and port alone, unlike a cookie.

export const KEY_PLACE = "clonus-sense-key";

// An answer takes milliseconds; a screen that is made takes a second or two.
const ANSWER_WITHIN_MS = 20_000;

/** The app refuses a request, with a sentence for the person. */
export class Refused extends Error {}

/**
 * Ask for anything below /data/.
 * @param {string} path
 * @param {Record<string, string>} [fields] of a form that is sent
 * @param {number} [withinMs]
 * @returns {Promise<Response>}
 */
async function ask(path, fields, withinMs = ANSWER_WITHIN_MS) {
  const answer = await fetch(`/data/${path}`, {
    method: fields ? "POST" : "GET",
    headers: {
      "X-Clonus-Sense-Key": localStorage.getItem(KEY_PLACE) ?? "",
      ...(fields ? { "Content-Type": "application/json" } : {}),
    },
    body: fields ? JSON.stringify(fields) : undefined,
    cache: "no-store",
    signal: AbortSignal.timeout(withinMs),
  });
  if (answer.ok) return answer;
  if (answer.status === 401) throw new Refused(document.documentElement.dataset.closed);
  const said = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  throw new Refused(said ? (await answer.json()).refused : (await answer.text()).trim());
}

/**
 * Read something that the app gives as JSON.
 * @param {string} path
 * @param {number} [withinMs]
 */
export async function readData(path, withinMs) {
  return (await ask(path, undefined, withinMs)).json();
}

/**
 * Read the bytes of a file of a screen.
 * @param {string} screen
 * @param {string} name with its query, such as `samples?night=3`
 */
export async function readFile(screen, name) {
  return (await ask(`${screen}/give/${name}`)).arrayBuffer();
}

/**
 * Send the fields of a form.
 * @param {string} path
 * @param {Record<string, string>} fields
 */
export async function sendFields(path, fields) {
  return (await ask(path, fields)).json();
}
