// Typing into a cell. One text area always has the keyboard: invisible over the active cell until something is
// typed (so that accents composed from dead keys work from the first letter), then the editor of that cell.
// Modes: null (ready), "enter" (typing replaces, arrows leave the cell), "edit" (arrows move the caret).

import { rangeName } from "./grid-address.js";
import { cellAt } from "./grid-book.js";
import { refusal } from "./grid-choices.js";
import { lockedAt } from "./grid-formula.js";
import { mergeAt, nextCell } from "./grid-lines.js";

const AWAITS_REFERENCE = /^=(?:.*[=(,;+\-*/&<>:^\s])?$/s;

export class Editor {
  /** `page` gives sheet(), sheetId, selection, view and act(); `area` and `bar` are the two text fields. */
  constructor(page, area, bar) {
    Object.assign(this, { page, area, bar, mode: null, target: null, pointed: null });
    this.original = "";
    area.addEventListener("input", () => this.typed(area));
    area.addEventListener("compositionstart", () => this.mode ?? this.begin("enter", ""));
    bar.addEventListener("input", () => this.typed(bar));
    bar.addEventListener("focus", () => this.mode ?? this.begin("edit", this.entered()));
    for (const field of [area, bar]) field.addEventListener("blur", (event) => this.left(field, event.relatedTarget));
  }

  get field() {
    return document.activeElement === this.bar ? this.bar : this.area;
  }

  entered() {
    const { row, column } = this.page.selection.anchor;
    const cell = cellAt(this.page.sheet(), row, column);
    return cell.e ?? cell.f;
  }

  /** Open the active cell; `text` is what the field holds at first (with the caret after it). */
  begin(mode, text) {
    if (this.page.history.refuses()) return;
    this.mode = mode;
    this.target = { sheetId: this.page.sheetId, ...this.page.selection.anchor };
    this.original = this.entered();
    this.page.view.reveal(this.target.row, this.target.column);
    if (this.area.value !== text) this.area.value = text;
    if (this.bar.value !== text) this.bar.value = text;
    this.page.dom.stage.classList.add("editing");
    this.place();
    this.page.people.tell();
  }

  /** Edit what the active cell already holds. */
  open() {
    this.begin("edit", this.entered());
    this.focus();
    this.area.setSelectionRange(this.area.value.length, this.area.value.length);
  }

  typed(field) {
    if (!this.page.sheet()) return;
    this.pointed = null;
    this.page.overlay.show(null);
    const text = field.value;
    if (this.mode === null) this.begin("enter", text);
    if (this.mode === null) {
      this.area.value = "";
      this.show();
      return;
    }
    const other = field === this.area ? this.bar : this.area;
    other.value = text;
    this.place();
  }

  /** Save what was typed. A text left as it was saves nothing, so that others' changes stay. */
  commit() {
    if (this.mode === null) return;
    const { sheetId, row, column } = this.target;
    const text = this.area.value;
    const changed = text !== this.original;
    const refused = changed ? refusal(this.page.book.sheet(sheetId), row, column, text) : null;
    this.close();
    if (refused) this.page.warn(refused);
    if (refused) this.page.refresh();
    else if (changed) this.page.act([{ type: "set", sheetId, row, column, values: [[text]] }]);
    else this.page.refresh();
  }

  /** Save when the keyboard goes elsewhere in the page; going to another window leaves the cell open. */
  left(field, next) {
    if (document.activeElement !== field && next !== this.area && next !== this.bar) this.commit();
  }

  /** Leave the cell as it was. */
  cancel() {
    this.close();
    this.page.refresh();
  }

  close() {
    this.mode = null;
    this.target = null;
    this.pointed = null;
    this.page.overlay.show(null);
    this.area.value = "";
    this.page.dom.stage.classList.remove("editing");
  }

  focus() {
    this.area.focus({ preventScroll: true });
  }

  /** Break the line inside the cell. */
  breakLine() {
    this.insert("\n");
  }

  /** Write a text at the caret. */
  insert(text) {
    const { field } = this;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    this.typed(field);
  }

  /** F4: lock the reference at the caret by turns, A1, $A$1, A$1, $A1; answers whether there is one. */
  lockReference() {
    const { field } = this;
    const locked = lockedAt(field.value, field.selectionEnd);
    if (!locked) return false;
    field.value = locked.text;
    field.setSelectionRange(locked.caret, locked.caret);
    this.typed(field);
    return true;
  }

  /** An arrow in a formula that awaits a reference points at a cell, from the one pointed at last. */
  pointBy(down, across, extending) {
    const sheet = this.page.sheet();
    const { pointed } = this;
    const from = pointed?.head ?? { row: this.target.row, column: this.target.column };
    const head = nextCell(sheet, from, down, across);
    const anchor = extending && pointed?.anchor ? pointed.anchor : head;
    const range = {
      top: Math.min(anchor.row, head.row),
      bottom: Math.max(anchor.row, head.row),
      left: Math.min(anchor.column, head.column),
      right: Math.max(anchor.column, head.column),
    };
    this.point(rangeName(range, sheet));
    Object.assign(this.pointed, { anchor, head });
    this.page.view.reveal(head.row, head.column);
    this.page.overlay.show(range);
    return true;
  }

  /** Tell whether a click on a cell should write its address into the formula being typed. */
  awaitsReference() {
    if (this.mode === null) return false;
    return this.pointed !== null || AWAITS_REFERENCE.test(this.field.value.slice(0, this.field.selectionStart));
  }

  /** Write an address at the caret, or over the one just written while the mouse is dragged. */
  point(name) {
    const { field } = this;
    const start = this.pointed?.start ?? field.selectionStart;
    const end = this.pointed?.end ?? field.selectionEnd;
    field.setRangeText(name, start, end, "end");
    this.typed(field);
    this.pointed = { start, end: start + name.length };
  }

  /** Show the active cell in the formula bar, unless someone is typing. */
  show() {
    if (this.mode !== null) return this.place();
    const { row, column } = this.page.selection.anchor;
    this.bar.value = this.entered();
    const merge = mergeAt(this.page.sheet(), row, column);
    const name = rangeName(merge ?? { top: row, bottom: row, left: column, right: column }, this.page.sheet());
    this.area.setAttribute("aria-label", `Cellule ${name}`);
    return this.place();
  }

  /** Keep the text area over its cell, growing with the text up to the edge of the grid. */
  place() {
    const { row, column } = this.target ?? this.page.selection.anchor;
    const box = this.page.view.box(row, column);
    const { style } = this.area;
    style.left = `${box.left}px`;
    style.top = `${box.top}px`;
    style.width = `${box.width}px`;
    style.height = `${box.height}px`;
    if (this.mode !== null) this.grow(box);
  }

  grow(box) {
    const { scroller } = this.page.view;
    const room = Math.max(box.width, scroller.clientWidth - box.left - 2);
    const depth = Math.max(box.height, scroller.clientHeight - box.top - 2);
    const { scrollWidth, clientWidth, scrollHeight } = this.area;
    if (scrollWidth > clientWidth) this.area.style.width = `${Math.min(room, scrollWidth + 2)}px`;
    this.area.style.height = `${Math.min(depth, Math.max(box.height, scrollHeight))}px`;
  }
}
