// @ts-check
// The page on which a person marks a recording before anybody says what a detector found.
import { readTable, writeTable } from "./annotation.js";
import { pageData } from "./page_data.js";
import { followPointer, keepMarks, layBar } from "./marks.js";
import { askBeforeLeaving, download, offerCopy } from "./saving.js";
import { clockOf, layStrips } from "./strips.js";

// Below this width, in CSS pixels, a beat of half a minute on a line would be two pixels wide.
const NARROW_PX = 700;
const TIMES = /** @type {const} */ (["onset_s", "offset_s"]);
const WORDS = /** @type {const} */ (["beats", "label", "note"]);

/**
 * @param {Element} row
 * @param {string} name
 */
const fieldOf = (row, name) => /** @type {HTMLInputElement} */ (row.querySelector(`[name=${name}]`));

function startBlind() {
  const data = pageData("blind-data");
  const words = data.words;
  const place = /** @type {HTMLElement} */ (document.getElementById("strips"));
  const bar = /** @type {HTMLElement} */ (document.getElementById("marking"));
  const list = /** @type {HTMLElement} */ (document.getElementById("marks"));
  const copied = /** @type {HTMLDialogElement} */ (document.getElementById("table-text"));
  const status = /** @type {HTMLElement} */ (bar.querySelector("output"));
  const lineTime = /** @type {HTMLElement} */ (bar.querySelector("[data-line]"));
  const choices = /** @type {HTMLElement} */ (document.getElementById("choices"));
  const length = /** @type {HTMLSelectElement} */ (choices.querySelector("select"));
  const [firstS, lastS] = [data.parts[0].from_s, data.parts[data.parts.length - 1].to_s];
  const marks = keepMarks(lastS, show);
  /** @type {Set<number>} */
  const seen = new Set();
  let lineS = firstS;
  let beginsS = NaN;
  let savedText = writeTable([]);
  let stop = () => {};

  /** @param {string} text */
  function tell(text) {
    status.textContent = text;
  }

  /** @param {string} name */
  function clear(name) {
    for (const one of place.querySelectorAll(`.${name}`)) one.remove();
  }

  function showLine() {
    clear("line");
    layBar(place, "line", lineS, lineS);
    lineTime.textContent = clockOf(data, lineS, 1);
    clear("begun");
    if (!Number.isNaN(beginsS)) layBar(place, "begun", Math.min(beginsS, lineS), Math.max(beginsS, lineS));
  }

  /** Show the marks on the strips and in the list, and how much of the recording was in view. */
  function show() {
    clear("mark");
    for (const [at, mark] of marks.all().entries()) layBar(place, "mark", mark.onset_s, mark.offset_s, String(at + 1));
    // Rows stay as they are, because a person may be writing in one of them.
    while (list.children.length > marks.all().length) list.lastElementChild?.remove();
    while (list.children.length < marks.all().length) list.append(rowAt(list.children.length));
    for (const [at, mark] of marks.all().entries()) fillRow(list.children[at], mark, at);
    showCounts();
  }

  function showCounts() {
    const all = place.querySelectorAll(".plot").length;
    const counts = words.counts.replace("{n}", String(marks.all().length)).replace("{seen}", String(seen.size)).replace("{all}", String(all));
    tell(isUnsaved() ? `${counts} ${words.unsaved}` : counts);
  }

  const isUnsaved = () => writeTable(marks.all()) !== savedText;

  /** @param {number} at */
  function rowAt(at) {
    const row = /** @type {HTMLElement} */ (/** @type {HTMLTemplateElement} */ (document.getElementById("mark-row")).content.firstElementChild?.cloneNode(true));
    const markHere = () => marks.all()[at];
    row.querySelector("[data-go]")?.addEventListener("click", () => moveLine(markHere().onset_s));
    row.querySelector("[data-remove]")?.addEventListener("click", () => marks.remove(markHere()));
    for (const name of TIMES) fieldOf(row, name).addEventListener("change", () => moveEdge(markHere(), name, Number(fieldOf(row, name).value)));
    for (const name of WORDS) {
      fieldOf(row, name).addEventListener("change", () => {
        if (fieldOf(row, name).checkValidity()) marks.change(markHere(), { [name]: fieldOf(row, name).value });
      });
    }
    return row;
  }

  /**
   * @param {Element} row
   * @param {import("./annotation.js").Mark} mark
   * @param {number} at
   */
  function fillRow(row, mark, at) {
    /** @type {HTMLElement} */ (row.querySelector("[data-go]")).textContent = `${at + 1} · ${clockOf(data, mark.onset_s, 1)}`;
    for (const name of TIMES) fieldOf(row, name).value = mark[name].toFixed(2);
    for (const name of WORDS) if (document.activeElement !== fieldOf(row, name)) fieldOf(row, name).value = mark[name];
  }

  /**
   * @param {import("./annotation.js").Mark} mark
   * @param {"onset_s" | "offset_s"} name
   * @param {number} atS
   */
  function moveEdge(mark, name, atS) {
    const moved = { ...mark, [name]: atS };
    if (marks.isFree(moved.onset_s, moved.offset_s, mark)) marks.change(mark, { [name]: atS });
    else {
      show();
      tell(words.not_free);
    }
  }

  /** @param {number} fromS @param {number} toS */
  function mark(fromS, toS) {
    const [onset_s, offset_s] = [Math.min(fromS, toS), Math.max(fromS, toS)];
    if (!marks.isFree(onset_s, offset_s, null)) return tell(words.not_free);
    marks.add({ onset_s, offset_s, beats: "", label: "", note: "" });
  }

  /** @param {number} atS */
  function moveLine(atS) {
    lineS = Math.round(100 * Math.min(Math.max(atS, firstS), lastS)) / 100;
    showLine();
    place.querySelector(".line")?.scrollIntoView({ block: "nearest" });
  }

  function begin() {
    beginsS = lineS;
    showLine();
  }

  function end() {
    if (Number.isNaN(beginsS)) return tell(words.begin_first);
    mark(beginsS, lineS);
    beginsS = NaN;
    showLine();
  }

  function undo() {
    if (!marks.undo()) tell(words.nothing_to_undo);
  }

  function keepAsSaved() {
    savedText = writeTable(marks.all());
    showCounts();
  }

  /** @param {number} stripS */
  function lay(stripS) {
    stop();
    seen.clear();
    stop = layStrips(place, data, stripS, (fromS) => {
      seen.add(fromS);
      showCounts();
    });
    show();
    showLine();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.isComposing || event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
    else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === "ArrowRight") moveLine(lineS + (event.shiftKey ? 1 : 0.1));
    else if (event.key === "ArrowLeft") moveLine(lineS - (event.shiftKey ? 1 : 0.1));
    else if (event.key === "ArrowDown") moveLine(lineS + Number(length.value));
    else if (event.key === "ArrowUp") moveLine(lineS - Number(length.value));
    else if (event.key === "Enter") Number.isNaN(beginsS) ? begin() : end();
    else if (event.key === "Escape") {
      beginsS = NaN;
      showLine();
    } else if (event.key === "Delete") {
      const under = marks.all().find((one) => one.onset_s <= lineS && lineS <= one.offset_s);
      if (under) marks.remove(under);
    } else return;
    event.preventDefault();
  }

  followPointer(place, {
    onLine: moveLine,
    onDrag(fromS, toS) {
      clear("dragged");
      if (!Number.isNaN(fromS)) layBar(place, "dragged", fromS, toS);
    },
    onMark: mark,
    onEdge(edge, atS) {
      const name = edge.dataset.edge === "onset_s" ? "onset_s" : "offset_s";
      const moved = marks.all().find((one) => one[name] === Number(edge.dataset.at));
      if (moved) moveEdge(moved, name, atS);
    },
  });
  place.addEventListener("keydown", onKey);
  const acts = { begin, end, undo, save: () => {
    download(writeTable(marks.all()), "text/csv", data.file_name);
    keepAsSaved();
  }, copy: () => offerCopy(copied, writeTable(marks.all())) };
  for (const [name, act] of Object.entries(acts)) bar.querySelector(`[data-act=${name}]`)?.addEventListener("click", act);
  copied.querySelector("textarea")?.addEventListener("copy", keepAsSaved);
  length.addEventListener("change", () => lay(Number(length.value)));
  const opened = /** @type {HTMLInputElement} */ (choices.querySelector("input"));
  opened.addEventListener("change", async () => {
    const read = readTable((await opened.files?.[0]?.text()) ?? "");
    opened.value = "";
    if (read === null || !read.every((one) => marks.isFree(one.onset_s, one.offset_s, null))) return tell(words.no_table);
    const wasUnsaved = isUnsaved();
    marks.add(...read);
    if (!wasUnsaved) keepAsSaved();
  });
  askBeforeLeaving(isUnsaved);
  if (innerWidth < NARROW_PX) length.value = "10";
  lay(Number(length.value));
  document.documentElement.classList.add("scripted");
  document.documentElement.dataset.ready = "true";
}

startBlind();
