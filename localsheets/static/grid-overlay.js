// What floats over the cells: the fill handle, the outline of what was copied, previews of drags, the tip of a note.

import { cellAt } from "./grid-book.js";
import { protectionsAt } from "./grid-commands-data.js";
import { ruleAt } from "./grid-paint.js";
import { HEADER_HEIGHT, HEADER_WIDTH } from "./grid-sizes.js";

function made(id) {
  const element = document.createElement("div");
  element.id = id;
  element.hidden = true;
  return element;
}

export class Overlay {
  constructor(page) {
    this.page = page;
    this.copied = null;
    this.previewed = null;
    this.handle = made("fill-handle");
    this.dashes = made("copied");
    this.preview = made("preview");
    this.drop = made("drop-line");
    this.tip = made("tip");
    this.tip.setAttribute("role", "tooltip");
    page.dom.overlay.append(this.dashes, this.preview, this.drop, this.handle);
    page.dom.stage.append(this.tip);
    this.hovered = null;
  }

  /** Show dashes around what was copied; nothing without a tab. */
  outline(sheetId, range) {
    this.copied = sheetId === null ? null : { sheetId, range };
    this.place();
  }

  /** Show the range that a drag would fill; null hides it. */
  show(range) {
    this.previewed = range;
    this.place();
  }

  /** Show the line where dragged rows or columns would land: `at` is the line before which they go; null hides it. */
  showDrop(axis, at) {
    this.drop.hidden = at === null;
    if (at === null) return;
    const { geometry, scroller } = this.page.view;
    const frozen = axis === "ROWS" ? at <= geometry.frozenRows && at > 0 : at <= geometry.frozenColumns && at > 0;
    const start = axis === "ROWS" ? geometry.tops[at] : geometry.lefts[at];
    const shift = frozen ? 0 : axis === "ROWS" ? scroller.scrollTop : scroller.scrollLeft;
    const { style } = this.drop;
    style.left = axis === "ROWS" ? "0" : `${start - shift - 2}px`;
    style.top = axis === "ROWS" ? `${start - shift - 2}px` : "0";
    style.width = axis === "ROWS" ? "100%" : "3px";
    style.height = axis === "ROWS" ? "3px" : "100%";
  }

  /** Bring everything in line with the scroll position and the selection. */
  place() {
    const { page } = this;
    if (!page.sheet()) return;
    const { editor, selection } = page;
    this.around(this.dashes, this.copied?.sheetId === page.sheetId ? this.copied.range : null);
    this.around(this.preview, this.previewed);
    this.placeHandle(editor.mode === null ? selection.range() : null);
    this.placeTip();
  }

  /** Give the box of a range in the stage, null when no part of it is in sight. */
  boxOf({ top, left, bottom, right }) {
    const { geometry, scroller } = this.page.view;
    const sheet = this.page.sheet();
    const last = [Math.min(bottom, sheet.rowCount - 1), Math.min(right, sheet.columnCount - 1)];
    const [first, end] = [geometry.box(top, left, scroller), geometry.box(...last, scroller)];
    const box = {
      left: Math.max(first.left, left < geometry.frozenColumns ? HEADER_WIDTH : geometry.frozenWidth),
      top: Math.max(first.top, top < geometry.frozenRows ? HEADER_HEIGHT : geometry.frozenHeight),
      right: end.left + geometry.columnWidth(last[1]),
      bottom: end.top + geometry.rowHeight(last[0]),
    };
    return box.right <= box.left || box.bottom <= box.top ? null : box;
  }

  around(element, range) {
    const box = range && this.boxOf(range);
    element.hidden = !box;
    if (!box) return;
    const { style } = element;
    style.left = `${box.left - 1}px`;
    style.top = `${box.top - 1}px`;
    style.width = `${box.right - box.left}px`;
    style.height = `${box.bottom - box.top}px`;
  }

  placeHandle(range) {
    const box = range && this.boxOf(range);
    this.handle.hidden = !box;
    if (!box) return;
    this.handle.style.left = `${box.right - 5}px`;
    this.handle.style.top = `${box.bottom - 5}px`;
  }

  /** Show the note under the mouse, else that of the active cell, with what its rule and its protection say. */
  placeTip() {
    const { page } = this;
    const at = this.hovered ?? page.selection.anchor;
    const note = cellAt(page.sheet(), at.row, at.column).m;
    const rule = this.hovered ? null : ruleAt(page.sheet(), at.row, at.column);
    const locks = this.hovered ? [] : protectionsAt(page).map(({ about }) => about && `Plage protégée : ${about}`);
    const text = [note, rule?.message, ...locks].filter(Boolean).join("\n");
    const busy = page.editor.mode !== null || !page.menu.element.hidden;
    this.tip.hidden = !text || busy;
    if (this.tip.hidden) return;
    if (this.tip.textContent !== text) this.tip.textContent = text;
    const { left, top, width } = page.view.box(at.row, at.column);
    const room = page.dom.stage.clientWidth - this.tip.offsetWidth - 8;
    const beside = left + width + 6;
    this.tip.style.left = `${Math.max(4, beside > room ? Math.min(room, left) : beside)}px`;
    this.tip.style.top = `${Math.max(HEADER_HEIGHT, beside > room ? top + 28 : top)}px`;
  }

  /** Say which cell the mouse is over; null for none. */
  hover(at) {
    const noted = at && cellAt(this.page.sheet(), at.row, at.column).m ? at : null;
    if (noted?.row === this.hovered?.row && noted?.column === this.hovered?.column) return;
    this.hovered = noted;
    this.placeTip();
  }
}
