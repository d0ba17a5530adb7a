// The name box: it shows what is selected, and goes to an address, a tab's address or a named range.

import { parseRange, rangeName } from "./grid-address.js";

const TAB = /^(?:'((?:[^']|'')+)'|([^!]+))!(.+)$/;

export class NameBox {
  constructor(page, field) {
    Object.assign(this, { page, field });
    field.addEventListener("focus", () => field.select());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.show());
    field.addEventListener("change", (event) => event.stopPropagation());
  }

  /** Write the selected range, by its name when it has one, unless someone is typing here. */
  show() {
    const { page, field } = this;
    if (!page.sheet()) return;
    const range = page.selection.range();
    const named = page.book.names.find(
      ({ sheetId, area: [top, left, bottom, right] }) =>
        sheetId === page.sheetId &&
        top === range.top &&
        left === range.left &&
        bottom === range.bottom &&
        right === range.right,
    );
    const text = named?.name ?? (page.selection.isSingle() ? this.single() : rangeName(range, page.sheet()));
    if (document.activeElement !== field && field.value !== text) field.value = text;
  }

  single() {
    const { row, column } = this.page.selection.anchor;
    return rangeName({ top: row, bottom: row, left: column, right: column }, this.page.sheet());
  }

  key(event) {
    if (event.key !== "Enter" && event.key !== "Escape" && event.key !== "F6") return;
    event.preventDefault();
    const text = this.field.value.trim();
    this.page.editor.focus();
    if (event.key === "Enter" && text && !this.go(text)) this.page.warn(`« ${text} » n’est ni une adresse ni un nom.`);
    this.show();
  }

  /** Go to an address or a name; answers whether there is such a place. */
  go(text) {
    const { page } = this;
    const named = page.book.names.find(({ name }) => name.toLowerCase() === text.toLowerCase());
    if (named) {
      const [top, left, bottom, right] = named.area;
      return this.land(named.sheetId, { top, left, bottom, right });
    }
    const [, quoted, plain, cells] = TAB.exec(text) ?? [null, null, null, text];
    const title = quoted?.replaceAll("''", "'") ?? plain;
    const tab = title && page.book.tabs().find((sheet) => sheet.title.toLowerCase() === title.toLowerCase());
    const range = parseRange(cells);
    if ((title && !tab) || !range) return false;
    return this.land(tab ? tab.sheetId : page.sheetId, range);
  }

  land(sheetId, range) {
    const { page } = this;
    if (!page.book.tabs().some((sheet) => sheet.sheetId === sheetId)) return false;
    page.activate(sheetId);
    if (range.top >= page.sheet().rowCount || range.left >= page.sheet().columnCount) return false;
    page.selection.selectRange(range);
    page.view.reveal(range.top, range.left);
    page.refresh(false);
    return true;
  }
}
