// @ts-check
// The band-pass of a page's waveforms, as main_axis.py describes it: forwards and backwards, without delay.

/**
 * @typedef {{sections: number[][], settled: number[][], padding: number, fewest: number}} Band
 */

/**
 * Band-pass a piece without a gap; 0 where it is too short to be filtered.
 * @param {ArrayLike<number>} values
 * @param {Band} band
 * @returns {Float64Array}
 */
export function bandPass(values, band) {
  const n = values.length;
  if (n < band.fewest || band.sections.length === 0) return new Float64Array(n);
  let sum = 0;
  for (let at = 0; at < n; at += 1) sum += values[at];
  const mean = sum / n;
  const padding = Math.min(band.padding, n - 1);
  const padded = new Float64Array(n + 2 * padding);
  // Ends are continued turned around, so that the filter is settled where the piece begins.
  const [first, last] = [values[0] - mean, values[n - 1] - mean];
  for (let at = 0; at < n; at += 1) padded[padding + at] = values[at] - mean;
  for (let at = 1; at <= padding; at += 1) {
    padded[padding - at] = 2 * first - (values[at] - mean);
    padded[padding + n - 1 + at] = 2 * last - (values[n - 1 - at] - mean);
  }
  for (let time = 0; time < 2; time += 1) {
    filter(padded, band);
    padded.reverse();
  }
  return padded.slice(padding, padding + n);
}

/**
 * Filter in place, settled at the first value.
 * @param {Float64Array} values
 * @param {Band} band
 */
function filter(values, band) {
  const start = values[0];
  for (const [number, [b0, b1, b2, , a1, a2]] of band.sections.entries()) {
    let z0 = band.settled[number][0] * start;
    let z1 = band.settled[number][1] * start;
    for (let at = 0; at < values.length; at += 1) {
      const x = values[at];
      const y = b0 * x + z0;
      z0 = b1 * x - a1 * y + z1;
      z1 = b2 * x - a2 * y;
      values[at] = y;
    }
  }
}
