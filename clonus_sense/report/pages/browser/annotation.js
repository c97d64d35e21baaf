// @ts-check
// A table of marks, as the command that compares annotations reads it.

/** @typedef {{onset_s: number, offset_s: number, beats: string, label: string, note: string}} Mark */

const COLUMNS = ["onset_s", "offset_s", "beats", "label", "note"];

/**
 * Write marks as a table.
 * @param {Mark[]} marks
 * @returns {string}
 */
export function writeTable(marks) {
  const lines = [...marks].sort((one, other) => one.onset_s - other.onset_s).map((mark) =>
    [mark.onset_s.toFixed(2), mark.offset_s.toFixed(2), mark.beats, mark.label, mark.note].map(quote).join(","),
  );
  return `${[COLUMNS.join(","), ...lines].join("\n")}\n`;
}

/**
 * Read marks from a table; `null` where it is no such table.
 * @param {string} text
 * @returns {Mark[] | null}
 */
export function readTable(text) {
  const [head, ...rows] = readRows(text.replace(/^\ufeff/, ""));
  const places = COLUMNS.map((name) => head?.indexOf(name) ?? -1);
  if (places[0] < 0 || places[1] < 0) return null;
  const marks = rows.filter((row) => row.some((cell) => cell !== "")).map((row) => {
    const [onset, offset, beats, label, note] = places.map((at) => (at < 0 ? "" : row[at] ?? ""));
    return { onset_s: Number(onset || NaN), offset_s: Number(offset || NaN), beats, label, note };
  });
  return marks.every((mark) => mark.onset_s < mark.offset_s) ? marks : null;
}

/**
 * Cells of a text of comma-separated values.
 * @param {string} text
 * @returns {string[][]}
 */
function readRows(text) {
  const rows = [[""]];
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const row = rows[rows.length - 1];
    const sign = text[at];
    if (isQuoted && sign === '"' && text[at + 1] === '"') {
      row[row.length - 1] += '"';
      at += 1;
    } else if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && sign === ",") row.push("");
    else if (!isQuoted && sign === "\n") rows.push([""]);
    else if (isQuoted || sign !== "\r") row[row.length - 1] += sign;
  }
  return rows;
}

/** @param {string} cell */
function quote(cell) {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
