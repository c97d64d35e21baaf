// @ts-check
// What people say about the movements of the page: kept in memory until it is saved as a review file.
import { pageData } from "./page_data.js";
import { readClock, showClock } from "./clock.js";
import { placeOf } from "./ruler.js";
import { askBeforeLeaving, download, offerCopy } from "./saving.js";

/**
 * @typedef {object} Place
 * @property {string} recording
 * @property {number} start_s
 * @property {number} end_s
 */
/**
 * @typedef {object} Said
 * @property {string} id
 * @property {number} revision
 * @property {string} said_at
 * @property {{name: string, profession: string}} reviewer
 * @property {Place} place
 * @property {string} verdict
 * @property {string} note
 * @property {boolean} isSaved
 * @property {boolean} wasSaved
 */

const KEYS = /** @type {Record<string, string>} */ ({
  1: "rhythmic", 2: "not rhythmic", 3: "unsure", r: "rhythmic", n: "not rhythmic", u: "unsure",
});
// Verdicts that are handed on together: a form of the app takes no longer text.
const MOST_AT_ONCE = 4;
const ABOUT_MOVEMENT = ["rhythmic", "not rhythmic", "unsure", "judged as clonus"];
// Neither controls nor directions of writing; an import refuses them.
const NO_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * @typedef {(text: string) => Promise<boolean>} Keeper keeps a review file of a few verdicts; says whether it is kept
 */

/**
 * Make the page take verdicts.
 * @param {Keeper | null} keeper keeps each verdict when it is given; without one, verdicts wait to be saved as a file
 * @returns {{markMissed: (fromMs: number, toMs: number, leg: number) => void}}
 */
