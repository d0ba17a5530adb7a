// What a page can do with its book, whoever asks: keys, menus, mouse. It also says what happened.

import { cellAt } from "./grid-book.js";
import { enteredBlock } from "./grid-clipboard.js";
import { CELL_MENU, COLUMN_MENU, COMMANDS, ROW_MENU } from "./grid-commands.js";
import { rowHidden } from "./grid-lines.js";
import { STATUS } from "./grid-link.js";
import { entriesOf } from "./grid-menu.js";
import { asked, lineProperties } from "./grid-requests.js";

const MENU_NAMES = { cell: CELL_MENU, row: ROW_MENU, column: COLUMN_MENU };
const MESSAGE_MS = 12000;
const LONGEST_QUOTE = 300;

/** Quote what a refused step would have typed, so that it may be copied and typed again. */
export function quoted(actions) {
  const typed = actions.filter(({ type }) => type === "set").flatMap(({ values }) => values.flat());
  const texts = typed.filter((text) => text);
  if (!texts.length) return "";
  const all = texts.join(" ; ");
  return ` Vous aviez écrit : « ${all.length > LONGEST_QUOTE ? `${all.slice(0, LONGEST_QUOTE)}…` : all} »`;
}

/** The page's deeds; the page itself gives book, sheet(), selection, dom, menu and send(). */
export class Acts {
  /** Do a list of actions as one step: shown at once, then sent. */
  act(actions) {
    this.send({ path: "actions", actions, revision: null, base: this.book.revision });
  }

  run(name) {
    COMMANDS[name].run(this);
    return true;
  }

  /** Do API requests as one step. */
  ask(requests) {
    if (requests.length) this.act([asked(this.sheetId, requests)]);
  }

  openMenu(kind, x, y) {
    this.menu.open(entriesOf(this, MENU_NAMES[kind]), x, y, this.dom.editor);
  }

  selectAll() {
    const { rowCount, columnCount } = this.sheet();
    this.selection.selectRange({ top: 0, left: 0, bottom: rowCount - 1, right: columnCount - 1 });
    this.refresh(false);
    return true;
  }

  /** Count the filled cells of a range. */
  filledIn({ top, bottom, left, right }) {
    let count = 0;
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) count += cellAt(this.sheet(), row, column).e ? 1 : 0;
    }
    return count;
  }

  /** Give a row back the height of its content. */
  resetHeight(row) {
    this.ask([lineProperties(this.sheetId, "ROWS", row, 1, { pixelSize: 0 })]);
  }

  clearSelection() {
    const used = this.selection.usedRange();
    if (!used) return;
    const { top, left } = used;
    const inSight = (row) => !rowHidden(this.sheet(), row);
    const emptied = (line, at) => line.map((text) => (text === "" || !inSight(top + at) ? null : ""));
    const values = enteredBlock(this.sheet(), used).map(emptied);
    if (values.some((line) => line.includes(""))) {
      this.act([{ type: "set", sheetId: this.sheetId, row: top, column: left, values }]);
    }
  }

  /** Give the actions that make the sheet large enough. */
  roomFor(rows, columns) {
    const { sheetId, rowCount, columnCount } = this.sheet();
    const actions = [];
    const grow = (type, at, count) => count > 0 && actions.push({ type, sheetId, at, count });
    grow("insertRows", rowCount, rows - rowCount);
    grow("insertColumns", columnCount, columns - columnCount);
    return actions;
  }

  showStatus(status) {
    const { status: line } = this.dom;
    if (line.textContent !== STATUS[status]) line.textContent = STATUS[status];
    line.dataset.state = status;
  }

  /** Show a message that asks for attention. */
  warn(text) {
    const { message } = this.dom;
    message.textContent = text;
    message.hidden = false;
    clearTimeout(this.messageTimer);
    this.messageTimer = setTimeout(() => (message.hidden = true), MESSAGE_MS);
  }

  /** Tell screen readers where we are. */
  say(text) {
    if (this.dom.announce.textContent !== text) this.dom.announce.textContent = text;
  }
}

