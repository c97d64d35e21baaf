// @ts-check
// Packed values of a page, read as packed_signal.py packs them.

/**
 * @typedef {{from_s: number, to_s: number, n: number, xyz: string}} Piece
 */

/**
 * Unpack values: an array for each column, in steps.
 * @param {string} text
 * @param {number} nColumns
 * @returns {Promise<Int16Array[]>}
 */
export async function unpackSteps(text, nColumns) {
  const signs = atob(text);
  const deflated = new Uint8Array(signs.length);
  for (let at = 0; at < signs.length; at += 1) deflated[at] = signs.charCodeAt(at);
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const half = bytes.length / 2;
  const n = half / nColumns;
  return Array.from({ length: nColumns }, (_, column) => {
    const values = new Int16Array(n);
    let whole = 0;
    for (let at = 0; at < n; at += 1) {
      // An array of 16 bits wraps sums around, as the differences were.
      whole += bytes[column * n + at] | (bytes[half + column * n + at] << 8);
      values[at] = whole;
    }
    return values;
  });
}

/**
 * Unpack samples: one array for each axis, in g.
 * @param {string} text
 * @param {number} nAxes
 * @param {number} stepG
 * @returns {Promise<Float32Array[]>}
 */
export async function unpack(text, nAxes, stepG) {
  return (await unpackSteps(text, nAxes)).map((steps) => Float32Array.from(steps, (step) => step * stepG));
}

/**
 * Times of a piece's samples, in milliseconds of the page's clock.
 * @param {Piece} piece
 * @param {number} shiftMs
 * @returns {Float64Array}
 */
export function pieceTimes(piece, shiftMs) {
  const times = new Float64Array(piece.n);
  const step = piece.n > 1 ? (piece.to_s - piece.from_s) / (piece.n - 1) : 0;
  for (let at = 0; at < piece.n; at += 1) times[at] = shiftMs + 1000 * (piece.from_s + at * step);
  return times;
}
