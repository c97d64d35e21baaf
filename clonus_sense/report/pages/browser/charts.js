// @ts-check
// Charts that Python described: put into the page, coloured like it, and found again by name.

/**
 * Read a block of JSON of the page.
 * @param {string} name
 * @returns {any}
 */
export function pageData(name) {
  const block = document.getElementById(name);
  return block === null ? null : JSON.parse(block.textContent ?? "null");
}

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
  colour(shown);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => colour(shown));
  return shown;
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
 * Zoom a range by a factor around its middle, within its bounds.
 * @param {any} range
 * @param {number} factor
 * @param {number} [middle]
 */
export function zoom(range, factor, middle = (range.start + range.end) / 2) {
  const [least, most] = range.bounds ?? [-Infinity, Infinity];
  const half = Math.max(((range.end - range.start) / 2) * factor, 500);
  const start = Math.max(least, middle - half);
  const end = Math.min(most, middle + half);
  range.setv({ start, end });
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
  for (const model of models(chart)) {
    if (model.type?.endsWith("Axis")) {
      model.setv({
        major_label_text_color: muted, axis_label_text_color: muted, axis_line_color: rule, major_tick_line_color: rule,
        minor_tick_line_color: null, axis_label_text_font_style: "normal", axis_label_text_font_size: "12px",
        major_label_text_font_size: "12px",
      });
    } else if (model.type === "Grid") model.setv({ grid_line_color: rule, grid_line_alpha: 0.6 });
    else if (model.type === "Title") model.setv({ text_color: ink, text_font_size: "14px" });
    else if (model.type === "Legend") model.setv({ label_text_color: muted, label_text_font_size: "12px" });
    else if (model.type === "Scatter" && model.fill_color?.value === "white") model.setv({ fill_color: { value: paper } });
  }
}
