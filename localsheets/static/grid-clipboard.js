// Copy, cut and paste, through the browser's clipboard events: blocks travel to and from other programs.
// Within the page a copy carries everything: formulas, formats, notes and rules.

import { cellAt } from "./grid-book.js";
import { shiftFormula } from "./grid-formula.js";
import { rowHidden } from "./grid-lines.js";
import { asked, gridRange } from "./grid-requests.js";
import { formatBlock, parseBlock, readTable, writeTable } from "./grid-tsv.js";

const MAX_PASTED = 500000;
const NO_CLIPBOARD = "Le navigateur ne donne pas le presse-papiers aux menus : collez avec Ctrl+V.";

function rowsInSight(sheet, { top, bottom }) {
  const rows = Array.from({ length: bottom - top + 1 }, (_, index) => top + index);
  return rows.filter((row) => !rowHidden(sheet, row));
}

function block(sheet, rows, { left, right }, read) {
  return rows.map((row) => {
    const line = [];
    for (let column = left; column <= right; column += 1) line.push(read(cellAt(sheet, row, column)));
    return line;
  });
}

const entered = (cell) => cell.e ?? cell.f;

/** Give what was entered in each cell of a range. */
export function enteredBlock(sheet, range) {
  const rows = Array.from({ length: range.bottom - range.top + 1 }, (_, index) => range.top + index);
  return block(sheet, rows, range, entered);
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
    this.plain = false;
    const idle = (action) => (event) => page.gridHasKeyboard() && page.editor.mode === null && action(event);
    document.addEventListener("copy", idle((event) => this.copy(event, false)));
    document.addEventListener("cut", idle((event) => this.copy(event, true)));
    document.addEventListener("paste", idle((event) => this.pasteEvent(event)));
  }

  /** Take the selection; gives its text. Rows that a filter hides are left out. */
  take(cutting) {
    const { page } = this;
    const sheet = page.sheet();
    const range = page.selection.usedRange() ?? { ...page.selection.range(), ...this.activeOnly() };
    const rows = cutting ? rowsInSight({}, range) : rowsInSight(sheet, range);
    const shown = block(sheet, rows, range, (cell) => cell.f);
    const whole = rows.length === range.bottom - range.top + 1;
    const text = formatBlock(shown);
    this.copied = { text, cutting, whole, sheetId: sheet.sheetId, range, entered: block(sheet, rows, range, entered) };
    page.overlay.outline(sheet.sheetId, range);
    page.say(cutting ? "Coupé : collez à l’endroit voulu." : "Copié");
    return shown;
  }

  copy(event, cutting) {
    const shown = this.take(cutting);
    event.clipboardData.setData("text/plain", this.copied.text);
    event.clipboardData.setData("text/html", writeTable(shown));
    event.preventDefault();
  }

  /** Copy or cut from a menu. */
  async copyFromMenu(cutting) {
    this.take(cutting);
    try {
      await navigator.clipboard.writeText(this.copied.text);
    } catch (error) {
      // Without the right to the system's clipboard the copy still serves inside the page.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  activeOnly() {
    const { row, column } = this.page.selection.anchor;
    return { top: row, bottom: row, left: column, right: column };
  }

  /** What was cut or copied is given up. */
  forget() {
    const had = this.copied !== null;
    this.copied = null;
    this.page.overlay.outline(null);
    return had;
  }

  pasteEvent(event) {
    event.preventDefault();
    const data = event.clipboardData;
    const text = data.getData("text/plain");
    const table = text === "" ? readTable(data.getData("text/html")) : null;
    const plain = this.plain;
    this.plain = false;
    if (text !== "") this.paste(text, plain);
    else if (table) this.place(table, null, plain);
  }

  /** Paste from a menu: what the page copied, else what the browser lets it read. */
  async pasteFromMenu(plain) {
    if (this.copied) return this.paste(this.copied.text, plain);
    try {
      const text = await navigator.clipboard.readText();
      return text === "" ? undefined : this.paste(text, plain);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return this.page.warn(NO_CLIPBOARD);
    }
  }

  /** The next paste brings values only. */
  plainNext() {
    this.plain = true;
    setTimeout(() => (this.plain = false), 500);
  }

  paste(text, plain) {
    const own = this.copied && this.copied.text === text.replace(/\r\n/g, "\n") ? this.copied : null;
    this.place(own ? own.entered : parseBlock(text), own, plain);
  }

  place(source, own, plain) {
    const { top, left, bottom, right } = this.page.selection.range();
    const size = own?.cutting
      ? { rows: source.length, columns: source[0].length }
      : tiled(source, bottom - top + 1, right - left + 1);
    if (size.rows * size.columns > MAX_PASTED) this.page.warn("Ce bloc est trop grand pour être collé d’un coup.");
    else this.put(source, own, plain, { row: top, column: left, ...size });
  }

  put(source, own, plain, { row, column, rows, columns }) {
    const { page } = this;
    const target = { top: row, left: column, bottom: row + rows - 1, right: column + columns - 1 };
    const actions = [...page.roomFor(row + rows, column + columns)];
    if (own && this.stillThere(own)) actions.push(this.carried(own, target, plain));
    else {
      const values = this.values(source, own, target);
      actions.push(...this.emptied(own), { type: "set", sheetId: page.sheetId, row, column, values });
    }
    if (own?.cutting) this.forget();
    page.selection.selectRange(target);
    page.act(actions);
    // The selection was cut to the old size of the sheet when the block makes it grow.
    page.selection.selectRange(target);
    page.refresh(false);
  }

  /** Tell whether what was copied is unchanged where it was: only then can the server copy it with its formats. */
  stillThere(own) {
    const sheet = this.page.book.sheet(own.sheetId);
    if (!own.whole || !sheet) return false;
    if (own.range.bottom >= sheet.rowCount || own.range.right >= sheet.columnCount) return false;
    return JSON.stringify(enteredBlock(sheet, own.range)) === JSON.stringify(own.entered);
  }

  carried(own, target, plain) {
    const source = gridRange(own.sheetId, own.range);
    const pasteType = plain ? "PASTE_VALUES" : "PASTE_NORMAL";
    const { sheetId } = this.page;
    const destination = own.cutting
      ? { sheetId, rowIndex: target.top, columnIndex: target.left }
      : gridRange(sheetId, target);
    const request = own.cutting
      ? { cutPaste: { source, destination, pasteType } }
      : { copyPaste: { source, destination, pasteType, pasteOrientation: "NORMAL" } };
    return asked(sheetId, [request]);
  }

  values(source, own, { top, left, bottom, right }) {
    const value = (down, across) => {
      const [fromRow, fromColumn] = [down % source.length, across % source[0].length];
      const text = source[fromRow][fromColumn];
      if (!own || own.cutting) return text;
      return shiftFormula(text, top + down - own.range.top - fromRow, left + across - own.range.left - fromColumn);
    };
    return Array.from({ length: bottom - top + 1 }, (_, down) =>
      Array.from({ length: right - left + 1 }, (_unused, across) => value(down, across)),
    );
  }

  emptied(own) {
    if (!own?.cutting) return [];
    const { top, left } = own.range;
    const values = own.entered.map((line) => line.map(() => ""));
    return [{ type: "set", sheetId: own.sheetId, row: top, column: left, values }];
  }
}
