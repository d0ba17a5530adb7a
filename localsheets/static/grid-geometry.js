// Where each row and column stands in the scrolled area, in CSS pixels. Row and column headers count.

export const ROW_HEIGHT = 24;
export const HEADER_HEIGHT = 24;
export const HEADER_WIDTH = 48;
const DEFAULT_WIDTH = 100;
const ROWS_AROUND = 12;
const COLUMNS_AROUND = 4;
const MAX_FROZEN_SHARE = 0.6;

export class Geometry {
  /** `room` is the width that can be seen: on a small screen frozen columns must leave some to the others. */
  constructor(sheet, room) {
    this.sheet = sheet;
    this.lefts = new Float64Array(sheet.columnCount + 1);
    this.lefts[0] = HEADER_WIDTH;
    for (let column = 0; column < sheet.columnCount; column += 1) {
      this.lefts[column + 1] = this.lefts[column] + (sheet.columnWidths?.[column] ?? DEFAULT_WIDTH);
    }
    this.frozenRows = Math.min(sheet.frozenRowCount ?? 0, sheet.rowCount);
    this.frozenColumns = Math.min(sheet.frozenColumnCount ?? 0, sheet.columnCount);
    while (this.frozenColumns && this.lefts[this.frozenColumns] > room * MAX_FROZEN_SHARE) this.frozenColumns -= 1;
    this.width = this.lefts[sheet.columnCount];
    this.height = this.top(sheet.rowCount);
    this.frozenHeight = this.top(this.frozenRows);
    this.frozenWidth = this.lefts[this.frozenColumns];
  }

  top(row) {
    return HEADER_HEIGHT + row * ROW_HEIGHT;
  }

  columnWidth(column) {
    return this.lefts[column + 1] - this.lefts[column];
  }

  /** Give the column at a distance from the left of the whole sheet, kept inside the sheet. */
  columnAt(x) {
    let [low, high] = [0, this.sheet.columnCount - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.lefts[middle] <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  rowAt(y) {
    const row = Math.floor((y - HEADER_HEIGHT) / ROW_HEIGHT);
    return Math.max(0, Math.min(row, this.sheet.rowCount - 1));
  }

  /** Give the scrolled rows and columns to draw: the visible ones and a few around them. */
  window(scroller) {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = scroller;
    const left = this.columnAt(scrollLeft + this.frozenWidth) - COLUMNS_AROUND;
    const right = this.columnAt(scrollLeft + clientWidth) + COLUMNS_AROUND;
    return {
      top: Math.max(this.frozenRows, this.rowAt(scrollTop + this.frozenHeight) - ROWS_AROUND),
      bottom: Math.min(this.sheet.rowCount - 1, this.rowAt(scrollTop + clientHeight) + ROWS_AROUND),
      left: Math.max(this.frozenColumns, left),
      right: Math.min(this.sheet.columnCount - 1, right),
    };
  }

  /** Give the box of a cell as seen in the scroller, frozen parts staying where they are. */
  box(row, column, scroller) {
    return {
      left: this.lefts[column] - (column < this.frozenColumns ? 0 : scroller.scrollLeft),
      top: this.top(row) - (row < this.frozenRows ? 0 : scroller.scrollTop),
      width: this.columnWidth(column),
      height: ROW_HEIGHT,
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
      const [top, room] = [this.top(row), scroller.clientHeight];
      if (top - scroller.scrollTop < this.frozenHeight) scroller.scrollTop = top - this.frozenHeight;
      else if (top + ROW_HEIGHT - scroller.scrollTop > room) scroller.scrollTop = top + ROW_HEIGHT - room;
    }
    if (column >= this.frozenColumns) {
      const [left, right, room] = [this.lefts[column], this.lefts[column + 1], scroller.clientWidth];
      const tooWide = right - left > room - this.frozenWidth;
      if (tooWide || left - scroller.scrollLeft < this.frozenWidth) scroller.scrollLeft = left - this.frozenWidth;
      else if (right - scroller.scrollLeft > room) scroller.scrollLeft = right - room;
    }
  }
}
