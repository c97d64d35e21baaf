// @ts-check
// The person's clock on a time axis, which runs on without a break: where the clocks are set forward or back, labels follow them.

/** @typedef {{at_ms: number, shift_ms: number}} ClockChange */

const DAY_MS = 86_400_000;

/**
 * Let the labels of every time axis follow the clock changes of the night.
 * @param {any} chart
 * @param {ClockChange[]} changes
 */
export function followClock(chart, changes) {
  if (changes.length === 0) return;
  for (const root of chart.roots()) {
    for (const model of root.references()) {
      if (model.type !== "DatetimeTickFormatter") continue;
      const format = model.doFormat.bind(model);
      model.doFormat = (/** @type {number[]} */ ticks, /** @type {any} */ options) => format(ticks.map((at) => onClock(at, changes)), options);
    }
  }
}

/**
 * Write a moment of the axis as the clock shows it; an hour that comes twice has "(2)" the second time.
 * @param {number} ms
 * @param {ClockChange[]} changes
 * @param {number} decimals of the seconds
 * @returns {string}
 */
export function showClock(ms, changes, decimals = 0) {
  const step = 1000 / 10 ** decimals;
  const shown = onClock(Math.round(ms / step) * step, changes);
  const text = new Date(shown).toISOString().slice(11, decimals ? 20 + decimals : 19);
  const isSecond = changes.some((one) => one.shift_ms < 0 && ms >= one.at_ms && ms < one.at_ms - one.shift_ms);
  return isSecond ? `${text} (2)` : text;
}

/**
 * Moment of the axis that a time of the clock means; not a number where it means none.
 * @param {string} text such as 02:10, 02:10:05.2 or 02:10 (2)
 * @param {number} startMs
 * @param {number} endMs
 * @param {ClockChange[]} changes
 * @returns {number}
 */
export function readClock(text, startMs, endMs, changes) {
  const parts = /^\s*(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*(\(2\))?\s*$/.exec(text.normalize("NFKC"));
  if (parts === null || Number(parts[1]) > 23 || Number(parts[2]) > 59) return NaN;
  const ofDay = Math.round(1000 * (3600 * Number(parts[1]) + 60 * Number(parts[2]) + Number(parts[3] ?? 0)));
  // The same time of day by the clock of before a change and of after it: which of them does the clock show?
  const shifts = [0, ...changes.map((_, at) => changes.slice(0, at + 1).reduce((sum, one) => sum + one.shift_ms, 0))];
  const moments = shifts.map((shift) => startMs + ((((ofDay - shift - startMs) % DAY_MS) + DAY_MS) % DAY_MS));
  const shown = moments.filter((at) => at <= endMs && Math.round(onClock(at, changes) - ofDay) % DAY_MS === 0);
  return [...new Set(shown)].sort((one, other) => one - other)[parts[4] ? 1 : 0] ?? NaN;
}

/**
 * Milliseconds that the clock shows at a moment of the axis.
 * @param {number} ms
 * @param {ClockChange[]} changes
 */
function onClock(ms, changes) {
  return changes.reduce((shown, change) => (ms >= change.at_ms ? shown + change.shift_ms : shown), ms);
}
