// @ts-check
// The signal of each leg on the axis of the night: columns, or samples with beats, of what is in view.
//
// Columns are drawn only while each is narrower than two pixels.  Closer, samples take their place, and where the source
// holds none the lane says so: an envelope that is spread out looks like a signal, and is none.
import { extremes, frameOf, named, onceChanged } from "./charts.js";
import { beatsOf } from "./movements.js";
import { lowerBound, WIDEST_COLUMN_PX } from "./signal.js";

/** Beats of 8 Hz are told apart while a pixel is no longer than this. */
const MOST_PIXEL_OF_BEATS_MS = 20;
/** Words fit into a place that is wider than this. */
const WORDS_PX = 170;
/** Heights of a lane in g, either way, from noise to a fall; columns are cut off above the strongest movement. */
const LIMITS_G = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 40, 80];
const CUT_OFF_RATIO = 1.3;

/**
 * @typedef {import("./signal.js").LaneView} LaneView
 * @typedef {import("./signal.js").View} View
 * @typedef {{lane: number, columns: any[], lines: any, beats: any, missing: any, height: any, words: any, mostG: number,
 *   beatsMs: number[], shown: LaneView | null, columnMs: number}} Lane
 * @typedef {{fromMs: number, toMs: number, pixelMs: number}} Drawn
 */

/**
 * Draw the signal of what a chart shows, whenever that changes.
 * @param {Element} place
 * @param {any} chart
 * @param {any} times
 * @param {import("./signal.js").SignalSource} source
 * @param {import("./movements.js").Movement[]} movements
 * @param {{originMs: number, words: Record<string, string>, tell: (text: string) => void}} about
 * @returns {{setView: (view: View) => void}}
 */
export function startNightSignal(place, chart, times, source, movements, { originMs, words, tell }) {
  const lanes = Array.from({ length: source.nLanes }, (_, lane) => findLane(chart, lane, movements, originMs)).filter((one) => one.lines !== undefined);
  /** @type {View} */
  let view = "band";
  /** @type {Drawn | null} */
  let drawn = null;
  let isBusy = false;
  let isStale = false;

  /** Whether what is drawn holds the view as finely as the view shows it. */
  function isDrawn() {
    const pixelMs = (times.end - times.start) / frameOf(chart).width;
    return drawn !== null && drawn.fromMs <= times.start && drawn.toMs >= times.end && Math.abs(drawn.pixelMs / pixelMs - 1) < 0.02;
  }

  async function draw() {
    if (isBusy) {
      isStale = true;
      return;
    }
    isBusy = true;
    do {
      isStale = false;
      const { start, end } = times;
      // Half a view on either side is at hand when the chart is moved or zoomed out.
      const [fromMs, toMs] = [Math.max(times.bounds[0], 1.5 * start - 0.5 * end), Math.min(times.bounds[1], 1.5 * end - 0.5 * start)];
      const pixelMs = (end - start) / frameOf(chart).width;
      const asked = view;
      const shown = await source.samples((fromMs - originMs) / 1000, (toMs - originMs) / 1000, (toMs - fromMs) / pixelMs, asked);
      if (asked !== view) {
        isStale = true;
        continue;
      }
      drawn = { fromMs, toMs, pixelMs };
      for (const lane of lanes) show(lane, shown[lane.lane], originMs);
      follow();
      // What is drawn, for whoever waits for it.
      /** @type {HTMLElement} */ (place).dataset.inView = `${start} ${end}`;
    } while (isStale);
    isBusy = false;
  }

  /** Fit what is drawn to the view: heights, words, beats; columns that became too wide go at once. */
  function follow() {
    const pixelMs = (times.end - times.start) / frameOf(chart).width;
    const told = new Set();
    for (const lane of lanes) {
      if (lane.columnMs > WIDEST_COLUMN_PX * pixelMs * 1.001) clearColumns(lane);
      if (lane.shown === null) continue;
      fitHeight(lane, view, times, originMs);
      const widest = widestMissing(lane.shown, times, originMs);
      const place = widest !== null && (widest[1] - widest[0]) / pixelMs >= WORDS_PX ? widest : null;
      lane.words.setv(place === null ? { visible: false } : { visible: true, text: words.here, x: (place[0] + place[1]) / 2, y: (lane.height.start + lane.height.end) / 2 });
      told.add(widest !== null ? words.missing : lane.shown.kind === "samples" ? words.samples : words.columns);
      showBeats(lane, times, pixelMs <= MOST_PIXEL_OF_BEATS_MS);
    }
    tell([...told].join(" "));
  }

  const ask = onceChanged(times, () => {
    follow();
    if (!isDrawn()) draw();
  });
  new ResizeObserver(() => requestAnimationFrame(ask)).observe(place);
  if (lanes.length > 0) draw();
  return {
    setView(wanted) {
      view = wanted;
      draw();
    },
  };
}

