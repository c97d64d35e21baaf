// @ts-check
// Movements of the page: opening one shows its samples, one chart for all of them.
import { joinPieces } from "./samples.js";
import { named, showChart } from "./charts.js";
import { pageData } from "./page_data.js";

/**
 * Make the movements of the page respond.
 * @param {(anchor: string) => void} onOpen told which movement was opened
 * @returns {{open: (anchor: string) => void}}
 */
export function startMovements(onOpen) {
  const data = pageData("movement-data");
  const originMs = pageData("page-data").origin_ms;
  const panel = /** @type {HTMLElement | null} */ (document.getElementById("closer-look"));
  const cards = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.movement")]);
  /** @type {Map<string, any>} */
  const records = new Map(data.movements.map((/** @type {any} */ one) => [one.anchor, one]));
  /** @type {any} */
  let chart = null;
  /** @type {any} */
  let shown = null;
  let windowS = 10;

  /** @param {HTMLDetailsElement} card */
  async function show(card) {
    for (const other of cards) if (other !== card) other.open = false;
    const record = records.get(card.id);
    onOpen(card.id);
    if (panel === null || record === undefined || record.segment === null) return;
    card.querySelector(".drawing")?.append(panel);
    card.classList.add("drawn");
    panel.hidden = false;
    chart ??= await showChart("detail-chart", /** @type {Element} */ (panel.querySelector(".chart")));
    shown = record;
    const segment = data.segments[record.segment];
    const shiftMs = originMs + 1000 * segment.shift_s;
    const [raw, band] = await Promise.all([
      joinPieces(segment.pieces, "xyz", ["x", "y", "z"], shiftMs),
      joinPieces(record.band, "g", ["g"], shiftMs),
    ]);
    if (shown !== record) return;
    named(chart, "raw")[0].data = raw;
    named(chart, "band")[0].data = band;
    const beatsMs = record.beats_s.map((/** @type {number} */ at) => shiftMs + 1000 * at);
    named(chart, "beats")[0].data = { at_ms: beatsMs, g: beatsMs.map((/** @type {number} */ at) => valueAt(band, at)) };
    for (const box of named(chart, "movement")) {
      box.setv({ left: shiftMs + 1000 * record.onset_s, right: shiftMs + 1000 * record.offset_s });
    }
    const spectrum = record.spectrum_mg ?? [];
    named(chart, "spectrum")[0].data = { hz: spectrum.map((/** @type {number} */ _, /** @type {number} */ at) => at / 10), mg: spectrum };
    named(chart, "frequency")[0].setv({ location: record.frequency_hz });
    fit(windowS);
    hideRuler();
  }

  /** @param {number} seconds */
  function fit(seconds) {
    windowS = seconds;
    const segment = data.segments[shown.segment];
    const middle = originMs + 1000 * (segment.shift_s + (shown.onset_s + shown.offset_s) / 2);
    named(chart, "detail-times")[0].setv({ start: middle - 500 * seconds, end: middle + 500 * seconds });
    for (const button of panel?.querySelectorAll("[data-window]") ?? []) {
      button.setAttribute("aria-pressed", String(Number(button.getAttribute("data-window")) === seconds));
    }
  }

  function hideRuler() {
    named(chart, "ruler")[0].setv({ visible: false });
    say("");
  }

  /** @param {string} text */
  function say(text) {
    const output = panel?.querySelector("output");
    if (output) output.textContent = text;
  }

  function measure() {
    const ruler = named(chart, "ruler")[0];
    const [from, to] = [ruler.left, ruler.right].map(Number).sort((one, other) => one - other);
    const beats = named(chart, "beats")[0].data.at_ms.filter((/** @type {number} */ at) => at >= from && at <= to);
    const hz = beats.length > 1 ? (1000 * (beats.length - 1)) / (beats[beats.length - 1] - beats[0]) : NaN;
    const words = panel?.dataset ?? {};
    const numbers = [`${((to - from) / 1000).toFixed(2)} s`, `${words.beats} ${beats.length}`];
    if (Number.isFinite(hz)) numbers.push(`${hz.toFixed(2)} Hz`);
    say(numbers.join(" · "));
  }

  function toggleRuler() {
    const ruler = named(chart, "ruler")[0];
    if (ruler.visible) return hideRuler();
    const times = named(chart, "detail-times")[0];
    const width = times.end - times.start;
    ruler.setv({ left: times.start + width / 3, right: times.end - width / 3, visible: true });
    if (!ruler.measured) {
      ruler.measured = true;
      ruler.properties.left.change.connect(measure);
      ruler.properties.right.change.connect(measure);
    }
    measure();
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
  panel?.querySelector("[data-ruler]")?.addEventListener("click", toggleRuler);
  return { open };
}

/**
 * Value of a line at a time.
 * @param {Record<string, number[]>} line
 * @param {number} at
 * @returns {number}
 */
function valueAt(line, at) {
  let low = 0;
  let high = line.at_ms.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (line.at_ms[middle] < at) low = middle + 1;
    else high = middle;
  }
  return line.g[low] ?? NaN;
}
