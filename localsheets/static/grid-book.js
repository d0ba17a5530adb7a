// What the page knows of the book: the server's last state, and over it what was typed but is not yet in that state.

import { replay } from "./grid-replay.js";

const EMPTY = Object.freeze({ f: "", e: "" });

/** Give the cell of a sheet, an empty one when nothing is there. */
export function cellAt(sheet, row, column) {
  return sheet.rows[row]?.[column] ?? EMPTY;
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

export class Book {
  constructor() {
    this.revision = null;
    this.title = "";
    this.known = new Map();
    this.shown = new Map();
    this.pending = [];
  }

  /** Take a state sent by the server: whole, or only the changed sheets with the `order` of all. */
  receive(state) {
    const sheets = new Map(state.order ? this.known : []);
    for (const sheet of state.sheets) sheets.set(sheet.sheetId, sheet);
    for (const id of sheets.keys()) if (state.order && !state.order.includes(id)) sheets.delete(id);
    state.order?.forEach((id, index) => {
      if (sheets.has(id)) sheets.set(id, { ...sheets.get(id), index });
    });
    this.known = sheets;
    this.revision = state.revision;
    this.title = state.title;
    this.pending = this.pending.filter((step) => step.revision === null || step.revision > state.revision);
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

  sheet(sheetId) {
    return this.shown.get(sheetId);
  }
}

function rowKey(sheet, row) {
  return JSON.stringify(sheet.rows[row] ?? []);
}

function lastFilledRow(sheet, row) {
  let found = row;
  while (found > 0 && rowLength(sheet, found) === 0) found -= 1;
  return found;
}

/**
 * Tell by how many rows what stood at `row` has moved between two versions of a sheet.
 *
 * Someone else's insertion above must not send what is being typed to another record. A change of the
 * number of rows gives the distance; the content decides on which side of the row it happened.
 */
export function rowShift(before, after, row) {
  const distance = after.rowCount - before.rowCount;
  if (before.rows === after.rows || distance === 0) return 0;
  const witness = lastFilledRow(before, row);
  const key = rowKey(before, witness);
  if (key === rowKey(after, witness) || witness + distance < 0) return 0;
  return key === rowKey(after, witness + distance) ? distance : 0;
}
