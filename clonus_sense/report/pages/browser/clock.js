// @ts-check
// The person's clock on a time axis: where the clocks are set forward or back, the labels follow them.

/**
 * Let the labels of every time axis follow the clock changes of the night.
 * @param {any} chart
 * @param {{at_ms: number, shift_ms: number}[]} changes on the axis, which runs on without a break
 */
export function followClock(chart, changes) {
  if (changes.length === 0) return;
  const shown = (/** @type {number} */ tick) =>
    changes.reduce((ms, change) => (tick >= change.at_ms ? ms + change.shift_ms : ms), tick);
  for (const root of chart.roots()) {
    for (const model of root.references()) {
      if (model.type !== "DatetimeTickFormatter") continue;
      const format = model.doFormat.bind(model);
      model.doFormat = (/** @type {number[]} */ ticks, /** @type {any} */ options) => format(ticks.map(shown), options);
    }
  }
}
