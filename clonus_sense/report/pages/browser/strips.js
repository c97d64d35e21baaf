// @ts-check
// A recording as strips, one below the other: each is drawn when it comes into view.
import { showClock } from "./clock.js";
import { pieceTimes, unpack } from "./samples.js";

/**
 * @typedef {import("./samples.js").Piece} Piece
 * @typedef {{from_s: number, to_s: number, pieces: Piece[]}} Part
 * @typedef {{step_g: number, origin_ms: number | null, clock_changes: import("./clock.js").ClockChange[], parts: Part[]}} Recording
 * @typedef {{times: Float64Array, axes: Float32Array[]}} Samples
 */

const SVG = "http://www.w3.org/2000/svg";
// A strip shows at least this much either way, so that noise stays small, and at most so many times what most of it holds:
// a kick would press a weak bout beside it into a line.
const SMALLEST_SCALE_G = 0.05;
const SCALE_RATIO = 3;
// Parts of five minutes that stay unpacked: what is in view, and its neighbours.
const KEPT_PARTS = 12;

/**
 * Write a second of the recording as its clock shows it, or as the time since the start.
 * @param {Recording} recording
 * @param {number} atS
 * @param {number} decimals
 * @returns {string}
 */
export function clockOf(recording, atS, decimals = 0) {
  const { origin_ms: originMs, clock_changes: changes } = recording;
  if (originMs !== null) return showClock(originMs + 1000 * atS, changes, decimals);
  const whole = Number(atS.toFixed(decimals));
  const rest = (whole % 60).toFixed(decimals).padStart(decimals ? 3 + decimals : 2, "0");
  return `${Math.floor(whole / 3600)}:${String(Math.floor(whole / 60) % 60).padStart(2, "0")}:${rest}`;
}

/**
 * Lay out the strips of a recording.
 * @param {HTMLElement} place
 * @param {Recording} recording
 * @param {number} stripS
 * @param {(fromS: number) => void} onSeen told the start of each strip that was in the window
 * @returns {() => void} stops the drawing
 */
export function layStrips(place, recording, stripS, onSeen) {
  const samplesOf = unpackParts(recording);
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const strip = /** @type {HTMLElement} */ (target);
      if (isIntersecting) draw(strip, recording, samplesOf);
      else strip.querySelector("svg")?.replaceChildren();
    }
  }, { rootMargin: "600px 0px" });
  const see = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) onSeen(Number(/** @type {HTMLElement} */ (target).dataset.from));
  });
  place.replaceChildren();
  for (const [number, part] of recording.parts.entries()) {
    for (let fromS = part.from_s; fromS < part.to_s; fromS += stripS) {
      const strip = stripElement(recording, fromS, Math.min(fromS + stripS, part.to_s), stripS, number);
      place.append(strip);
      watch.observe(strip);
      see.observe(/** @type {Element} */ (strip.querySelector(".plot")));
    }
  }
  return () => [watch, see].forEach((one) => one.disconnect());
}

/**
 * @param {Recording} recording
 * @param {number} fromS
 * @param {number} toS
 * @param {number} stripS
 * @param {number} part
 */
