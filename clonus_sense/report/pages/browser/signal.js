// @ts-check
// Acceleration that a page carries, packed as packed_signal.py packs it: read for a time and a width in pixels.
//
// A source of signals gives, for each lane, samples or the smallest and largest value of columns, and what it lacks.
// `PackedSignal` reads a page; one that asks a server has the same method `samples`, and the same drawing shows it.
import { bandPass } from "./band_pass.js";
import { unpackSteps } from "./samples.js";

/**
 * @typedef {"band" | "raw"} View band-passed, or as measured
 * @typedef {[number, number]} Span seconds of the page's axis, from and to
 */
/**
 * What a lane holds between two times.  Samples: `low` and `high` are the same lines, and NaN parts pieces.
 * @typedef {object} LaneView
 * @property {"samples" | "columns"} kind
 * @property {Float64Array} start_s times of samples, or left edges of columns
 * @property {Float64Array} end_s right edges of columns
 * @property {Float64Array[]} low one array for each line, in g: of x, y and z; columns of the band are one of all three
 * @property {Float64Array[]} high
 * @property {Span[]} missing times that were measured, and that the source does not hold finely enough
 */
/**
 * @typedef {object} SignalSource
 * @property {number} nLanes
 * @property {(fromS: number, toS: number, widthPx: number, view?: View) => Promise<LaneView[]>} samples
 */
/**
 * Samples of one piece without a gap.
 * @typedef {object} Run
 * @property {Float64Array} at_s
 * @property {Float64Array[]} axes x, y and z in g
 * @property {import("./band_pass.js").Band} filter
 */
/**
 * @typedef {object} PackedPart
 * @property {number} shift_s
 * @property {number} rate_hz
 * @property {number[][]} pieces
 * @property {number} bin
 * @property {string} band
 * @property {string} raw
 * @property {{band: number, raw: number}} steps_g
 * @property {import("./band_pass.js").Band} filter
 * @property {Array<{first: number, n: number, xyz: string}>} blocks
 */

/** A column that is wider than this many pixels would be taken for the signal. */
export const WIDEST_COLUMN_PX = 2;
/** Samples a pixel above which columns say the same as lines do. */
const SAMPLES_A_PIXEL = 2;

/** A piece without a gap: its samples by number, and their times by knots between which they are straight. */
class Piece {
  /**
   * @param {number[]} knots index, seconds, index, seconds and so on
   * @param {number} shiftS
   * @param {number} periodS
   */
  constructor(knots, shiftS, periodS) {
    this.indices = knots.filter((_, at) => at % 2 === 0);
    this.times = knots.filter((_, at) => at % 2 === 1).map((seconds) => shiftS + seconds);
    this.first = this.indices[0];
    this.end = this.indices[this.indices.length - 1] + 1;
    this.startS = this.times[0];
    this.endS = this.times[this.times.length - 1] + periodS;
    this.periodS = periodS;
  }

  /**
   * Write the times of consecutive samples.
   * @param {number} first
   * @param {number} n
   * @param {number} [every]
   */
  timesOf(first, n, every = 1) {
    const times = new Float64Array(n);
    let knot = 0;
    for (let at = 0; at < n; at += 1) {
      const index = first + at * every;
      while (knot + 2 < this.indices.length && this.indices[knot + 1] <= index) knot += 1;
      times[at] = this.between(knot, index);
    }
    return times;
  }

  /**
   * @param {number} knot
   * @param {number} index
   */
  between(knot, index) {
    const since = index - this.indices[knot];
    const n = this.indices[knot + 1] - this.indices[knot];
    const step = n > 0 ? (this.times[knot + 1] - this.times[knot]) / n : this.periodS;
    return this.times[knot] + since * step;
  }

  /**
   * Number of the first sample at or after a time.
   * @param {number} atS
   */
  indexAt(atS) {
    if (atS <= this.startS) return this.first;
    if (atS >= this.endS) return this.end;
    let knot = 0;
    while (knot + 2 < this.times.length && this.times[knot + 1] <= atS) knot += 1;
    const step = this.between(knot, this.indices[knot] + 1) - this.times[knot];
    return Math.min(this.end, this.indices[knot] + Math.ceil((atS - this.times[knot]) / step - 1e-6));
  }
}

