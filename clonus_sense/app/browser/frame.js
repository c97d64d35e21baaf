// @ts-check
// The frame of every screen: fetches what it shows, sends its forms, and asks for the state once a second.
//
// A screen's own module exports `start(root, tools)`, which is called each time that the screen is made, and may
// return `{ state(whole) {}, lost() {}, leave() {} }`.

import { readData, Refused, sendFields } from "./asking.js";

const STATE_EVERY_MS = 1000;
const STATE_WITHIN_MS = 4000;

const screenName = document.body.dataset.screen ?? "";
const root = /** @type {HTMLElement} */ (document.getElementById("screen"));
const told = /** @type {HTMLElement} */ (document.getElementById("told"));
const lost = /** @type {HTMLElement} */ (document.getElementById("lost"));
const who = /** @type {HTMLElement} */ (document.getElementById("who"));

/** @type {{ state?: (whole: any) => void, lost?: () => void, leave?: () => void }} */
let part = {};
/** @type {any} */
let newest = null;

/**
 * Set a text only where it changes, so that a screen reader hears it once.
 * @param {Element} place
 * @param {string} text
 */
export function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** @param {unknown} error */
function tellTrouble(error) {
  say(told, error instanceof Refused ? error.message : (document.documentElement.dataset.failed ?? ""));
}

/** @param {{ html?: string, told?: string, to?: string, refused?: string }} made */
async function put(made) {
  if (made.told !== undefined) say(told, made.told);
  if (made.to) {
    location.assign(made.to);
    return;
  }
  if (made.html === undefined) return;
  const focused = document.activeElement?.id;
  part.leave?.();
  part = {};
  const parsed = new DOMParser().parseFromString(made.html, "text/html");
  root.replaceChildren(...parsed.body.childNodes);
  root.removeAttribute("aria-busy");
  if (focused) document.getElementById(focused)?.focus();
  if (document.body.dataset.script) {
    const module = await import(document.body.dataset.script);
    part = module.start(root, { act, open, remake }) ?? {};
  }
  if (newest) part.state?.(newest);
  document.documentElement.dataset.ready = "true";
}

/** Make the screen again. */
export async function remake() {
  try {
    await put(await readData(`${screenName}${location.search}`));
  } catch (error) {
    tellTrouble(error);
  }
}

/**
 * Do what a form asks for; returns whether it was done.
 * @param {string} name
 * @param {Record<string, string>} [fields]
 */
export async function act(name, fields = {}) {
  try {
    await put(await sendFields(`${screenName}/act/${name}${location.search}`, fields));
    return true;
  } catch (error) {
    tellTrouble(error);
    return false;
  }
}

/**
 * Open a file of this screen in a tab.  The tab opens first, because a browser lets a click alone open one.
 * @param {string} name with its query
 */
export async function open(name) {
  const tab = window.open("about:blank");
  try {
    const [path, query = ""] = name.split("?");
    const { to } = await sendFields(`${screenName}/ticket/${path}?${query}`, {});
    if (tab) tab.location.replace(to);
    else location.assign(to);
  } catch (error) {
    tab?.close();
    tellTrouble(error);
  }
}

async function look() {
  try {
    newest = await readData("state", STATE_WITHIN_MS);
    say(lost, "");
    say(who, newest.who);
    document.documentElement.dataset.phase = newest.phase;
    part.state?.(newest);
  } catch (error) {
    newest = null;
    say(lost, error instanceof Refused ? error.message : (lost.dataset.text ?? ""));
    delete document.documentElement.dataset.phase;
    part.lost?.();
  }
  setTimeout(look, STATE_EVERY_MS);
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.dataset.act) return;
  event.preventDefault();
  const fields = new FormData(form, /** @type {SubmitEvent} */ (event).submitter);
  act(form.dataset.act, Object.fromEntries([...fields].map(([name, value]) => [name, String(value)])));
});

document.addEventListener("click", async (event) => {
  const pressed = /** @type {HTMLElement} */ (event.target).closest?.("[data-open], [data-language]");
  if (!(pressed instanceof HTMLElement)) return;
  event.preventDefault();
  if (pressed.dataset.open) await open(pressed.dataset.open);
  else {
    try {
      await sendFields("language", { language: pressed.dataset.language ?? "" });
      location.reload();
    } catch (error) {
      tellTrouble(error);
    }
  }
});

await remake();
look();
