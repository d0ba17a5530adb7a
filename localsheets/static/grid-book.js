// What the page knows of the book: the server's last state, and over it what was typed but is not yet in that state.

import { replay } from "./grid-replay.js";

const EMPTY = Object.freeze({ f: "", e: "" });

/** Read a cell as the server writes it: a text, [shown, typed] for a number, or an object. */
export function readCell(given) {
  if (given === null || given === undefined) return EMPTY;
  if (typeof given === "string") return { f: given, e: given };
  if (Array.isArray(given)) return { f: given[0], e: given[1] ?? given[0], n: true };
  return given.e === undefined ? { ...given, e: given.f } : given;
}

/** Give the cell of a sheet, an empty one when nothing is there; it is read once. */
export function cellAt(sheet, row, column) {
  const line = sheet.rows[row];
  const given = line?.[column];
  if (given === null || given === undefined) return EMPTY;
  if (given.e === undefined) line[column] = readCell(given);
  return line[column];
}

/** Tell whether a cell shows or holds anything. */
export function isFilled(sheet, row, column) {
  const cell = cellAt(sheet, row, column);
  return cell.f !== "" || (cell.e ?? "") !== "";
}

/** Give the first column after the last filled cell of a row, 0 for an empty row. */
export function rowLength(sheet, row) {
  let length = sheet.rows[row]?.length ?? 0;
  while (length > 0 && !isFilled(sheet, row, length - 1)) length -= 1;
  return length;
}

/** Tell whether a cell lies in a protected range; an open side has no bound. */
export function isProtected(sheet, row, column) {
  return (sheet.protected ?? []).some(
    (area) =>
      row >= (area.startRow ?? 0) &&
      row < (area.endRow ?? Infinity) &&
      column >= (area.startColumn ?? 0) &&
      column < (area.endColumn ?? Infinity),
  );
}

function withLines(sheet, chunks) {
  const rows = sheet.rows.slice();
  for (const [start, lines] of chunks) lines.forEach((line, index) => (rows[start + index] = line));
  return { ...sheet, rows };
}

/** What did not change stays the same object: what was worked out from it stays known. */
function attributes(old, { patch, chunks, size, ...given }) {
  for (const [name, value] of Object.entries(given)) {
    const kept = old?.[name];
    if (value && typeof value === "object" && JSON.stringify(kept) === JSON.stringify(value)) given[name] = kept;
  }
  return given;
}

function patched(rows, { size, gone = [], moved = [], new: came = {} }) {
  const result = rows.slice();
  const runs = moved.map(([from, to, count]) => [to, rows.slice(from, from + count)]);
  for (const row of gone) result[row] = undefined;
  for (const [from, , count] of moved) result.fill(undefined, from, from + count);
  result.length = size;
  for (const [to, run] of runs) run.forEach((line, index) => (result[to + index] = line));
  for (const [row, line] of Object.entries(came)) result[row] = line;
  return result;
}

function newer(old, given, index) {
  if (!given) return old.index === index ? old : { ...old, index };
  const sheet = { ...old, ...attributes(old, given), index };
  if (given.patch) return { ...sheet, rows: patched(old.rows, given.patch) };
  return withLines({ ...sheet, rows: new Array(given.size) }, given.chunks);
}

export class Book {
  constructor() {
    this.revision = null;
    this.title = "";
    this.locale = "";
    this.names = [];
    this.known = new Map();
    this.shown = new Map();
    this.pending = [];
  }

  /** Take what the server sent: the whole book, or what changed since the state known here (`base`). */
  receive(state) {
    const known = state.base === undefined ? new Map() : this.known;
    const given = new Map(state.sheets.map((sheet) => [sheet.sheetId, sheet]));
    this.known = new Map(state.order.map((id, index) => [id, newer(known.get(id), given.get(id), index)]));
    this.revision = state.revision;
    this.title = state.title;
    this.locale = state.locale;
    this.names = state.names;
    this.pending = this.pending.filter((step) => step.revision === null || step.revision > state.revision);
    this.rebuild();
  }

  /** Take lines of a tab that came after the rest. */
  receiveLines(sheetId, start, lines) {
    const sheet = this.known.get(sheetId);
    if (!sheet) return;
    this.known.set(sheetId, withLines(sheet, [[start, lines]]));
    this.rebuild();
  }

  /** Show a step (a list of actions) at once; it stays over the server's state until that state holds it. */
  expect(step) {
    this.pending.push(step);
    for (const action of step.actions) replay(this.shown, action);
  }

  /** Take back a step that the server refused. */
  forget(step) {
    this.pending = this.pending.filter((other) => other !== step);
    this.rebuild();
  }

  rebuild() {
    this.shown = new Map(this.known);
    for (const step of this.pending) for (const action of step.actions) replay(this.shown, action);
  }

  /** List the sheets that have a tab, in order. */
  tabs() {
    return [...this.shown.values()].filter((sheet) => !sheet.hidden).sort((a, b) => a.index - b.index);
  }

  /** List the hidden sheets, in order. */
  hidden() {
    return [...this.shown.values()].filter((sheet) => sheet.hidden).sort((a, b) => a.index - b.index);
  }

  sheet(sheetId) {
    return this.shown.get(sheetId);
  }

  /** Tell whether numbers and dates are typed as in French. */
  french() {
    return this.locale.startsWith("fr");
  }
}
