// @ts-check
// Movements of the page: opening one shows its samples, one chart for all of them.
import { bandPass } from "./band_pass.js";
import { extremes, named, onceChanged, showChart } from "./charts.js";
import { pageData } from "./page_data.js";
import { startGestures } from "./gestures.js";
import { Ruler } from "./ruler.js";
import { lowerBound } from "./signal.js";

/**
 * What the page knows of a movement, in seconds of its axis; `leg` is its lane of the signal.
 * @typedef {{anchor: string, leg: number, has_samples: boolean, onset_s: number, offset_s: number, beats_s: number[],
 *   frequency_hz: number, peak_g: number, axis: number[], spectrum_mg?: number[]}} Movement
 */

/** Seconds shown on either side of a movement. */
const AROUND_S = 30;

/**
 * Make the movements of the page respond.
 * @param {Movement[]} movements
 * @param {import("./signal.js").PackedSignal} signal
 * @param {(anchor: string) => void} onOpen told which movement was opened
 * @returns {{open: (anchor: string) => void}}
 */
export function startMovements(movements, signal, onOpen) {
  const originMs = pageData("page-data").origin_ms;
  const panel = /** @type {HTMLElement | null} */ (document.getElementById("closer-look"));
  const cards = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.movement")]);
  /** @type {Map<string, Movement>} */
  const records = new Map(movements.map((one) => [one.anchor, one]));
  /** @type {any} */
  let chart = null;
  /** @type {Movement | null} */
  let shown = null;
  /** @type {Ruler | null} */
  let ruler = null;
  let windowS = 10;

  /** @param {HTMLDetailsElement} card */
  async function show(card) {
    for (const other of cards) if (other !== card) other.open = false;
    const record = records.get(card.id);
    onOpen(card.id);
    if (panel === null || record === undefined || !record.has_samples) return;
    card.querySelector(".drawing")?.append(panel);
    card.classList.add("drawn");
    panel.hidden = false;
    chart ??= await showDetail();
    shown = record;
    const runs = await signal.runs(record.leg, record.onset_s - AROUND_S, record.offset_s + AROUND_S);
    if (shown !== record) return;
    const band = joinRuns(runs, ["g"], (run) => [bandPass(along(run, record.axis), run.filter)], originMs);
    named(chart, "raw")[0].data = joinRuns(runs, ["x", "y", "z"], (run) => run.axes, originMs);
    named(chart, "band")[0].data = band;
    const beatsMs = record.beats_s.map((at) => originMs + 1000 * at);
    named(chart, "beats")[0].data = { at_ms: beatsMs, g: beatsMs.map((at) => band.g[lowerBound(band.at_ms, at)] ?? NaN) };
    for (const box of named(chart, "movement")) {
      box.setv({ left: originMs + 1000 * record.onset_s, right: originMs + 1000 * record.offset_s });
    }
    const spectrum = record.spectrum_mg ?? [];
    named(chart, "spectrum")[0].data = { hz: spectrum.map((_, at) => at / 10), mg: spectrum };
    named(chart, "spectrum-range")[0].setv({ end: 1.05 * Math.max(1, ...spectrum) });
    named(chart, "frequency")[0].setv({ location: record.frequency_hz });
    fit(windowS);
    fitHeights(chart);
    ruler?.hide();
    ruler?.use();
  }

  /** @param {number} seconds */
  function fit(seconds) {
    windowS = seconds;
    if (shown === null) return;
    const middle = originMs + 500 * (shown.onset_s + shown.offset_s);
    named(chart, "detail-times")[0].setv({ start: middle - 500 * seconds, end: middle + 500 * seconds });
    for (const button of panel?.querySelectorAll("[data-window]") ?? []) {
      button.setAttribute("aria-pressed", String(Number(button.getAttribute("data-window")) === seconds));
    }
  }

  /** @param {string} text */
  function say(text) {
    const output = panel?.querySelector("output");
    if (output) output.textContent = text;
  }

  async function showDetail() {
    const place = /** @type {HTMLElement} */ (panel?.querySelector(".chart"));
    const made = await showChart("detail-chart", place);
    const times = named(made, "detail-times")[0];
    startGestures(place, made, times);
    onceChanged(times, () => fitHeights(made));
    ruler = new Ruler(named(made, "ruler"), times, {
      beats: (from, to) => [named(made, "beats")[0].data.at_ms.filter((/** @type {number} */ at) => at >= from && at <= to)],
      names: [],
      beatsWord: panel?.dataset.beats ?? "",
      say,
    });
    return made;
  }

  /** @param {string} anchor */
  function open(anchor) {
    const card = cards.find((one) => one.id === anchor);
    if (card === undefined) return;
    card.hidden = false;
    card.open = true;
    card.scrollIntoView({ block: "nearest" });
    card.querySelector("summary")?.focus({ preventScroll: true });
  }

  /**
   * @param {HTMLDetailsElement} card
   * @param {number} step
   */
  function openBeside(card, step) {
    const inOrder = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.movement:not([hidden])")]);
    const next = inOrder[inOrder.indexOf(card) + step];
    if (next) open(next.id);
  }

  for (const card of cards) {
    card.addEventListener("toggle", () => card.open && show(card));
    for (const button of card.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => openBeside(card, Number(button.getAttribute("data-step"))));
    }
  }
  for (const button of panel?.querySelectorAll("[data-window]") ?? []) {
    button.addEventListener("click", () => fit(Number(button.getAttribute("data-window"))));
  }
  panel?.querySelector("[data-ruler]")?.addEventListener("click", () => ruler?.toggle());
  return { open };
}