/** What one recording measured. */
class Part {
  /** @param {PackedPart} packed */
  constructor(packed) {
    this.packed = packed;
    this.periodS = 1 / packed.rate_hz;
    this.pieces = packed.pieces.map((knots) => new Piece(knots, packed.shift_s, this.periodS));
    this.starts = this.pieces.map((piece) => piece.startS);
    this.ends = this.pieces.map((piece) => piece.endS);
    this.binS = packed.bin * this.periodS;
    /** @type {Map<object, Promise<Int16Array[]>>} */
    this.inflated = new Map();
    /** @type {Promise<{start_s: Float64Array, end_s: Float64Array, band: Int16Array[], raw: Int16Array[]}> | null} */
    this.bins = null;
    // Consecutive blocks follow one another without a hole.
    /** @type {Span[]} */
    this.held = [];
    for (const { first, n } of packed.blocks) {
      const last = this.held[this.held.length - 1];
      if (last !== undefined && last[1] === first) last[1] = first + n;
      else this.held.push([first, first + n]);
    }
  }

  /** The overview, unpacked once. */
  overview() {
    this.bins ??= this.unpackOverview();
    return this.bins;
  }

  async unpackOverview() {
    const [band, raw] = await Promise.all([unpackSteps(this.packed.band, 2), unpackSteps(this.packed.raw, 6)]);
    const n = band[0].length;
    const [starts, ends] = [new Float64Array(n), new Float64Array(n)];
    let at = 0;
    for (const piece of this.pieces) {
      const times = piece.timesOf(piece.first, Math.ceil((piece.end - piece.first) / this.packed.bin), this.packed.bin);
      starts.set(times, at);
      ends.set(times.subarray(1), at);
      at += times.length;
      ends[at - 1] = piece.endS;
    }
    return { start_s: starts, end_s: ends, band, raw };
  }

  /**
   * Samples of a block.
   * @param {{first: number, n: number, xyz: string}} block
   */
  inflate(block) {
    let values = this.inflated.get(block);
    if (values === undefined) this.inflated.set(block, (values = unpackSteps(block.xyz, 3)));
    return values;
  }

  /**
   * Pieces that reach into a time.
   * @param {number} fromS
   * @param {number} toS
   */
  piecesIn(fromS, toS) {
    return this.pieces.slice(lowerBound(this.ends, fromS), lowerBound(this.starts, toS));
  }

  /**
   * Samples of a piece that are at hand: the first, and the one after the last of each row.
   * @param {Piece} piece
   * @param {number} fromS
   * @param {number} toS
   * @returns {Span[]}
   */
  heldOf(piece, fromS, toS) {
    const [first, end] = [piece.indexAt(fromS), piece.indexAt(toS)];
    return this.held
      .map(([from, to]) => /** @type {Span} */ ([Math.max(first, from), Math.min(end, to)]))
      .filter(([from, to]) => from < to);
  }

  /**
   * Samples of a time, a run for each piece without a gap.
   * @param {number} fromS
   * @param {number} toS
   * @returns {Promise<Run[]>}
   */
  async runs(fromS, toS) {
    const places = this.piecesIn(fromS, toS).flatMap((piece) => this.heldOf(piece, fromS, toS).map((held) => ({ piece, held })));
    return Promise.all(places.map(async ({ piece, held: [first, end] }) => {
      const blocks = this.packed.blocks.filter((one) => one.first < end && one.first + one.n > first);
      const values = await Promise.all(blocks.map((block) => this.inflate(block)));
      const axes = [0, 1, 2].map((axis) => {
        const line = new Float64Array(end - first);
        blocks.forEach((block, number) => {
          const [from, to] = [Math.max(first, block.first), Math.min(end, block.first + block.n)];
          for (let at = from; at < to; at += 1) line[at - first] = values[number][axis][at - block.first] * this.packed.steps_g.raw;
        });
        return line;
      });
      return { at_s: piece.timesOf(first, end - first), axes, filter: this.packed.filter };
    }));
  }

