// @ts-check
// Charts that Python described: put into the page, coloured like it, and found again by name.
import { followClock } from "./clock.js";
import { pageData } from "./page_data.js";

/**
 * Put a chart into an element and return its document.
 * @param {string} name
 * @param {Element} target
 * @returns {Promise<any>}
 */
export async function showChart(name, target) {
  const known = Bokeh.documents.length;
  await Bokeh.embed.embed_item(pageData(`${name}-data`), target);
  const shown = Bokeh.documents[known];
  followClock(shown, pageData("page-data").clock_changes);
  colour(shown);
  new ResizeObserver(() => spreadTimes(shown, target.clientWidth)).observe(target);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => colour(shown));
  return shown;
}

/**
 * Give a narrow chart fewer times, so that hours, minutes and seconds stand side by side.
 * @param {any} chart
 * @param {number} widthPx
 */
function spreadTimes(chart, widthPx) {
  const n = Math.min(6, Math.max(2, Math.floor(widthPx / 110)));
  for (const model of models(chart)) if (model.type === "DatetimeTicker") model.setv({ desired_num_ticks: n });
}

/**
 * Models of a chart by name.
 * @param {any} chart
 * @param {string} name
 * @returns {any[]}
 */
export function named(chart, name) {
  return models(chart).filter((model) => model.name === name);
}

/**
 * All models of a chart.
 * @param {any} chart
 * @returns {any[]}
 */
function models(chart) {
  return chart.roots().flatMap((/** @type {any} */ root) => [...root.references()]);
}

/**
 * Show a span of a range: no shorter than it may be, and within its bounds.
 * @param {any} range
 * @param {number} start
 * @param {number} span
 */
export function setSpan(range, start, span) {
  const [least, most] = range.bounds ?? [-Infinity, Infinity];
  const width = Math.min(Math.max(span, range.min_interval ?? 1000), most - least);
  const from = Math.min(Math.max(start, least), most - width);
  range.setv({ start: from, end: from + width });
}

/**
 * Zoom a range by a factor around its middle, or around another.
 * @param {any} range
 * @param {number} factor
 * @param {number} [middle]
 */
export function zoom(range, factor, middle = (range.start + range.end) / 2) {
  const span = Math.max((range.end - range.start) * factor, range.min_interval ?? 1000);
  setSpan(range, middle - span / 2, span);
}

/**
 * Zoom a range by a factor; what lies at a place stays there.
 * @param {any} range
 * @param {number} factor
 * @param {number} at
 */
export function zoomAt(range, factor, at) {
  const before = range.end - range.start;
  const span = Math.max(before * factor, range.min_interval ?? 1000);
  setSpan(range, at - ((at - range.start) / before) * span, span);
}

/**
 * Lowest and highest of some lines between two places; infinite where none has a value.
 * @param {ArrayLike<number>[]} low
 * @param {ArrayLike<number>[]} high
 * @param {number} first
 * @param {number} end
 * @returns {[number, number]}
 */
export function extremes(low, high, first, end) {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const values of low) for (let at = first; at < end; at += 1) if (values[at] < lowest) lowest = values[at];
  for (const values of high) for (let at = first; at < end; at += 1) if (values[at] > highest) highest = values[at];
  return [lowest, highest];
}

/**
 * Act once after all changes of a range that come together, before the frame that shows them.
 * @param {any} range
 * @param {() => void} act
 * @returns {() => void} asks for it at other times
 */
export function onceChanged(range, act) {
  let isAsked = false;
  const ask = () => {
    if (isAsked) return;
    isAsked = true;
    queueMicrotask(() => {
      isAsked = false;
      act();
    });
  };
  for (const name of ["start", "end"]) range.properties[name].change.connect(ask);
  return ask;
}

/**
 * The first figure of a chart as it is laid out.
 * @param {any} chart
 * @returns {any}
 */
function firstView(chart) {
  const [figure] = models(chart).filter((model) => model.type === "Figure");
  return Bokeh.index.find_one(figure);
}

/**
 * Where the time axis of a chart lies, in pixels of the window.
 * @param {any} chart
 * @returns {{left: number, width: number}}
 */
export function frameOf(chart) {
  const view = (views.has(chart) ? views : views.set(chart, firstView(chart))).get(chart);
  const { left, width } = view.frame.bbox;
  return { left: view.el.getBoundingClientRect().x + left, width: Math.max(1, width) };
}

/** @type {WeakMap<object, any>} */
const views = new WeakMap();

/**
 * Let a finger that moves up or down over a chart scroll the page: Bokeh would take every touch.
 * @param {any} chart
 */
export function scrollPast(chart) {
  for (const model of models(chart)) {
    if (model.type === "Figure") Bokeh.index.find_one(model).canvas_view.events_el.style.touchAction = "pan-y";
  }
}

/** Lines of the charts in the dark: as bright against dark paper as their own against white. */
const IN_THE_DARK = new Map([
  ["#0b63a5", "#6db3f2"], ["#7b4fa0", "#c3a1e6"], ["#5f6b76", "#a7b1ba"], ["#8a4f9e", "#cf9be0"], ["#5b7f95", "#9cc0d6"],
  ["#cfe0ee", "#33516b"], ["#c9ced3", "#4a535b"], ["#5b87ad", "#6b9cc7"], ["#dccfe6", "#4b3d5a"],
]);
const IN_THE_LIGHT = new Map([...IN_THE_DARK].map(([light, dark]) => [dark, light]));

/**
 * Turn the colours of lines, marks and strips with the page's.
 * @param {any} model
 * @param {Map<string, string>} turned
 */
function turnColours(model, turned) {
  for (const name of ["line_color", "fill_color", "hatch_color", "text_color"]) {
    const own = model[name];
    const value = typeof own === "string" ? own : own?.value;
    const other = turned.get(value);
    if (other !== undefined) model.setv({ [name]: typeof own === "string" ? other : { value: other } });
  }
}

/**
 * Give a chart the page's colours.
 * @param {any} chart
 */
function colour(chart) {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--ink").trim();
  const muted = style.getPropertyValue("--muted").trim();
  const rule = style.getPropertyValue("--rule").trim();
  const paper = style.getPropertyValue("--paper").trim();
  const turned = matchMedia("(prefers-color-scheme: dark)").matches ? IN_THE_DARK : IN_THE_LIGHT;
  for (const model of models(chart)) {
    turnColours(model, turned);
    // Colours that come with the data, one for each posture.
    if (model.type === "ColumnDataSource" && model.data.fill) {
      model.data = { ...model.data, fill: Array.from(model.data.fill, (/** @type {string} */ one) => turned.get(one) ?? one) };
    }
    if (model.type?.endsWith("Axis")) {
      model.setv({
        major_label_text_color: muted, axis_label_text_color: muted, axis_line_color: rule, major_tick_line_color: rule,
        minor_tick_line_color: null, axis_label_text_font_style: "normal", axis_label_text_font_size: "12px",
        major_label_text_font_size: "12px",
      });
    } else if (model.type === "Grid") model.setv({ grid_line_color: rule, grid_line_alpha: 0.6 });
    else if (model.type === "Title") model.setv({ text_color: ink, text_font_size: "14px" });
    else if (model.type === "Legend") model.setv({ label_text_color: muted, label_text_font_size: "12px" });
    else if (model.type === "Label") model.setv({ text_color: muted, background_fill_color: paper });
    else if (model.type === "Scatter" && model.fill_color?.value === "white") model.setv({ fill_color: { value: paper } });
  }
}