/**
 * Beats of a leg in milliseconds of the page's clock.
 * @param {Movement[]} movements
 * @param {number} leg
 * @param {number} originMs
 */
export function beatsOf(movements, leg, originMs) {
  return movements.filter((one) => one.leg === leg).flatMap((one) => one.beats_s.map((at) => originMs + 1000 * at)).sort((one, other) => one - other);
}

/**
 * Fit the heights of the waveforms to what is in view.
 * @param {any} chart
 */
function fitHeights(chart) {
  const { start, end } = named(chart, "detail-times")[0];
  for (const [name, lines] of /** @type {[string, string[]][]} */ ([["raw", ["x", "y", "z"]], ["band", ["g"]]])) {
    const data = named(chart, name)[0].data;
    const values = lines.map((line) => data[line]);
    const [low, high] = extremes(values, values, lowerBound(data.at_ms, start), lowerBound(data.at_ms, end));
    const margin = Math.max(0.01, 0.08 * (high - low));
    if (low <= high) named(chart, `${name}-range`)[0].setv({ start: low - margin, end: high + margin });
  }
}

/**
 * Movement along an axis.
 * @param {import("./signal.js").Run} run
 * @param {number[]} axis
 */
function along(run, [x, y, z]) {
  return run.axes[0].map((value, at) => x * value + y * run.axes[1][at] + z * run.axes[2][at]);
}

/**
 * Join runs into columns of a chart, with a gap that no line crosses between two of them.
 * @param {import("./signal.js").Run[]} runs
 * @param {string[]} names
 * @param {(run: import("./signal.js").Run) => Float64Array[]} lines
 * @param {number} originMs
 * @returns {Record<string, Float64Array>}
 */
function joinRuns(runs, names, lines, originMs) {
  const n = runs.reduce((sum, run) => sum + run.at_s.length + 1, 0);
  const columns = Object.fromEntries(["at_ms", ...names].map((name) => [name, new Float64Array(n).fill(NaN)]));
  let first = 0;
  for (const run of runs) {
    const nRun = run.at_s.length;
    columns.at_ms.set(run.at_s.map((at) => originMs + 1000 * at), first);
    columns.at_ms[first + nRun] = columns.at_ms[first + nRun - 1];
    lines(run).forEach((values, number) => columns[names[number]].set(values, first));
    first += nRun + 1;
  }
  return columns;
}