function stripElement(recording, fromS, toS, stripS, part) {
  const strip = document.createElement("div");
  strip.className = "strip";
  const clock = document.createElement("span");
  clock.textContent = clockOf(recording, fromS);
  const plot = document.createElement("div");
  plot.className = "plot";
  Object.assign(plot.dataset, { from: fromS, to: toS, length: stripS, part });
  const drawing = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${stripS} 2`, preserveAspectRatio: "none", "aria-hidden": "true" })) {
    drawing.setAttribute(name, value);
  }
  plot.append(drawing);
  const scale = document.createElement("span");
  strip.append(clock, plot, scale);
  return strip;
}

/**
 * Draw the three axes of a strip, its seconds, and what was not measured.
 * @param {HTMLElement} strip
 * @param {Recording} recording
 * @param {(part: number) => Promise<Samples[]>} samplesOf
 */
async function draw(strip, recording, samplesOf) {
  const plot = /** @type {HTMLElement} */ (strip.querySelector(".plot"));
  const [fromS, toS, lengthS] = [plot.dataset.from, plot.dataset.to, plot.dataset.length].map(Number);
  const inside = (await samplesOf(Number(plot.dataset.part))).map((piece) => cut(piece, fromS, toS)).filter((one) => one.times.length > 0);
  const scaleG = scaleOf(inside);
  const paths = [secondsPath(lengthS)];
  for (const axis of [0, 1, 2]) paths.push(path(`axis-${"xyz"[axis]}`, inside.map((one) => line(one, axis, fromS, scaleG)).join("")));
  strip.querySelector("svg")?.replaceChildren(...unmeasured(inside, fromS, toS, lengthS), ...paths);
  if (strip.lastElementChild) strip.lastElementChild.textContent = `±${scaleG.toFixed(2)} g`;
}

/**
 * Unpack parts when they are asked for, and keep the last ones.
 * @param {Recording} recording
 * @returns {(part: number) => Promise<Samples[]>}
 */
function unpackParts(recording) {
  /** @type {Map<number, Promise<Samples[]>>} */
  const kept = new Map();
  return (number) => {
    const samples = kept.get(number) ?? Promise.all(recording.parts[number].pieces.map(async (piece) => ({
      times: pieceTimes(piece, 0).map((ms) => ms / 1000),
      axes: await unpack(/** @type {string} */ (piece.xyz), 3, recording.step_g),
    })));
    kept.delete(number);
    kept.set(number, samples);
    if (kept.size > KEPT_PARTS) kept.delete(/** @type {number} */ (kept.keys().next().value));
    return samples;
  };
}

/**
 * @param {Samples} piece
 * @param {number} fromS
 * @param {number} toS
 * @returns {Samples}
 */
function cut(piece, fromS, toS) {
  const first = piece.times.findIndex((at) => at >= fromS);
  const last = piece.times.findLastIndex((at) => at < toS);
  const [from, to] = first < 0 ? [0, 0] : [first, last + 1];
  return { times: piece.times.subarray(from, to), axes: piece.axes.map((axis) => axis.subarray(from, to)) };
}

/**
 * Scale by the axis that moves most: a bout lies on one, and sets the scale from a second and a half on.
 * @param {Samples[]} inside
 */
function scaleOf(inside) {
  const sizes = inside.flatMap(({ axes: [x, y, z] }) => Array.from(x, (value, at) => Math.max(Math.abs(value), Math.abs(y[at]), Math.abs(z[at]))));
  sizes.sort((one, other) => one - other);
  const most = sizes[Math.floor(0.95 * (sizes.length - 1))] ?? 0;
  return Math.max(SMALLEST_SCALE_G, Math.ceil(100 * SCALE_RATIO * most) / 100);
}

/**
 * @param {Samples} one
 * @param {number} axis
 * @param {number} fromS
 * @param {number} scaleG
 */
function line(one, axis, fromS, scaleG) {
  let text = "";
  for (let at = 0; at < one.times.length; at += 1) {
    const height = 1 - Math.max(-1, Math.min(1, one.axes[axis][at] / scaleG));
    text += `${at === 0 ? "M" : "L"}${(one.times[at] - fromS).toFixed(3)} ${height.toFixed(3)}`;
  }
  return text;
}

/** @param {number} lengthS */
function secondsPath(lengthS) {
  return path("seconds", Array.from({ length: lengthS + 1 }, (_, at) => (at % 5 === 0 ? `M${at} 0V2` : `M${at} .3V1.7`)).join(""));
}

/**
 * @param {string} name
 * @param {string} text
 */
function path(name, text) {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("class", name);
  element.setAttribute("d", text);
  return element;
}

/**
 * Shade what was not measured; the step from one sample to the next is no gap.
 * @param {Samples[]} inside
 * @param {number} fromS
 * @param {number} toS
 * @param {number} lengthS
 */
function unmeasured(inside, fromS, toS, lengthS) {
  const step = Math.max(0, ...inside.map(({ times }) => (times.length > 1 ? (times[times.length - 1] - times[0]) / (times.length - 1) : 0)));
  const edges = [fromS, ...inside.flatMap(({ times }) => [times[0], times[times.length - 1]]), Math.max(toS, fromS)];
  const shades = [];
  for (let at = 0; at < edges.length; at += 2) {
    if (edges[at + 1] - edges[at] > 1.5 * step) shades.push(path("unmeasured", `M${edges[at] - fromS} 0H${edges[at + 1] - fromS}V2H${edges[at] - fromS}Z`));
  }
  if (toS - fromS < lengthS) shades.push(path("outside", `M${toS - fromS} 0H${lengthS}V2H${toS - fromS}Z`));
  return shades;
}
