// @ts-check
// What stands below the axis of the night: the choice of the signal, the ruler, and marking a missed movement.
import { startGestures } from "./gestures.js";
import { named, zoom } from "./charts.js";
import { beatsOf } from "./movements.js";
import { startNightSignal } from "./night_signal.js";
import { Ruler } from "./ruler.js";

/**
 * Let the buttons, wheel and fingers work on the axis of the night.
 * @param {HTMLElement} place
 * @param {any} chart
 * @param {any} times
 * @param {import("./signal.js").SignalSource} signal
 * @param {import("./movements.js").Movement[]} movements
 * @param {{originMs: number, legs: string[], words: Record<string, string>}} about
 * @param {(fromMs: number, toMs: number, leg: number) => void} markMissed
 */
export function startNightTools(place, chart, times, signal, movements, { originMs, legs, words }, markMissed) {
  const whole = { start: times.start, end: times.end };
  const tools = place.closest("figure");
  /** @param {string} name @param {(button: Element) => void} act */
  const onClick = (name, act) => {
    for (const button of tools?.querySelectorAll(`[${name}]`) ?? []) button.addEventListener("click", () => act(button));
  };
  /** @param {string} name @param {string} text */
  const tell = (name, text) => {
    const output = tools?.querySelector(`[${name}]`);
    if (output && output.textContent !== text) output.textContent = text;
  };

  const beats = legs.map((_, leg) => beatsOf(movements, leg, originMs));
  const boxes = legs.flatMap((_, leg) => named(chart, `night-ruler-${leg}`).map((box) => ({ box, leg })));
  const ruler = new Ruler(boxes.map(({ box }) => box), times, {
    beats: (from, to) => beats.map((all) => all.filter((at) => at >= from && at <= to)),
    names: legs.length > 1 ? legs : [],
    beatsWord: words.beats,
    say: (text) => tell("data-measured", text),
  });
  times.properties.start.change.connect(() => ruler.use());
  const drawing = startNightSignal(place, chart, times, signal, movements, { originMs, words, tell: (text) => tell("data-drawn", text) });
  startGestures(place, chart, times);

  onClick("data-zoom", (button) => {
    const how = button.getAttribute("data-zoom");
    if (how !== "fit") return zoom(times, how === "in" ? 0.5 : 2);
    times.setv(whole);
    ruler.hide();
  });
  onClick("data-view", (button) => {
    for (const one of tools?.querySelectorAll("[data-view]") ?? []) one.setAttribute("aria-pressed", String(one === button));
    drawing.setView(button.getAttribute("data-view") === "raw" ? "raw" : "band");
  });
  onClick("data-night-ruler", () => ruler.toggle());
  onClick("data-mark-missed", () => {
    ruler.show();
    markMissed(...ruler.edges(), boxes[ruler.movedAt].leg);
  });
}
