// @ts-check
// Marks that a person makes on strips: dragged, or set by keys and buttons at the line.

/** @typedef {import("./annotation.js").Mark} Mark */

// A shorter mark is a slip of the hand: two beats of the fastest rhythm take longer.
const SHORTEST_S = 0.2;
// A drag begins after so many pixels; less is a click that sets the line.
const DRAG_PX = 4;

/**
 * Marks, with a way back.
 * @param {number} endS end of the recording
 * @param {() => void} onChange
 */
export function keepMarks(endS, onChange) {
  /** @type {Mark[]} */
  let marks = [];
  /** @type {Mark[][]} */
  const before = [];

  /** @param {Mark[]} next */
  function set(next) {
    before.push(marks);
    marks = [...next].sort((one, other) => one.onset_s - other.onset_s);
    onChange();
  }
  /** @param {number} onset @param {number} offset @param {Mark | null} besides */
  const isFree = (onset, offset, besides) =>
    onset >= 0 && offset <= endS + 0.005 && offset - onset >= SHORTEST_S
    && marks.every((one) => one === besides || one.offset_s <= onset || one.onset_s >= offset);
  return {
    all: () => marks,
    isFree,
    /** @param {Mark[]} more */
    add: (...more) => set([...marks, ...more]),
    /** @param {Mark} mark @param {Partial<Mark>} change */
    change: (mark, change) => set(marks.map((one) => (one === mark ? { ...one, ...change } : one))),
    /** @param {Mark} mark */
    remove: (mark) => set(marks.filter((one) => one !== mark)),
    undo() {
      const last = before.pop();
      if (last === undefined) return false;
      marks = last;
      onChange();
      return true;
    },
  };
}

/**
 * Second of the recording under a pointer; `null` beside the strips.
 * @param {PointerEvent} event
 * @returns {number | null}
 */
function secondUnder(event) {
  const plot = /** @type {HTMLElement | null | undefined} */ (document.elementFromPoint(event.clientX, event.clientY)?.closest(".strip")?.querySelector(".plot"));
  if (!plot) return null;
  const box = plot.getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  const at = Number(plot.dataset.from) + share * Number(plot.dataset.length);
  return Math.round(100 * Math.min(at, Number(plot.dataset.to))) / 100;
}

/**
 * Let a pointer set the line by a click, mark by a drag, and move the edge of a mark.
 * @param {HTMLElement} place
 * @param {{onLine: (atS: number) => void, onDrag: (fromS: number, toS: number) => void, onMark: (fromS: number, toS: number) => void,
 *   onEdge: (edge: HTMLElement, atS: number) => void}} on
 */
export function followPointer(place, on) {
  /** @type {{fromS: number, x: number, isDrag: boolean, edge: HTMLElement | null} | null} */
  let held = null;
  place.addEventListener("pointerdown", (event) => {
    const fromS = event.button === 0 ? secondUnder(event) : null;
    if (fromS === null) return;
    const edge = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-edge]"));
    held = { fromS, x: event.clientX, isDrag: false, edge };
  });
  addEventListener("pointermove", (event) => {
    if (held === null || (!held.isDrag && Math.abs(event.clientX - held.x) < DRAG_PX)) return;
    held.isDrag = true;
    const atS = secondUnder(event);
    if (atS === null) return;
    if (held.edge === null) on.onDrag(Math.min(held.fromS, atS), Math.max(held.fromS, atS));
    else on.onDrag(atS, atS);
  });
  addEventListener("pointerup", (event) => {
    if (held === null) return;
    const { fromS, isDrag, edge } = held;
    held = null;
    const atS = secondUnder(event) ?? fromS;
    on.onDrag(NaN, NaN);
    if (!isDrag) on.onLine(fromS);
    else if (edge !== null) on.onEdge(edge, atS);
    else on.onMark(Math.min(fromS, atS), Math.max(fromS, atS));
  });
  addEventListener("pointercancel", () => {
    held = null;
    on.onDrag(NaN, NaN);
  });
}

/**
 * Lay a bar over every strip that some seconds touch.
 * @param {HTMLElement} place
 * @param {string} name
 * @param {number} fromS
 * @param {number} toS
 * @param {string} label
 * @returns {HTMLElement[]}
 */
export function layBar(place, name, fromS, toS, label = "") {
  const bars = [];
  for (const plot of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll(".plot"))) {
    const [start, end, length] = [plot.dataset.from, plot.dataset.to, plot.dataset.length].map(Number);
    if (toS < start || fromS >= end) continue;
    const bar = document.createElement("span");
    bar.className = name;
    bar.style.left = `${(100 * (Math.max(fromS, start) - start)) / length}%`;
    bar.style.width = `${(100 * (Math.min(toS, end) - Math.max(fromS, start))) / length}%`;
    bar.textContent = label;
    for (const [edge, at, is] of /** @type {[string, number, boolean][]} */ ([["onset_s", fromS, fromS >= start], ["offset_s", toS, toS <= end]])) {
      if (label === "" || !is) continue;
      const handle = document.createElement("span");
      Object.assign(handle.dataset, { edge, at });
      bar.append(handle);
    }
    plot.append(bar);
    bars.push(bar);
  }
  return bars;
}
