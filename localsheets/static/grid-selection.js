// What is selected on a sheet: an anchor (the active cell) and a head (the corner that Shift moves).

import { isFilled, rowLength } from "./grid-book.js";
import { columnHidden, mergeAt, nextCell, rowHidden, withMerges } from "./grid-lines.js";

function clamp(value, last) {
  return Math.max(0, Math.min(value, last));
}

/** Give the cell that Ctrl+arrow reaches: the edge of a filled block, or the next filled cell. */
export function jump(sheet, from, down, across) {
  const inside = ({ row, column }) =>
    row >= 0 && column >= 0 && row < sheet.rowCount && column < sheet.columnCount;
  const hidden = ({ row, column }) => inside({ row, column }) && (rowHidden(sheet, row) || columnHidden(sheet, column));
  const step = ({ row, column }) => {
    let next = { row: row + down, column: column + across };
    while (hidden(next)) next = { row: next.row + down, column: next.column + across };
    return next;
  };
  const filled = (at) => isFilled(sheet, at.row, at.column);
  let at = step(from);
  if (!inside(at)) return from;
  const inBlock = filled(from) && filled(at);
  while (inside(step(at)) && (inBlock ? filled(step(at)) : !filled(at))) at = step(at);
  return at;
}

/** Give the last cell of the used area, the first cell when the sheet is empty. */
export function lastUsed(sheet) {
  let [row, column] = [0, 0];
  for (let index = 0; index < sheet.rows.length; index += 1) {
    const length = rowLength(sheet, index);
    if (length) row = index;
    column = Math.max(column, length - 1);
  }
  return { row, column };
}

export class Selection {
  constructor() {
    this.anchor = { row: 0, column: 0 };
    this.head = { row: 0, column: 0 };
    this.sheet = null;
    this.tabColumn = null;
    // The whole range, while Enter and Tab move the active cell inside it.
    this.kept = null;
  }

  /** Follow a sheet or a newer version of it, keeping the selection inside. */
  attach(sheet) {
    if (this.sheet?.sheetId !== sheet.sheetId || this.sheet.rowCount !== sheet.rowCount) this.kept = null;
    this.sheet = sheet;
    this.anchor = this.inside(this.anchor);
    this.head = this.inside(this.head);
  }

  inside({ row, column }) {
    return { row: clamp(row, this.sheet.rowCount - 1), column: clamp(column, this.sheet.columnCount - 1) };
  }

  /** Select one cell. */
  select(cell) {
    const { row, column } = this.inside(cell);
    const merge = mergeAt(this.sheet, row, column);
    this.anchor = merge ? { row: merge.top, column: merge.left } : { row, column };
    this.head = this.anchor;
    this.tabColumn = null;
    this.kept = null;
  }

  /** Move the corner opposite to the active cell. */
  extend(cell) {
    this.kept = null;
    this.head = this.inside(cell);
  }

  selectRange({ top, left, bottom, right }) {
    this.select({ row: top, column: left });
    this.extend({ row: bottom, column: right });
  }

  selectRows(from, to) {
    this.select({ row: from, column: 0 });
    this.extend({ row: to, column: Infinity });
  }

  selectColumns(from, to) {
    this.select({ row: 0, column: from });
    this.extend({ row: Infinity, column: to });
  }

  /** Move the active cell, or the opposite corner when extending. */
  go(cell, extending) {
    if (extending) this.extend(cell);
    else this.select(cell);
  }

  /** Tab: go sideways and remember where the line began, so that Enter comes back under it. */
  tab(across) {
    const column = this.tabColumn ?? this.anchor.column;
    this.select(nextCell(this.sheet, this.anchor, 0, across));
    this.tabColumn = column;
  }

  /** Enter: go down or up, under the first cell of a line filled with Tab. */
  enter(down) {
    const column = this.tabColumn ?? this.anchor.column;
    this.select({ ...nextCell(this.sheet, this.anchor, down, 0), column });
  }

  /** Give the row and the column to bring into sight; -1 for an axis that is selected from end to end. */
  toReveal() {
    const { top, bottom, left, right } = this.range();
    const { rowCount, columnCount } = this.sheet;
    const whole = { rows: top === 0 && bottom >= rowCount - 1, columns: left === 0 && right >= columnCount - 1 };
    return [whole.rows ? -1 : this.head.row, whole.columns ? -1 : this.head.column];
  }

  /** Tell whether one cell only, be it merged, is selected. */
  isSingle() {
    const { top, left, bottom, right } = this.range();
    const merge = mergeAt(this.sheet, top, left);
    if (merge) return merge.bottom === bottom && merge.right === right;
    return top === bottom && left === right;
  }

  /** Move the active cell inside a selected range, by lines, or by columns when `down`; false on a single cell. */
  travel(step, down) {
    if (this.isSingle()) return false;
    const { top, left, bottom, right } = this.range();
    const [height, width] = [bottom - top + 1, right - left + 1];
    const size = height * width;
    let { row, column } = this.anchor;
    const covered = () => {
      const merge = mergeAt(this.sheet, row, column);
      const under = merge && (merge.top !== row || merge.left !== column);
      return under || rowHidden(this.sheet, row) || columnHidden(this.sheet, column);
    };
    let tries = 0;
    do {
      const at = down ? (column - left) * height + row - top : (row - top) * width + column - left;
      const next = (at + step + size) % size;
      row = top + (down ? next % height : Math.floor(next / width));
      column = left + (down ? Math.floor(next / height) : next % width);
      tries += 1;
    } while (covered() && tries < size);
    this.anchor = { row, column };
    this.kept = { top, left, bottom, right };
    return true;
  }

  /** Shift everything by a number of rows (someone else inserted or deleted rows above). */
  shiftRows(distance) {
    this.anchor = this.inside({ ...this.anchor, row: this.anchor.row + distance });
    this.head = this.inside({ ...this.head, row: this.head.row + distance });
  }

  range() {
    if (this.kept) return this.kept;
    const range = {
      top: Math.min(this.anchor.row, this.head.row),
      bottom: Math.max(this.anchor.row, this.head.row),
      left: Math.min(this.anchor.column, this.head.column),
      right: Math.max(this.anchor.column, this.head.column),
    };
    return this.sheet ? withMerges(this.sheet, range) : range;
  }

  /** Give the selected range cut to the rows and columns that hold something, null when none does. */
  usedRange() {
    const range = this.range();
    const last = lastUsed(this.sheet);
    const used = { ...range, bottom: Math.min(range.bottom, last.row), right: Math.min(range.right, last.column) };
    return used.bottom < used.top || used.right < used.left ? null : used;
  }

  isActive(row, column) {
    return row === this.anchor.row && column === this.anchor.column;
  }

  contains(row, column) {
    return this.touchesRow(row) && this.touchesColumn(column);
  }

  touchesRow(row) {
    const { top, bottom } = this.range();
    return row >= top && row <= bottom;
  }

  touchesColumn(column) {
    const { left, right } = this.range();
    return column >= left && column <= right;
  }
}
