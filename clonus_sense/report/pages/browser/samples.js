// @ts-check
// Packed samples of the page, read as movement_samples.py packs them.

/**
 * @typedef {{from_s: number, to_s: number, n: number, xyz?: string, g?: string}} Piece
 * @typedef {{anchor: string, label: string, kind: string, segment: number | null, onset_s: number, offset_s: number,
 *   beats_s: number[], frequency_hz: number, band?: Piece[], spectrum_mg?: number[]}} Movement
 * @typedef {{shift_s: number, from_s: number, to_s: number, pieces: Piece[]}} Segment
 */

// What one step of a packed value stands for, in g.
const STEPS_G = { xyz: 0.002, g: 0.001 };

/**
 * Unpack samples: one array for each axis, in g.
 * @param {string} text
 * @param {number} nAxes
 * @param {number} stepG
 * @returns {Promise<Float32Array[]>}
 */
export async function unpack(text, nAxes, stepG) {
  const deflated = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const half = bytes.length / 2;
  const n = half / nAxes;
  return Array.from({ length: nAxes }, (_, axis) => {
    const values = new Float32Array(n);
    let whole = 0;
    for (let at = 0; at < n; at += 1) {
      const low = bytes[axis * n + at];
      const high = bytes[half + axis * n + at];
      // Sums wrap around in 16 bits, as the differences did.
      whole = ((whole + ((high << 8) | low)) << 16) >> 16;
      values[at] = whole * stepG;
    }
    return values;
  });
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

/**
 * Join pieces into columns, with a gap that no line crosses between two of them.
 * @param {Piece[]} pieces
 * @param {"xyz" | "g"} key
 * @param {string[]} names
 * @param {number} shiftMs
 * @returns {Promise<Record<string, number[]>>}
 */
export async function joinPieces(pieces, key, names, shiftMs) {
  /** @type {Record<string, number[]>} */
  const columns = { at_ms: [] };
  for (const name of names) columns[name] = [];
  for (const piece of pieces) {
    const values = await unpack(/** @type {string} */ (piece[key]), names.length, STEPS_G[key]);
    const times = pieceTimes(piece, shiftMs);
    for (let at = 0; at < piece.n; at += 1) {
      columns.at_ms.push(times[at]);
      names.forEach((name, axis) => columns[name].push(values[axis][at]));
    }
    columns.at_ms.push(times[piece.n - 1]);
    for (const name of names) columns[name].push(NaN);
  }
  return columns;
}
