// Copy, cut and paste, through the browser's clipboard events: blocks travel to and from other programs.
// Within the page a copy carries what was entered, with the references of its formulas moved.

import { cellAt } from "./grid-book.js";
import { shiftFormula } from "./grid-formula.js";
import { formatBlock, parseBlock } from "./grid-tsv.js";

const MAX_PASTED = 500000;

function block(sheet, { top, bottom, left, right }, read) {
  const rows = [];
  for (let row = top; row <= bottom; row += 1) {
    const line = [];
    for (let column = left; column <= right; column += 1) line.push(read(cellAt(sheet, row, column)));
    rows.push(line);
  }
  return rows;
}

/** Give what was entered in each cell of a range. */
export function enteredBlock(sheet, range) {
  return block(sheet, range, (cell) => cell.e ?? cell.f);
}

/** Repeat a block over an area when the area is a whole multiple of it; otherwise give the block itself. */
export function tiled(source, height, width) {
  const [rows, columns] = [source.length, source[0].length];
  if (height % rows || width % columns) return { rows, columns };
  return { rows: Math.max(rows, height), columns: Math.max(columns, width) };
}

export class Clipboard {
  constructor(page) {
    this.page = page;
    this.copied = null;
    const idle = (action) => (event) => page.gridHasKeyboard() && page.editor.mode === null && action(event);
    document.addEventListener("copy", idle((event) => this.copy(event, false)));
    document.addEventListener("cut", idle((event) => this.copy(event, true)));
    document.addEventListener("paste", idle((event) => this.paste(event)));
  }

  copy(event, cutting) {
    const { page } = this;
    const sheet = page.sheet();
    const range = page.selection.usedRange() ?? { ...page.selection.range(), ...this.activeOnly() };
    const text = formatBlock(block(sheet, range, (cell) => cell.f));
    this.copied = { text, cutting, sheetId: sheet.sheetId, range, entered: enteredBlock(sheet, range) };
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    page.say(cutting ? "Coupé : collez à l’endroit voulu." : "Copié");
  }

  activeOnly() {
    const { row, column } = this.page.selection.anchor;
    return { top: row, bottom: row, left: column, right: column };
  }

  /** A cut that was not pasted is given up. */
  forgetCut() {
    if (this.copied?.cutting) this.copied = null;
    return true;
  }

  paste(event) {
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    if (text === "") return;
    const own = this.copied && this.copied.text === text.replace(/\r\n/g, "\n") ? this.copied : null;
    const source = own ? own.entered : parseBlock(text);
    const { top, left, bottom, right } = this.page.selection.range();
    const size = own?.cutting
      ? { rows: source.length, columns: source[0].length }
      : tiled(source, bottom - top + 1, right - left + 1);
    if (size.rows * size.columns > MAX_PASTED) this.page.warn("Ce bloc est trop grand pour être collé d’un coup.");
    else this.put(source, own, { row: top, column: left, ...size });
  }

  put(source, own, { row, column, rows, columns }) {
    const { page } = this;
    const value = (down, across) => {
      const [fromRow, fromColumn] = [down % source.length, across % source[0].length];
      const text = source[fromRow][fromColumn];
      if (!own || own.cutting) return text;
      const { top, left } = own.range;
      return shiftFormula(text, row + down - top - fromRow, column + across - left - fromColumn);
    };
    const values = Array.from({ length: rows }, (_, down) =>
      Array.from({ length: columns }, (_unused, across) => value(down, across)),
    );
    const actions = [...this.emptied(own), ...page.roomFor(row + rows, column + columns)];
    actions.push({ type: "set", sheetId: page.sheetId, row, column, values });
    if (own?.cutting) this.copied = null;
    page.selection.selectRange({ top: row, left: column, bottom: row + rows - 1, right: column + columns - 1 });
    page.act(actions);
    // The selection was cut to the old size of the sheet when the block makes it grow.
    page.selection.selectRange({ top: row, left: column, bottom: row + rows - 1, right: column + columns - 1 });
    page.refresh(false);
  }

  emptied(own) {
    if (!own?.cutting) return [];
    const { top, left } = own.range;
    const values = own.entered.map((line) => line.map(() => ""));
    return [{ type: "set", sheetId: own.sheetId, row: top, column: left, values }];
  }
}
