// @ts-check
// The axis of the night by keys: arrows choose a movement, Enter opens it, + and - zoom, Shift and arrows move the view.
import { named, setSpan, zoom } from "./charts.js";

/**
 * @typedef {{at_ms: number, anchor: string, words: string}} Stop
 */

/**
 * Let keys walk along the movements of a chart while it has the focus.
 * @param {HTMLElement} place
 * @param {any} chart
 * @param {any} times
 * @param {(anchor: string) => void} open
 */
export function startAxisKeys(place, chart, times, open) {
  const output = place.closest("figure")?.querySelector("output") ?? null;
  const stops = listStops(chart, output?.dataset.beats ?? "");
  let at = -1;

  /** @param {number} step */
  function walk(step) {
    at = Math.min(Math.max(at + step, 0), stops.length - 1);
    const { at_ms: atMs, words } = stops[at];
    for (const line of named(chart, "chosen")) line.setv({ location: atMs, visible: true });
    if (!isInView(atMs)) zoom(times, 1, atMs);
    if (output) output.textContent = words;
  }

  /** @param {number} atMs */
  const isInView = (atMs) => atMs >= times.start && atMs <= times.end;

  /** @param {number} share of the view */
  function move(share) {
    const span = times.end - times.start;
    setSpan(times, times.start + share * span, span);
  }

  place.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const chosen = stops[at]?.at_ms;
    if (event.key === "+") zoom(times, 0.5, isInView(chosen) ? chosen : undefined);
    else if (event.key === "-") zoom(times, 2);
    else if (event.shiftKey && event.key === "ArrowRight") move(0.25);
    else if (event.shiftKey && event.key === "ArrowLeft") move(-0.25);
    else if (stops.length === 0) return;
    else if (event.key === "ArrowRight") walk(1);
    else if (event.key === "ArrowLeft") walk(-1);
    else if (event.key === "Home") walk(-stops.length);
    else if (event.key === "End") walk(stops.length);
    else if (event.key === "Enter" && at >= 0) open(stops[at].anchor);
    else return;
    event.preventDefault();
  });
}

/**
 * All movements of a chart by time.
 * @param {any} chart
 * @param {string} beats
 * @returns {Stop[]}
 */
function listStops(chart, beats) {
  const stops = named(chart, "movements").flatMap(({ data }) =>
    data.anchor.map((/** @type {string} */ anchor, /** @type {number} */ i) => ({
      at_ms: data.at_ms[i],
      anchor,
      words: [data.label[i], data.start[i], data.duration[i], `${beats} ${data.beats[i]}`].join(" · "),
    })),
  );
  return stops.sort((one, other) => one.at_ms - other.at_ms);
}