export function startVerdicts(keeper = null) {
  const data = pageData("review-data");
  const bar = document.getElementById("review-bar");
  if (data === null || bar === null) return { markMissed() {} };
  const words = data.words;
  const clockChanges = pageData("page-data").clock_changes;
  /** @param {string} text */
  const readTime = (text) => (readClock(text, data.origin_ms, data.origin_ms + 1000 * data.length_s, clockChanges) - data.origin_ms) / 1000;
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("reviewer"));
  const copied = /** @type {HTMLDialogElement} */ (document.getElementById("review-text"));
  const status = /** @type {HTMLElement} */ (bar.querySelector("output"));
  const keysOn = /** @type {HTMLInputElement | null} */ (bar.querySelector("[data-keys]"));
  const cards = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.movement")]);
  /** @type {Map<string, Said>} */
  const said = new Map();
  /** @type {{name: string, profession: string} | null} */
  let reviewer = null;
  /** @type {Array<() => void>} */
  let waiting = [];
  let nMissed = 0;

  /** @param {string} slot */
  const slotOf = (slot) => JSON.stringify([reviewer, slot]);

  /**
   * Do something once the page knows who speaks.
   * @param {() => void} act
   */
  function withReviewer(act) {
    if (reviewer !== null) return act();
    waiting.push(act);
    if (!dialog.open) dialog.showModal();
  }

  /**
   * Keep what is said about one thing; nothing said takes back what was.
   * @param {string} slot
   * @param {Place} place
   * @param {{verdict?: string, note?: string}} change
   */
  function say(slot, place, change) {
    const before = said.get(slotOf(slot));
    const now = { verdict: before?.verdict ?? "note", note: before?.note ?? "", ...change };
    if (now.verdict === "withdrawn" && change.note) now.verdict = "note";
    if (now.verdict === "note" && now.note === "") now.verdict = "withdrawn";
    if (now.verdict === "withdrawn" && !before?.wasSaved && keeper === null) said.delete(slotOf(slot));
    else {
      said.set(slotOf(slot), {
        id: before?.id ?? randomId(),
        // What was saved once may lie in a library: a change of it is a later revision.
        revision: before === undefined ? 1 : before.revision + (before.isSaved || keeper !== null ? 1 : 0),
        said_at: localTime(),
        reviewer: /** @type {{name: string, profession: string}} */ (reviewer),
        place, ...now, isSaved: false, wasSaved: before?.wasSaved ?? false,
      });
    }
    show();
    handOn();
  }

  /**
   * Say what a movement is; the same once more takes it back.
   * @param {HTMLElement} card
   * @param {string} verdict
   */
  function judge(card, verdict) {
    withReviewer(() => {
      if (verdict === "judged as clonus" && !(reviewer?.name && data.clinicians.includes(reviewer.profession))) {
        tell(words.needs_clinician);
        return;
      }
      const before = said.get(slotOf(card.id))?.verdict;
      say(card.id, data.movements[card.id], { verdict: before === verdict ? "note" : verdict });
    });
  }

  /**
   * Keep an answer about wear: on the whole of each recording of a leg, then the times at which the sensor was off.
   * @param {string} side
   * @param {boolean} worn
   * @param {Array<[number, number]>} off seconds of the page's axis
   */
  function answerWear(side, worn, off) {
    withReviewer(() => {
      const parts = data.legs.find((/** @type {any} */ leg) => leg.side === side).parts;
      const prefix = `wear ${side} `;
      const kept = new Set();
      /** @param {string} name @param {Place} place @param {string} verdict */
      const keep = (name, place, verdict) => {
        kept.add(slotOf(prefix + name));
        say(prefix + name, place, { verdict });
      };
      for (const [at, part] of parts.entries()) {
        keep(`whole ${at}`, { recording: part.recording, start_s: 0, end_s: part.duration_s }, worn ? "worn" : "not worn");
      }
      for (const [number, [from, to]] of off.entries()) {
        for (const [at, part] of parts.entries()) {
          const [start_s, end_s] = [Math.max(0, from - part.shift_s), Math.min(part.duration_s, to - part.shift_s)];
          if (start_s < end_s) keep(`off ${number} ${at}`, { recording: part.recording, start_s, end_s }, "not worn");
        }
      }
      for (const [slot, one] of [...said]) {
        if (slot.startsWith(slotOf(prefix).slice(0, -2)) && !kept.has(slot) && one.verdict !== "withdrawn") {
          say(JSON.parse(slot)[1], one.place, { verdict: "withdrawn" });
        }
      }
      tell(words.answered);
    });
  }

  /** @param {string} text */
  function tell(text) {
    status.textContent = text;
  }

  const unsaved = () => [...said.values()].filter((one) => !one.isSaved).length;

  /** Show what is said: on the cards, and how much of it is not saved. */
  function show() {
    let nReviewed = 0;
    for (const card of cards) {
      const one = said.get(slotOf(card.id));
      const verdict = one?.verdict ?? "";
      if (ABOUT_MOVEMENT.includes(verdict)) nReviewed += 1;
      card.dataset.verdict = verdict === "withdrawn" ? "" : verdict;
      for (const button of card.querySelectorAll("[data-say]")) {
        button.setAttribute("aria-pressed", String(button.getAttribute("data-say") === verdict));
      }
      const note = /** @type {HTMLTextAreaElement | null} */ (card.querySelector("[data-note]"));
      if (note !== null && document.activeElement !== note) note.value = one?.note ?? "";
    }
    const reviewed = words.reviewed.replace("{n}", String(nReviewed)).replace("{all}", String(cards.length));
    tell(`${reviewed} ${words.unsaved.replace("{n}", String(unsaved()))}`);
    const who = /** @type {HTMLElement} */ (bar?.querySelector("[data-who]"));
    const profession = data.professions.find((/** @type {string[]} */ one) => one[0] === reviewer?.profession)?.[1];
    who.textContent = reviewer === null ? "" : [reviewer.name, profession].filter(Boolean).join(" · ");
  }

  /** @param {Iterable<Said>} some */
  function reviewText(some = said.values()) {
    const verdicts = [...some].map((one) => ({
      id: one.id, revision: one.revision, said_at: one.said_at, reviewer: one.reviewer, recording: one.place.recording,
      start_s: one.place.start_s, end_s: one.place.end_s, verdict: one.verdict, note: one.note,
    }));
    const file = { format: data.format, page_made_at: data.page_made_at, recordings: data.recordings, verdicts };
    return `${JSON.stringify(file, null, 1)}\n`;
  }

  /** @param {Iterable<Said>} some */
  function keepAsSaved(some = said.values()) {
    for (const one of some) {
      one.isSaved = true;
      one.wasSaved = true;
    }
    show();
  }

  let isHanding = false;

  /** Hand verdicts on as they are given. */
  async function handOn() {
    const waitingOnes = [...said.values()].filter((one) => !one.isSaved).slice(0, MOST_AT_ONCE);
    if (keeper === null || isHanding || waitingOnes.length === 0) return;
    isHanding = true;
    const isKept = await keeper(reviewText(waitingOnes));
    isHanding = false;
    if (!isKept) return;
    keepAsSaved(waitingOnes);
    handOn();
  }

  function save() {
    download(reviewText(), "application/json", data.file_name);
    keepAsSaved();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    // An input method composes: its keys are no verdicts.  Its first key has the code 229 alone.
    if (event.isComposing || event.keyCode === 229 || !keysOn?.checked) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (target.closest("input, textarea, select")) return;
    const card = /** @type {HTMLElement | null} */ (target.closest("details.movement"));
    const verdict = KEYS[event.key.toLowerCase()];
    if (card === null || verdict === undefined) return;
    event.preventDefault();
    judge(card, verdict);
  }

  for (const card of cards) {
    for (const button of card.querySelectorAll("[data-say]")) {
      button.addEventListener("click", () => judge(card, button.getAttribute("data-say") ?? ""));
    }
    const note = /** @type {HTMLTextAreaElement | null} */ (card.querySelector("[data-note]"));
    note?.addEventListener("change", () => {
      const text = note.value.replace(NO_TEXT, "");
      withReviewer(() => say(card.id, data.movements[card.id], { note: text }));
    });
  }
  document.getElementById("movement-list")?.addEventListener("keydown", onKey);

  dialog.addEventListener("close", () => {
    const acts = waiting;
    waiting = [];
    if (dialog.returnValue === "ok") {
      const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
      const fields = new FormData(form);
      const name = String(fields.get("name")).replace(NO_TEXT, "").replace(/\s+/g, " ").trim();
      reviewer = { name, profession: String(fields.get("profession")) };
      show();
      for (const act of acts) act();
    }
    dialog.returnValue = "";
  });
  bar.querySelector("[data-reviewer]")?.addEventListener("click", () => dialog.showModal());
  bar.querySelector("[data-save]")?.addEventListener("click", save);
  bar.querySelector("[data-copy]")?.addEventListener("click", () => offerCopy(copied, reviewText()));
  copied.querySelector("textarea")?.addEventListener("copy", () => {
    keepAsSaved();
    const output = copied.querySelector("output");
    if (output) output.textContent = words.copied;
  });

  const missed = /** @type {HTMLFormElement} */ (document.getElementById("missed"));
  const [from, to] = /** @type {HTMLInputElement[]} */ ([...missed.querySelectorAll("input")]);
  for (const button of missed.querySelectorAll("[data-edge]")) {
    button.addEventListener("click", () => {
      const at = placeOf(button.getAttribute("data-edge") === "start" ? "start" : "end");
      if (at === null) return tell(words.needs_place);
      (button.getAttribute("data-edge") === "start" ? from : to).value = showClock(at, clockChanges, 1);
    });
  }
  missed.addEventListener("submit", (event) => {
    event.preventDefault();
    const leg = data.legs[Number(/** @type {HTMLSelectElement | null} */ (missed.querySelector("select"))?.value ?? 0)];
    const [start, end] = [readTime(from.value), readTime(to.value)];
    const part = leg.parts.find((/** @type {any} */ one) => start >= one.shift_s && end <= one.shift_s + one.duration_s);
    if (!(start < end) || part === undefined) return tell(words.no_such_time);
    withReviewer(() => {
      nMissed += 1;
      const place = { recording: part.recording, start_s: round(start - part.shift_s), end_s: round(end - part.shift_s) };
      say(`missed ${nMissed}`, place, { verdict: "rhythmic" });
      const list = /** @type {HTMLElement} */ (document.getElementById("missed-list"));
      const item = document.createElement("li");
      const slot = slotOf(`missed ${nMissed}`);
      const takeBack = document.createElement("button");
      takeBack.type = "button";
      takeBack.textContent = words.take_back;
      takeBack.addEventListener("click", () => {
        const one = said.get(slot);
        if (one && (one.wasSaved || keeper !== null)) said.set(slot, { ...one, verdict: "withdrawn", revision: one.revision + (one.isSaved || keeper !== null ? 1 : 0), isSaved: false });
        else said.delete(slot);
        item.remove();
        show();
        handOn();
      });
      item.append(`${from.value}–${to.value} `, takeBack);
      list.append(item);
      missed.reset();
    });
  });

  for (const question of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".question"))) {
    const side = question.dataset.side ?? "";
    /** @type {Array<[number, number]>} */
    const off = [];
    question.querySelector("[data-wear=throughout]")?.addEventListener("click", () => answerWear(side, true, []));
    question.querySelector("[data-wear=not-at-all]")?.addEventListener("click", () => answerWear(side, false, []));
    question.querySelector("[data-wear=off]")?.addEventListener("click", () => {
      const [start, end] = /** @type {HTMLInputElement[]} */ ([...question.querySelectorAll("input")]).map((one) => readTime(one.value));
      if (!(start < end)) return tell(words.no_such_time);
      off.push([start, end]);
      answerWear(side, true, off);
    });
  }

  askBeforeLeaving(() => unsaved() > 0);
  show();
  return {
    markMissed(fromMs, toMs, leg) {
      const legs = missed.querySelector("select");
      if (legs !== null) legs.selectedIndex = leg;
      from.value = showClock(fromMs, clockChanges, 1);
      to.value = showClock(toMs, clockChanges, 1);
      missed.scrollIntoView({ block: "center" });
      /** @type {HTMLElement} */ (missed.querySelector("[type=submit]")).focus({ preventScroll: true });
    },
  };
}

/** 128 random bits. */
function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** Now, with the offset of this computer's clock. */
function localTime() {
  const now = new Date();
  const offset = -now.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const two = (/** @type {number} */ number) => String(Math.floor(number)).padStart(2, "0");
  const local = new Date(now.getTime() + 60_000 * offset).toISOString().slice(0, 23);
  return `${local}${sign}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}

/** @param {number} seconds */
function round(seconds) {
  return Math.round(1000 * seconds) / 1000;
}
