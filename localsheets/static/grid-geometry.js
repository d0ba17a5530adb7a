// Where each row and column stands in the scrolled area, in CSS pixels. Row and column headers count.

import { columnHidden, mergeAt, rowHeight } from "./grid-lines.js";
import { columnPixels, HEADER_HEIGHT, HEADER_WIDTH } from "./grid-sizes.js";

const ROWS_AROUND = 8;
const COLUMNS_AROUND = 3;
const MAX_FROZEN_SHARE = 0.6;
const MAX_MERGE_REACH = 400;

/** Find the last line that starts at or before a distance; lines of no size are passed over. */
function lineAt(starts, distance) {
  let [low, high] = [0, starts.length - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle] <= distance) low = middle;
    else high = middle - 1;
  }
  while (low > 0 && starts[low + 1] === starts[low]) low -= 1;
  return low;
}

export class Geometry {
  /** `room` is the width that can be seen: on a small screen frozen columns must leave some to the others. */
  constructor(sheet, room) {
    this.sheet = sheet;
    this.lefts = new Float64Array(sheet.columnCount + 1);
    this.lefts[0] = HEADER_WIDTH;
    for (let column = 0; column < sheet.columnCount; column += 1) {
      this.lefts[column + 1] = this.lefts[column] + (columnHidden(sheet, column) ? 0 : columnPixels(sheet, column));
    }
    this.tops = new Float64Array(sheet.rowCount + 1);
    this.tops[0] = HEADER_HEIGHT;
    for (let row = 0; row < sheet.rowCount; row += 1) this.tops[row + 1] = this.tops[row] + rowHeight(sheet, row);
    this.frozenRows = Math.min(sheet.frozenRowCount ?? 0, sheet.rowCount);
    this.frozenColumns = Math.min(sheet.frozenColumnCount ?? 0, sheet.columnCount);
    while (this.frozenColumns && this.lefts[this.frozenColumns] > room * MAX_FROZEN_SHARE) this.frozenColumns -= 1;
    this.width = this.lefts[sheet.columnCount];
    this.height = this.top(sheet.rowCount);
    this.frozenHeight = this.top(this.frozenRows);
    this.frozenWidth = this.lefts[this.frozenColumns];
  }

  top(row) {
    return this.tops[row];
  }

  rowHeight(row) {
    return this.tops[row + 1] - this.tops[row];
  }

  columnWidth(column) {
    return this.lefts[column + 1] - this.lefts[column];
  }

  /** Give the column at a distance from the left of the whole sheet, kept inside the sheet. */
  columnAt(x) {
    return lineAt(this.lefts, x);
  }

  rowAt(y) {
    return lineAt(this.tops, y);
  }

  /** Give the scrolled rows and columns to draw: the visible ones and a few around them. */
  window(scroller) {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = scroller;
    const left = this.columnAt(scrollLeft + this.frozenWidth) - COLUMNS_AROUND;
    const right = this.columnAt(scrollLeft + clientWidth) + COLUMNS_AROUND;
    return this.reachMerges({
      top: Math.max(this.frozenRows, this.rowAt(scrollTop + this.frozenHeight) - ROWS_AROUND),
      bottom: Math.min(this.sheet.rowCount - 1, this.rowAt(scrollTop + clientHeight) + ROWS_AROUND),
      left: Math.max(this.frozenColumns, left),
      right: Math.min(this.sheet.columnCount - 1, right),
    });
  }

  /** A merged cell is drawn from its first cell: the window must reach it. */
  reachMerges(area) {
    let { top, left } = area;
    for (const [first, start, last, end] of this.sheet.merges ?? []) {
      if (last < area.top || first > area.bottom || end < area.left || start > area.right) continue;
      if (area.top - first < MAX_MERGE_REACH) top = Math.max(this.frozenRows, Math.min(top, first));
      if (area.left - start < MAX_MERGE_REACH) left = Math.max(this.frozenColumns, Math.min(left, start));
    }
    return { ...area, top, left };
  }

  /** Give the box of a cell as seen in the scroller, frozen parts staying where they are. */
  box(row, column, scroller) {
    return {
      left: this.lefts[column] - (column < this.frozenColumns ? 0 : scroller.scrollLeft),
      top: this.top(row) - (row < this.frozenRows ? 0 : scroller.scrollTop),
      ...this.size(row, column),
    };
  }

  /** Give the size of a cell, of the whole merge for one that is merged. */
  size(row, column) {
    const merge = mergeAt(this.sheet, row, column);
    if (!merge) return { width: this.columnWidth(column), height: this.rowHeight(row) };
    return {
      width: this.lefts[merge.right + 1] - this.lefts[column],
      height: this.tops[merge.bottom + 1] - this.tops[row],
    };
  }

  /** Give the cell under a point of the scroller (pixels from its top left corner), headers aside. */
  cellUnder(x, y, scroller) {
    const sheetX = x < this.frozenWidth ? x : x + scroller.scrollLeft;
    const sheetY = y < this.frozenHeight ? y : y + scroller.scrollTop;
    return { row: this.rowAt(sheetY), column: this.columnAt(sheetX) };
  }

  /** Scroll just enough for a cell to be seen. */
  reveal(row, column, scroller) {
    if (row >= this.frozenRows) {
      const [top, height, room] = [this.top(row), this.rowHeight(row), scroller.clientHeight];
      if (top - scroller.scrollTop < this.frozenHeight) scroller.scrollTop = top - this.frozenHeight;
      else if (top + height - scroller.scrollTop > room) scroller.scrollTop = top + height - room;
    }
    if (column >= this.frozenColumns) {
      const [left, right, room] = [this.lefts[column], this.lefts[column + 1], scroller.clientWidth];
      const tooWide = right - left > room - this.frozenWidth;
      if (tooWide || left - scroller.scrollLeft < this.frozenWidth) scroller.scrollLeft = left - this.frozenWidth;
      else if (right - scroller.scrollLeft > room) scroller.scrollLeft = right - room;
    }
  }
}
