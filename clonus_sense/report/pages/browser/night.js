// @ts-check
// A night, on its page and in the app: its axis leads to its movements.
import { named, showChart } from "./charts.js";
import { pageData } from "./page_data.js";
import { startChoosing } from "./choosing.js";
import { startAxisKeys } from "./keys.js";
import { startMovements } from "./movements.js";
import { startNightTools } from "./night_tools.js";
import { PackedSignal } from "./signal.js";
import { startVerdicts } from "./verdicts.js";

/**
 * Make a night respond.
 * @param {import("./verdicts.js").Keeper | null} keeper takes verdicts where they are given; without one they are saved as a file
 */
export async function startNight(keeper = null) {
  document.documentElement.classList.add("scripted");
  startChoosing();
  const { markMissed } = startVerdicts(keeper);
  const target = document.getElementById("night-chart-place");
  if (target === null) return;
  const { origin_ms: originMs, words, legs } = pageData("page-data");
  const chart = await showChart("night-chart", target);
  target.closest("figure")?.classList.add("drawn");
  const times = named(chart, "night-times")[0];
  const sources = named(chart, "movements");
  const signal = new PackedSignal(pageData("signal-data"));
  /** @type {import("./movements.js").Movement[]} */
  const records = pageData("movement-data");
  const movements = startMovements(records, signal, (anchor) => {
    history.replaceState(null, "", `#${anchor}`);
    for (const source of sources) source.selected.indices = [source.data.anchor.indexOf(anchor)].filter((at) => at >= 0);
  });
  for (const source of sources) {
    source.selected.properties.indices.change.connect(() => {
      const at = source.selected.indices[0];
      if (at !== undefined && location.hash !== `#${source.data.anchor[at]}`) movements.open(source.data.anchor[at]);
    });
  }
  startNightTools(target, chart, times, signal, records, { originMs, legs, words }, markMissed);
  const root = document.documentElement;
  document.querySelector("[data-print-all]")?.addEventListener("click", () => {
    root.classList.add("print-all");
    print();
  });
  addEventListener("afterprint", () => root.classList.remove("print-all"));
  startAxisKeys(target, chart, times, movements.open);
  document.documentElement.dataset.ready = String(originMs > 0);
  if (location.hash.startsWith("#movement-")) movements.open(location.hash.slice(1));
}
