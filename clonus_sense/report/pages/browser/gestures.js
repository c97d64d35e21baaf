// @ts-check
// Zoom of a chart's time axis by wheel and by two fingers; Bokeh moves it by dragging.
import { frameOf, scrollPast, setSpan, zoomAt } from "./charts.js";

/** A notch of a usual wheel, of 100 pixels, makes the span smaller or larger by a fifth. */
const WHEEL_RATE = 0.0018;
/** Pixels of a line and of a page, for wheels that count in these. */
const WHEEL_UNITS_PX = [1, 33, 400];

/**
 * Let Ctrl or Shift with the wheel, and two fingers, zoom a chart.
 * @param {HTMLElement} place
 * @param {any} chart
 * @param {any} times
 */
export function startGestures(place, chart, times) {
  /** @type {Map<number, {x: number, y: number, target: EventTarget}>} */
  const fingers = new Map();
  /** @type {{distance: number, atMs: number, span: number} | null} */
  let pinch = null;
  // Bokeh would take every touch: a finger that moves up or down must still scroll the page.
  scrollPast(chart);

  /** @param {number} clientX */
  function timeAt(clientX) {
    const { left, width } = frameOf(chart);
    return times.start + ((clientX - left) / width) * (times.end - times.start);
  }

  function between() {
    const [one, other] = [...fingers.values()];
    return {
      distance: Math.max(10, Math.hypot(one.x - other.x, one.y - other.y)),
      middle: (one.x + other.x) / 2,
    };
  }

  place.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    // With Shift some browsers turn the wheel sideways.
    const turned = (event.deltaY || event.deltaX) * WHEEL_UNITS_PX[event.deltaMode];
    zoomAt(times, Math.exp(turned * WHEEL_RATE), timeAt(event.clientX));
  }, { passive: false });

  place.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, target: event.composedPath()[0] });
    if (fingers.size < 2) return;
    event.stopPropagation();
    if (fingers.size > 2) return;
    // The first finger is no drag and no tap any more.
    const [[pointerId, first]] = fingers;
    first.target.dispatchEvent(new PointerEvent("pointercancel", { pointerId, pointerType: "touch" }));
    const { distance, middle } = between();
    pinch = { distance, atMs: timeAt(middle), span: times.end - times.start };
  }, { capture: true });

  place.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (finger === undefined) return;
    Object.assign(finger, { x: event.clientX, y: event.clientY });
    if (pinch === null) return;
    event.stopPropagation();
    if (fingers.size !== 2) return;
    const { distance, middle } = between();
    const span = Math.max(pinch.span * (pinch.distance / distance), times.min_interval ?? 0);
    const { left, width } = frameOf(chart);
    setSpan(times, pinch.atMs - ((middle - left) / width) * span, span);
  }, { capture: true });

  for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
    place.addEventListener(name, (event) => {
      if (!event.isTrusted || !fingers.delete(event.pointerId) || pinch === null) return;
      event.stopPropagation();
      if (fingers.size === 0) pinch = null;
    }, { capture: true });
  }
  place.addEventListener("touchmove", (event) => {
    if (event.touches.length > 1) event.preventDefault();
  }, { passive: false });
}
