// Draws the visible window of a sheet. Each row is one element holding its header, its frozen cells (sticky)
// and its other visible cells (placed); rows that leave the window are used again for those that enter.

import { columnName } from "./grid-address.js";
import { Geometry } from "./grid-geometry.js";
import { columnHidden, rowHidden } from "./grid-lines.js";
import { paintCell } from "./grid-paint.js";
import { DEFAULT_HEIGHT, HEADER_HEIGHT, HEADER_WIDTH } from "./grid-sizes.js";

// What is left of a frame goes to the browser's own work.
const FRAME_MS = 5;

function element(role, className) {
  const made = document.createElement("div");
  made.setAttribute("role", role);
  made.className = className;
  return made;
}

function place(target, left, width, frozen, height = null) {
  // The class list is written anew when a cell is painted.
  if (target.classList.contains("pinned") !== frozen) target.classList.toggle("pinned", frozen);
  const at = `${left} ${width} ${height}`;
  if (target.at === at) return;
  target.at = at;
  target.style.left = `${left}px`;
  target.style.width = `${width}px`;
  if (height !== null) target.style.height = `${height}px`;
}

function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

export class View {
  /** `selection` is read for what is selected; `scroller`, `canvas`, `frozen`, `body` are the page's elements. */
  constructor(elements, selection) {
    Object.assign(this, elements);
    this.selection = selection;
    this.rows = new Map();
    this.spare = [];
    this.columns = [];
    // Grows whenever all that is drawn must be painted again.
    this.painting = 0;
    this.header = element("row", "row header-row");
    this.frozen.append(this.header);
    this.scroller.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.sheet && this.show(this.sheet)).observe(this.scroller);
    this.onDraw = () => {};
  }

  /** Show a sheet, or a newer version of the one shown. */
  show(sheet) {
    this.sheet = sheet;
    this.geometry = new Geometry(sheet, this.scroller.clientWidth);
    this.canvas.style.width = `${this.geometry.width}px`;
    this.canvas.style.height = `${this.geometry.height}px`;
    this.frozen.style.height = `${this.geometry.frozenHeight}px`;
    this.scroller.setAttribute("aria-rowcount", sheet.rowCount);
    this.scroller.setAttribute("aria-colcount", sheet.columnCount);
    this.columns = [];
    this.draw(true);
  }

  /**
   * Bring the drawn rows in line with the scroll position; `all` also repaints those already drawn. Past the deadline,
   * what is left is drawn in the next frame.
   */
  draw(all = false, deadline = null) {
    if (!this.sheet) return;
    this.range = this.selection.range();
    const area = this.geometry.window(this.scroller);
    if (this.setColumns(area) || all) {
      this.painting += 1;
      this.paintHeader();
    }
    this.dropRows(area);
    for (let row = 0; row < this.geometry.frozenRows; row += 1) this.drawRow(row, this.frozen);
    const late = this.drawBody(area, deadline ?? Infinity);
    for (const drawn of this.spare) if (drawn.parentNode && !late) drawn.remove();
    this.onDraw();
    if (late) this.scrolled();
  }

  /** Draw the rows in sight, then those around them; answers whether the time was over before the end. */
  drawBody(area, end) {
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(area.top, this.geometry.rowAt(scrollTop + this.geometry.frozenHeight));
    const last = Math.min(area.bottom, this.geometry.rowAt(scrollTop + clientHeight));
    const rows = [];
    for (let row = first; row <= last; row += 1) rows.push(row);
    for (let row = last + 1; row <= area.bottom; row += 1) rows.push(row);
    for (let row = first - 1; row >= area.top; row -= 1) rows.push(row);
    for (const row of rows) {
      if (!this.drawRow(row, this.body)) continue;
      if (performance.now() > end) return true;
    }
    return false;
  }

  /** Draw once per frame while the sheet scrolls, no longer than a part of the frame. */
  scrolled() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw(false, performance.now() + FRAME_MS);
    });
  }

  setColumns({ left, right }) {
    let columns = [];
    for (let column = 0; column < this.geometry.frozenColumns; column += 1) columns.push(column);
    for (let column = left; column <= right; column += 1) columns.push(column);
    columns = columns.filter((column) => !columnHidden(this.sheet, column));
    const same = columns.length === this.columns.length && columns.every((column, at) => column === this.columns[at]);
    if (same) return false;
    this.columns = columns;
    return true;
  }

  dropRows({ top, bottom }) {
    for (const [row, drawn] of this.rows) {
      const wanted = row < this.geometry.frozenRows ? this.frozen : this.body;
      const inside = wanted === this.frozen || (row >= top && row <= bottom);
      if (drawn.parentNode === wanted && inside && !rowHidden(this.sheet, row)) continue;
      this.rows.delete(row);
      this.spare.push(drawn);
    }
  }

  /** Draw a row unless it is as it should be; answers whether there was anything to do. */
  drawRow(row, parent) {
    const known = this.rows.get(row);
    if (known?.painting === this.painting || rowHidden(this.sheet, row)) return false;
    const drawn = known ?? this.spare.pop() ?? element("row", "row");
    if (!known) {
      this.rows.set(row, drawn);
      // A row that is used again stays where it is in the page: taking it out and in would cost a layout.
      if (drawn.parentNode !== parent) parent.append(drawn);
      drawn.setAttribute("aria-rowindex", row + 1);
    }
    drawn.style.top = `${this.geometry.top(row)}px`;
    drawn.style.height = `${this.geometry.rowHeight(row)}px`;
    drawn.painting = this.painting;
    this.paintRow(drawn, row);
    return true;
  }

  /** Keep exactly one header and one cell for each drawn column in a row. */
  fit(drawn, role, className) {
    if (!drawn.firstChild) drawn.append(element(drawn === this.header ? "columnheader" : "rowheader", "head"));
    while (drawn.children.length > this.columns.length + 1) drawn.lastChild.remove();
    while (drawn.children.length < this.columns.length + 1) drawn.append(element(role, className));
    place(drawn.firstChild, 0, HEADER_WIDTH, true);
    drawn.style.width = `${this.geometry.width}px`;
  }

  paintRow(drawn, row) {
    this.fit(drawn, "gridcell", "cell");
    drawn.classList.toggle("last-frozen", row === this.geometry.frozenRows - 1);
    const head = drawn.firstChild;
    setText(head, String(row + 1));
    head.dataset.row = row;
    head.classList.toggle("chosen", this.selection.touchesRow(row));
    head.classList.toggle("beside", row + 1 < this.sheet.rowCount && rowHidden(this.sheet, row + 1));
    this.columns.forEach((column, index) => {
      const target = drawn.children[index + 1];
      paintCell(target, this, row, column);
      this.placeColumn(target, column, row);
    });
  }

  paintHeader() {
    this.fit(this.header, "columnheader", "head");
    this.header.style.height = `${HEADER_HEIGHT}px`;
    const corner = this.header.firstChild;
    corner.dataset.corner = "";
    corner.setAttribute("aria-label", "Tout sélectionner");
    this.columns.forEach((column, index) => {
      const head = this.header.children[index + 1];
      head.className = this.selection.touchesColumn(column) ? "head chosen" : "head";
      if (column === this.geometry.frozenColumns - 1) head.classList.add("last-pinned");
      if (column + 1 < this.sheet.columnCount && columnHidden(this.sheet, column + 1)) head.classList.add("beside");
      head.dataset.column = column;
      head.setAttribute("aria-colindex", column + 1);
      setText(head, columnName(column));
      this.placeColumn(head, column);
    });
  }

  placeColumn(target, column, row = null) {
    const pinned = column < this.geometry.frozenColumns;
    const whole = { width: this.geometry.columnWidth(column), height: HEADER_HEIGHT };
    const { width, height } = row === null ? whole : this.geometry.size(row, column);
    place(target, this.geometry.lefts[column], width, pinned, height);
  }

  reveal(row, column) {
    this.geometry.reveal(row, column, this.scroller);
  }

  /** Give the box of a cell in the scroller's own frame. */
  box(row, column) {
    return this.geometry.box(row, column, this.scroller);
  }

  /** Give the number of whole rows that one page shows. */
  pageRows() {
    const room = this.scroller.clientHeight - this.geometry.frozenHeight;
    return Math.max(1, Math.floor(room / DEFAULT_HEIGHT) - 1);
  }
}
