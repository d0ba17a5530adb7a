// Rows, columns and merged cells of a sheet, as they are seen: what is hidden, how high a row is, what spans what.
// Answers are remembered for each version of a sheet; a sheet is never altered, it is replaced.

import { readCell } from "./grid-book.js";
import { columnPixels, DEFAULT_HEIGHT, LINE_HEIGHT } from "./grid-sizes.js";

const MAX_AUTO_LINES = 12;
const NONE = new Set();
const hiddenKnown = new WeakMap();
const mergesKnown = new WeakMap();
const heightsKnown = new WeakMap();
const pen = document.createElement("canvas").getContext("2d");

function hiddenOf(sheet) {
  let known = hiddenKnown.get(sheet);
  if (!known) {
    const rows = [...(sheet.hiddenRows ?? []), ...(sheet.filteredRows ?? [])];
    known = { ROWS: rows.length ? new Set(rows) : NONE, COLUMNS: new Set(sheet.hiddenColumns ?? []) };
    hiddenKnown.set(sheet, known);
  }
  return known;
}

/** Tell whether a row is out of sight, hidden by hand or by the filter. */
export function rowHidden(sheet, row) {
  return hiddenOf(sheet).ROWS.has(row);
}

/** Tell whether a column is hidden. */
export function columnHidden(sheet, column) {
  return hiddenOf(sheet).COLUMNS.has(column);
}

function mergeMap(sheet) {
  const { merges } = sheet;
  let known = mergesKnown.get(merges);
  if (!known) {
    known = new Map();
    for (const [top, left, bottom, right] of merges) {
      const merge = { top, left, bottom, right };
      for (let row = top; row <= bottom; row += 1) {
        for (let column = left; column <= right; column += 1) known.set(`${row}:${column}`, merge);
      }
    }
    mergesKnown.set(merges, known);
  }
  return known;
}

/** Give the merge {top, left, bottom, right} that a cell belongs to; null when it stands alone. */
export function mergeAt(sheet, row, column) {
  if (!sheet.merges?.length) return null;
  return mergeMap(sheet).get(`${row}:${column}`) ?? null;
}

/** Grow a range until it cuts no merge. */
export function withMerges(sheet, range) {
  if (!sheet.merges?.length) return range;
  let grown = range;
  for (let again = true; again; ) {
    again = false;
    for (const [top, left, bottom, right] of sheet.merges) {
      const meets = top <= grown.bottom && bottom >= grown.top && left <= grown.right && right >= grown.left;
      const inside = top >= grown.top && bottom <= grown.bottom && left >= grown.left && right <= grown.right;
      if (!meets || inside) continue;
      again = true;
      grown = {
        top: Math.min(top, grown.top),
        left: Math.min(left, grown.left),
        bottom: Math.max(bottom, grown.bottom),
        right: Math.max(right, grown.right),
      };
    }
  }
  return grown;
}

/** Give the next cell in sight in a direction; the same cell at the edge of the sheet. */
export function nextCell(sheet, from, down, across) {
  const merge = mergeAt(sheet, from.row, from.column);
  let { row, column } = from;
  if (merge && down) row = down > 0 ? merge.bottom : merge.top;
  if (merge && across) column = across > 0 ? merge.right : merge.left;
  const [stepDown, stepAcross] = [Math.sign(down), Math.sign(across)];
  for (let left = Math.max(Math.abs(down), Math.abs(across)); left > 0; ) {
    const next = { row: row + stepDown, column: column + stepAcross };
    if (next.row < 0 || next.column < 0 || next.row >= sheet.rowCount || next.column >= sheet.columnCount) break;
    ({ row, column } = next);
    if (!rowHidden(sheet, row) && !columnHidden(sheet, column)) left -= 1;
  }
  return rowHidden(sheet, row) || columnHidden(sheet, column) ? from : { row, column };
}

/** Measure how wide a text is, in CSS pixels. */
export function textWidth(cell, text) {
  const size = cell.z ? (cell.z * 4) / 3 : 13;
  pen.font = `${cell.b ? "700" : "400"} ${size}px system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif`;
  return pen.measureText(text).width;
}

function linesOf(cell, width) {
  const given = cell.f.split("\n");
  if (!cell.w) return given.length;
  return given.reduce((count, line) => count + Math.max(1, Math.ceil(textWidth(cell, line) / (width - 8))), 0);
}

function cellHeight(sheet, cell, column) {
  const size = cell.z ? Math.ceil(cell.z * 1.8) : LINE_HEIGHT;
  if (!cell.w && !cell.f.includes("\n")) return cell.z > 12 ? size + 6 : 0;
  return 6 + size * Math.min(MAX_AUTO_LINES, linesOf(cell, columnPixels(sheet, column)));
}

function autoHeight(sheet, cells) {
  let height = DEFAULT_HEIGHT;
  cells.forEach((given, column) => {
    // Most cells are plain texts and numbers on one line: they are not even read.
    if (!given || Array.isArray(given) || (typeof given === "string" && !given.includes("\n"))) return;
    const cell = readCell(given);
    if (cell && (cell.w || cell.z > 12 || cell.f.includes("\n"))) {
      height = Math.max(height, cellHeight(sheet, cell, column));
    }
  });
  return height;
}

/** Give the height of a row in pixels: 0 when hidden, as it was set, or as high as its wrapped texts need. */
export function rowHeight(sheet, row) {
  if (rowHidden(sheet, row)) return 0;
  const set = sheet.rowHeights?.[row];
  if (set) return set;
  const cells = sheet.rows[row];
  if (!cells) return DEFAULT_HEIGHT;
  const known = heightsKnown.get(cells);
  if (known?.widths === sheet.columnWidths) return known.height;
  const height = autoHeight(sheet, cells);
  heightsKnown.set(cells, { widths: sheet.columnWidths, height });
  return height;
}
