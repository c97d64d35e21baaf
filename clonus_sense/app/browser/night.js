// @ts-check
// The screen of a night: fetches its charts and samples, and hands each verdict to the library.
import { readFile, sendFields } from "./asking.js";
import { startNight } from "/files/pages/night.js";

/**
 * Lay the blocks of data into the screen, where the modules of a page look for them.
 * @param {HTMLElement} root
 */
async function layData(root) {
  const bytes = await readFile("night", `data${location.search}`);
  for (const [name, block] of Object.entries(JSON.parse(new TextDecoder().decode(bytes)))) {
    const place = document.createElement("script");
    place.type = "application/json";
    place.id = name;
    place.textContent = JSON.stringify(block);
    root.append(place);
  }
}

/** Load the chart library, once. */
function loadBokeh() {
  if ("Bokeh" in window) return Promise.resolve();
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = "/files/bokeh/bokeh.min.js";
    script.addEventListener("load", done);
    script.addEventListener("error", failed);
    document.head.append(script);
  });
}

/** @param {string} review */
async function keep(review) {
  try {
    await sendFields(`night/act/review${location.search}`, { review });
    return true;
  } catch (error) {
    tell(error);
    return false;
  }
}

/** @param {unknown} error */
function tell(error) {
  const told = document.getElementById("told");
  if (told) told.textContent = error instanceof Error && error.message ? error.message : (document.documentElement.dataset.failed ?? "");
}

/** @param {HTMLElement} root */
export function start(root) {
  Promise.all([layData(root), loadBokeh()]).then(() => startNight(keep)).catch(tell);
}