  /**
   * Measured times without samples at hand.
   * @param {number} fromS
   * @param {number} toS
   * @returns {Span[]}
   */
  missing(fromS, toS) {
    /** @type {Span[]} */
    const missing = [];
    for (const piece of this.piecesIn(fromS, toS)) {
      const end = Math.min(toS, piece.endS);
      let at = Math.max(fromS, piece.startS);
      for (const [first, last] of this.heldOf(piece, at, end)) {
        const [start] = piece.timesOf(first, 1);
        if (start - at > piece.periodS) missing.push([at, start]);
        at = piece.timesOf(last - 1, 1)[0] + piece.periodS;
      }
      if (end - at > piece.periodS) missing.push([at, end]);
    }
    return missing;
  }
}

/**
 * Signals packed into a page.
 * @implements {SignalSource}
 */
export class PackedSignal {
  /** @param {PackedPart[][]} lanes of each lane the recordings */
  constructor(lanes) {
    this.lanes = lanes.map((parts) => parts.filter((part) => part.pieces.length > 0).map((part) => new Part(part)));
    this.nLanes = lanes.length;
  }

  /**
   * What each lane holds between two times of the axis, as finely as this many pixels show.
   * @param {number} fromS
   * @param {number} toS
   * @param {number} widthPx
   * @param {View} [view]
   * @returns {Promise<LaneView[]>}
   */
  samples(fromS, toS, widthPx, view = "band") {
    const pixelS = (toS - fromS) / Math.max(1, widthPx);
    return Promise.all(this.lanes.map((parts) => laneView(parts, fromS, toS, pixelS, view)));
  }

  /**
   * Samples of a lane, a run for each piece without a gap.
   * @param {number} lane
   * @param {number} fromS
   * @param {number} toS
   * @returns {Promise<Run[]>}
   */
  async runs(lane, fromS, toS) {
    return (await Promise.all(this.lanes[lane].map((part) => part.runs(fromS, toS)))).flat();
  }
}

/**
 * @param {Part[]} parts
 * @param {number} fromS
 * @param {number} toS
 * @param {number} pixelS
 * @param {View} view
 * @returns {Promise<LaneView>}
 */
async function laneView(parts, fromS, toS, pixelS, view) {
  const columns = new Columns(pixelS, view === "band" ? 1 : 3);
  if (parts.every((part) => part.binS <= WIDEST_COLUMN_PX * pixelS)) {
    for (const part of parts) addBins(columns, await part.overview(), fromS, toS, view, part.packed.steps_g[view]);
    return columns.view([]);
  }
  const missing = parts.flatMap((part) => part.missing(fromS, toS));
  /** @type {Run[]} */
  const runs = [];
  for (const part of parts) {
    // The filter settles on samples beside those that are shown.
    const around = view === "band" ? part.packed.filter.padding * part.periodS : 0;
    for (const run of await part.runs(fromS - around, toS + around)) {
      const axes = view === "band" ? run.axes.map((values) => bandPass(values, run.filter)) : run.axes;
      runs.push(cut({ ...run, axes }, fromS, toS));
    }
  }
  const periodS = Math.min(...parts.map((part) => part.periodS));
  if (pixelS <= SAMPLES_A_PIXEL * periodS) return samplesView(runs, missing);
  for (const run of runs) for (let at = 0; at < run.at_s.length; at += 1) columns.add(run.at_s[at], run.axes, at);
  return columns.view(missing);
}

/**
 * Cut a run to a time, and a sample on either side, so that lines reach the edge.
 * @param {Run} run
 * @param {number} fromS
 * @param {number} toS
 * @returns {Run}
 */
function cut(run, fromS, toS) {
  const first = Math.max(0, lowerBound(run.at_s, fromS) - 1);
  const end = Math.min(run.at_s.length, lowerBound(run.at_s, toS) + 1);
  return { ...run, at_s: run.at_s.subarray(first, end), axes: run.axes.map((values) => values.subarray(first, end)) };
}

/**
 * Place of the first value that is not less.
 * @param {ArrayLike<number>} values
 * @param {number} least
 */