/**
 * @param {any} chart
 * @param {number} lane
 * @param {import("./movements.js").Movement[]} movements
 * @param {number} originMs
 * @returns {Lane}
 */
function findLane(chart, lane, movements, originMs) {
  const one = (/** @type {string} */ name) => named(chart, `signal-${name}-${lane}`)[0];
  const mine = movements.filter((movement) => movement.leg === lane);
  return {
    lane,
    columns: ["x", "y", "z"].map((axis) => one(`columns-${axis}`)).filter((source) => source !== undefined), lines: one("lines"), beats: one("beats"), missing: one("missing"), height: one("range"), words: one("words"),
    mostG: CUT_OFF_RATIO * Math.max(0.4, ...mine.map((movement) => movement.peak_g)),
    beatsMs: beatsOf(movements, lane, originMs),
    shown: null,
    columnMs: 0,
  };
}

/** @param {Lane} lane */
function clearColumns(lane) {
  lane.columnMs = 0;
  lane.shown = null;
  lane.columns.forEach(empty);
}

/**
 * Take away what a source holds; an empty one stays as it is, because every change is drawn.
 * @param {any} source
 */
function empty(source) {
  const names = Object.keys(source.data);
  if (source.data[names[0]].length > 0) source.data = Object.fromEntries(names.map((name) => [name, []]));
}

/**
 * @param {Lane} lane
 * @param {LaneView} shown
 * @param {number} originMs
 */
function show(lane, shown, originMs) {
  const ms = (/** @type {Float64Array} */ seconds) => seconds.map((at) => originMs + 1000 * at);
  const n = shown.start_s.length;
  if (shown.kind === "columns") {
    const [left, right] = [ms(shown.start_s), ms(shown.end_s)];
    lane.columnMs = 0;
    for (let at = 0; at < n; at += 1) lane.columnMs = Math.max(lane.columnMs, right[at] - left[at]);
    lane.columns.forEach((source, line) => {
      if (line < shown.low.length) source.data = { left, right, bottom: shown.low[line], top: shown.high[line] };
      else empty(source);
    });
    empty(lane.lines);
  } else {
    const [x, y, z] = shown.low;
    lane.lines.data = { at_ms: ms(shown.start_s), x, y, z };
    clearColumns(lane);
  }
  if (shown.missing.length > 0 || lane.missing.data.x0.length > 0) {
    lane.missing.data = { x0: shown.missing.map(([from]) => originMs + 1000 * from), x1: shown.missing.map(([, to]) => originMs + 1000 * to) };
  }
  lane.shown = shown;
}

/**
 * Fit the height of a lane to what is in view.
 * @param {Lane} lane
 * @param {View} view
 * @param {any} times
 * @param {number} originMs
 */
function fitHeight(lane, view, times, originMs) {
  const shown = /** @type {LaneView} */ (lane.shown);
  const [first, end] = [times.start, times.end].map((ms) => lowerBound(shown.start_s, (ms - originMs) / 1000));
  const [low, high] = extremes(shown.low, shown.high, first, end);
  if (low > high) return;
  if (view === "band") {
    const most = Math.max(-low, high);
    const needed = shown.kind === "columns" ? Math.min(most, lane.mostG) : most;
    const limit = LIMITS_G.find((one) => one >= needed) ?? needed;
    lane.height.setv({ start: -limit, end: limit });
  } else {
    // Steps of a tenth of the height: the lane stands still while little changes.
    const step = (LIMITS_G.find((one) => one >= high - low) ?? high - low) / 10;
    lane.height.setv({ start: step * (Math.floor(low / step) - 1), end: step * (Math.ceil(high / step) + 1) });
  }
}

/**
 * The widest time in view that the source does not hold.
 * @param {LaneView} shown
 * @param {any} times
 * @param {number} originMs
 * @returns {[number, number] | null}
 */
function widestMissing(shown, times, originMs) {
  /** @type {[number, number] | null} */
  let widest = null;
  for (const [fromS, toS] of shown.missing) {
    const [from, to] = [Math.max(originMs + 1000 * fromS, times.start), Math.min(originMs + 1000 * toS, times.end)];
    if (to - from > (widest === null ? 0 : widest[1] - widest[0])) widest = [from, to];
  }
  return widest;
}

/**
 * @param {Lane} lane
 * @param {any} times
 * @param {boolean} isNear
 */
function showBeats(lane, times, isNear) {
  const at = isNear ? lane.beatsMs.slice(lowerBound(lane.beatsMs, times.start), lowerBound(lane.beatsMs, times.end)) : [];
  if (at.length === 0 && lane.beats.data.at_ms.length === 0) return;
  lane.beats.data = { at_ms: at, g: at.map(() => 0.85 * lane.height.end + 0.15 * lane.height.start) };
}
