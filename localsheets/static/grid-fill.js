// Filling: Ctrl+D, Ctrl+R and the handle at the corner of the selection. Formats and formulas come along.

import { cellAt, isFilled } from "./grid-book.js";
import { asked, gridRange } from "./grid-requests.js";
import { continued } from "./grid-series.js";

export class Fill {
  constructor(page) {
    this.page = page;
  }

  copy(source, target) {
    const { sheetId } = this.page;
    const request = {
      source: gridRange(sheetId, source),
      destination: gridRange(sheetId, target),
      pasteType: "PASTE_NORMAL",
      pasteOrientation: "NORMAL",
    };
    return asked(sheetId, [{ copyPaste: request }]);
  }

  /** Copy the first selected row over those under it; on one row, copy the row above. */
  down() {
    const { top, bottom, left, right } = this.page.selection.range();
    const from = bottom > top ? top : top - 1;
    if (from < 0) return;
    this.page.act([this.copy({ top: from, bottom: from, left, right }, { top: from + 1, bottom, left, right })]);
  }

  /** Copy the first selected column over those on its right; on one column, copy the column on its left. */
  right() {
    const { top, bottom, left, right } = this.page.selection.range();
    const from = right > left ? left : left - 1;
    if (from < 0) return;
    this.page.act([this.copy({ top, bottom, left: from, right: from }, { top, bottom, left: from + 1, right })]);
  }

  /** Give the range that dragging the handle of a selection to a cell would fill: along one axis only. */
  reach(source, { row, column }) {
    const down = row > source.bottom ? row - source.bottom : Math.min(0, row - source.top);
    const across = column > source.right ? column - source.right : Math.min(0, column - source.left);
    if (!down && !across) return null;
    if (Math.abs(down) >= Math.abs(across)) {
      if (down > 0) return { ...source, top: source.bottom + 1, bottom: row };
      return { ...source, top: row, bottom: source.top - 1 };
    }
    if (across > 0) return { ...source, left: source.right + 1, right: column };
    return { ...source, left: column, right: source.left - 1 };
  }

  /** Give how far down the filled column beside a selection goes: where a double click on the handle stops. */
  depth({ left, right, bottom }) {
    const sheet = this.page.sheet();
    const beside = [left - 1, right + 1].filter((column) => column >= 0 && isFilled(sheet, bottom + 1, column));
    const ends = beside.map((column) => {
      let row = bottom;
      while (row + 1 < sheet.rowCount && isFilled(sheet, row + 1, column)) row += 1;
      return row;
    });
    return Math.max(bottom, ...ends);
  }

  /** Fill down as far as the column beside is filled. */
  toDepth() {
    const source = this.page.selection.range();
    const bottom = this.depth(source);
    if (bottom > source.bottom) this.drag(source, { ...source, top: source.bottom + 1, bottom }, false);
  }

  /** Fill a range from a source beside it: series go on, the rest is repeated; `only` copies. */
  drag(source, target, only) {
    const { page } = this;
    const actions = this.repeated(source, target);
    const series = only ? null : this.series(source, target);
    const place = { sheetId: page.sheetId, row: target.top, column: target.left };
    if (series) actions.push({ type: "set", ...place, values: series });
    page.act(actions);
    page.selection.selectRange({
      top: Math.min(source.top, target.top),
      left: Math.min(source.left, target.left),
      bottom: Math.max(source.bottom, target.bottom),
      right: Math.max(source.right, target.right),
    });
    page.refresh(false);
  }

  /** A copy covers whole multiples of its source: the rest of the target is copied apart. */
  repeated(source, target) {
    const vertical = source.left === target.left && source.right === target.right;
    const [near, far] = vertical ? ["top", "bottom"] : ["left", "right"];
    const size = source[far] - source[near] + 1;
    const length = target[far] - target[near] + 1;
    const whole = length - (length % size);
    const backwards = target[near] < source[near];
    const actions = [];
    if (whole) {
      const start = backwards ? target[far] - whole + 1 : target[near];
      actions.push(this.copy(source, { ...target, [near]: start, [far]: start + whole - 1 }));
    }
    if (length > whole) {
      const part = length - whole;
      const end = backwards ? { [near]: source[far] - part + 1 } : { [far]: source[near] + part - 1 };
      const piece = { ...source, ...end };
      const start = backwards ? target[near] : target[near] + whole;
      actions.push(this.copy(piece, { ...target, [near]: start, [far]: start + part - 1 }));
    }
    return actions;
  }

  series(source, target) {
    const vertical = source.left === target.left && source.right === target.right;
    const sheet = this.page.sheet();
    const [first, last] = vertical ? [source.left, source.right] : [source.top, source.bottom];
    const lines = last - first + 1;
    const count = vertical ? target.bottom - target.top + 1 : target.right - target.left + 1;
    const backwards = vertical ? target.top < source.top : target.left < source.left;
    const found = Array.from({ length: lines }, (_, line) => {
      const texts = this.texts(sheet, source, vertical, first + line);
      const going = continued(backwards ? texts.reverse() : texts, count, this.page.book.french());
      return backwards && going ? going.reverse() : going;
    });
    if (found.every((line) => line === null)) return null;
    const at = (line, step) => found[line]?.[step] ?? null;
    if (!vertical) return found.map((_, line) => Array.from({ length: count }, (_unused, step) => at(line, step)));
    return Array.from({ length: count }, (_, step) => found.map((_unused, line) => at(line, step)));
  }

  texts(sheet, source, vertical, line) {
    const texts = [];
    const [from, to] = vertical ? [source.top, source.bottom] : [source.left, source.right];
    for (let at = from; at <= to; at += 1) {
      const cell = vertical ? cellAt(sheet, at, line) : cellAt(sheet, line, at);
      texts.push(cell.e ?? cell.f);
    }
    return texts;
  }
}