export function lowerBound(values, least) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {Run[]} runs
 * @param {Span[]} missing
 * @returns {LaneView}
 */
function samplesView(runs, missing) {
  const n = runs.reduce((sum, run) => sum + run.at_s.length + 1, 0);
  const times = new Float64Array(n);
  const lines = [0, 1, 2].map(() => new Float64Array(n));
  let at = 0;
  for (const run of runs) {
    times.set(run.at_s, at);
    lines.forEach((line, axis) => line.set(run.axes[axis], at));
    at += run.at_s.length;
    // No line crosses a gap.
    times[at] = run.at_s[run.at_s.length - 1];
    for (const line of lines) line[at] = NaN;
    at += 1;
  }
  return { kind: "samples", start_s: times, end_s: times, low: lines, high: lines, missing };
}

/** Lowest and highest value of columns of a pixel, whose edges stay where they are while the chart is moved. */
class Columns {
  /**
   * @param {number} widthS
   * @param {number} nLines
   */
  constructor(widthS, nLines) {
    this.widthS = widthS;
    /** @type {number[]} */
    this.starts = [];
    /** @type {number[]} */
    this.ends = [];
    /** @type {number[][]} */
    this.low = Array.from({ length: nLines }, () => []);
    /** @type {number[][]} */
    this.high = Array.from({ length: nLines }, () => []);
    this.open = NaN;
  }

  /**
   * Open the column of a time, unless it is the last one.
   * @param {number} atS
   */
  openAt(atS) {
    const number = Math.floor(atS / this.widthS);
    if (number === this.open) return;
    this.open = number;
    this.starts.push(number * this.widthS);
    this.ends.push((number + 1) * this.widthS);
    for (const low of this.low) low.push(Infinity);
    for (const high of this.high) high.push(-Infinity);
  }

  /**
   * Take a value of each axis; of one line for all, the lowest and the highest.
   * @param {number} atS
   * @param {Float64Array[]} axes
   * @param {number} at
   */
  add(atS, axes, at) {
    this.openAt(atS);
    const last = this.starts.length - 1;
    for (let axis = 0; axis < axes.length; axis += 1) {
      const line = this.low.length === 1 ? 0 : axis;
      const value = axes[axis][at];
      if (value < this.low[line][last]) this.low[line][last] = value;
      if (value > this.high[line][last]) this.high[line][last] = value;
    }
  }

  /**
   * @param {Span[]} missing
   * @returns {LaneView}
   */
  view(missing) {
    return {
      kind: "columns",
      start_s: Float64Array.from(this.starts),
      end_s: Float64Array.from(this.ends),
      low: this.low.map((values) => Float64Array.from(values)),
      high: this.high.map((values) => Float64Array.from(values)),
      missing,
    };
  }
}

/**
 * Put bins of an overview into columns; bins about as wide as a pixel stay as they are.
 * @param {Columns} columns
 * @param {{start_s: Float64Array, end_s: Float64Array, band: Int16Array[], raw: Int16Array[]}} bins
 * @param {number} fromS
 * @param {number} toS
 * @param {View} view
 * @param {number} stepG
 */
function addBins(columns, bins, fromS, toS, view, stepG) {
  const values = bins[view];
  let last = -1;
  for (let at = lowerBound(bins.end_s, fromS); at < bins.start_s.length && bins.start_s[at] < toS; at += 1) {
    const isWide = bins.end_s[at] - bins.start_s[at] > columns.widthS / 2;
    if (isWide) {
      columns.open = NaN;
      columns.openAt(bins.start_s[at]);
      last = columns.starts.length - 1;
      columns.starts[last] = bins.start_s[at];
      columns.ends[last] = bins.end_s[at];
      columns.open = NaN;
    } else {
      columns.openAt(bins.start_s[at]);
      last = columns.starts.length - 1;
    }
    for (let line = 0; line < columns.low.length; line += 1) {
      columns.low[line][last] = Math.min(columns.low[line][last], values[2 * line][at] * stepG);
      columns.high[line][last] = Math.max(columns.high[line][last], values[2 * line + 1][at] * stepG);
    }
  }
}
