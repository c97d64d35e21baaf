// @ts-check
// The ruler of a chart: its box measures seconds, beats and Hz, and says where a missed movement starts and ends.

/** A longer view is no place: its middle says nothing of where a movement is. */
const LONGEST_PLACE_MS = 600_000;

/** @type {Ruler | null} */
let lastUsed = null;

/**
 * An edge of the ruler that was used last, or the middle of what its chart shows; `null` where neither says a place.
 * @param {"start" | "end"} edge
 * @returns {number | null} milliseconds of the page's clock
 */
export function placeOf(edge) {
  return lastUsed === null ? null : lastUsed.edge(edge);
}

export class Ruler {
  /**
   * @param {any[]} boxes one on each chart, moved together
   * @param {any} times
   * @param {{beats: (fromMs: number, toMs: number) => number[][], names: string[], beatsWord: string, say: (text: string) => void}} about
   *   beats of each leg between two times, and the names of the legs if there are several
   */
  constructor(boxes, times, about) {
    this.boxes = boxes;
    this.times = times;
    this.about = about;
    /** Number of the box that was moved last. */
    this.movedAt = 0;
    for (const [number, box] of boxes.entries()) {
      for (const name of ["left", "right"]) box.properties[name].change.connect(() => this.follow(number, name));
    }
  }

  get isVisible() {
    return this.boxes.some((box) => box.visible);
  }

  /** Say that this chart is what a person works on. */
  use() {
    lastUsed = this;
  }

  toggle() {
    if (this.isVisible) this.hide();
    else this.show();
  }

  /** Lay the ruler over the middle third, unless it is in view. */
  show() {
    this.use();
    const { start, end } = this.times;
    const [from, to] = this.edges();
    if (this.isVisible && from < end && to > start) return;
    const third = (end - start) / 3;
    for (const box of this.boxes) box.setv({ left: start + third, right: end - third, visible: true });
    this.measure();
  }

  hide() {
    for (const box of this.boxes) box.setv({ visible: false });
    this.about.say("");
  }

  /**
   * A box was moved: the others follow.
   * @param {number} number
   * @param {string} name
   */
  follow(number, name) {
    if (!this.isVisible) return;
    const value = this.boxes[number][name];
    const others = this.boxes.filter((box) => box[name] !== value);
    if (others.length > 0) this.movedAt = number;
    for (const box of others) box.setv({ [name]: value });
    this.use();
    this.measure();
  }

  /** @returns {[number, number]} */
  edges() {
    const [left, right] = [Number(this.boxes[0]?.left), Number(this.boxes[0]?.right)];
    return [Math.min(left, right), Math.max(left, right)];
  }

  /**
   * @param {"start" | "end"} edge
   * @returns {number | null}
   */
  edge(edge) {
    if (this.isVisible) return this.edges()[edge === "start" ? 0 : 1];
    const { start, end } = this.times;
    return end - start > LONGEST_PLACE_MS ? null : (start + end) / 2;
  }

  measure() {
    const [from, to] = this.edges();
    const { beats, names, beatsWord, say } = this.about;
    const numbers = [`${((to - from) / 1000).toFixed(2)} s`];
    for (const [leg, at] of beats(from, to).entries()) {
      if (names.length > 0 && at.length === 0) continue;
      numbers.push([names[leg], beatsWord, at.length].filter((one) => one !== undefined).join(" "));
      if (at.length > 1) numbers.push(`${(1000 / medianStep(at)).toFixed(2)} Hz`);
    }
    say(numbers.join(" · "));
  }
}

/**
 * The usual time from one beat to the next: a pause between two movements is none.
 * @param {number[]} at
 */
function medianStep(at) {
  const steps = at.slice(1).map((one, before) => one - at[before]).sort((one, other) => one - other);
  return (steps[(steps.length - 1) >> 1] + steps[steps.length >> 1]) / 2;
}
