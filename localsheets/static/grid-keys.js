// The keyboard, as in any spreadsheet. Each table entry answers true when it used the key.

import { rowLength } from "./grid-book.js";
import { nextCell } from "./grid-lines.js";
import { jump, lastUsed } from "./grid-selection.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function moveBy(page, event, down, across, jumping) {
  const { selection } = page;
  const from = event.shiftKey ? selection.head : selection.anchor;
  const to = (jumping ? jump : nextCell)(page.sheet(), from, down, across);
  selection.go(to, event.shiftKey);
  page.refresh();
  return true;
}

function moveTo(page, event, cell) {
  page.selection.go(cell, event.shiftKey);
  page.refresh();
  return true;
}

function goHome(page, event, control) {
  const { head, anchor } = page.selection;
  return moveTo(page, event, control ? { row: 0, column: 0 } : { ...(event.shiftKey ? head : anchor), column: 0 });
}

function goEnd(page, event, control) {
  const sheet = page.sheet();
  const { row } = event.shiftKey ? page.selection.head : page.selection.anchor;
  return moveTo(page, event, control ? lastUsed(sheet) : { row, column: Math.max(0, rowLength(sheet, row) - 1) });
}

function enter(page, event) {
  if (page.editor.mode !== null) page.editor.commit();
  page.selection.enter(event.shiftKey ? -1 : 1);
  page.refresh();
  return true;
}

function tab(page, event) {
  if (page.editor.mode !== null) page.editor.commit();
  page.selection.tab(event.shiftKey ? -1 : 1);
  page.refresh();
  return true;
}

function openEditor(page) {
  page.editor.open();
  return true;
}

function clear(page) {
  page.clearSelection();
  return true;
}

function selectAround(page) {
  const sheet = page.sheet();
  page.selection.selectRange({ top: 0, left: 0, bottom: sheet.rowCount - 1, right: sheet.columnCount - 1 });
  page.refresh(false);
  return true;
}

const PLAIN = {
  Enter: enter,
  Tab: tab,
  F2: openEditor,
  Delete: clear,
  Backspace: clear,
  Home: goHome,
  End: goEnd,
  PageUp: (page, event) => moveBy(page, event, -page.view.pageRows(), 0, false),
  PageDown: (page, event) => moveBy(page, event, page.view.pageRows(), 0, false),
  F6: (page, event) => page.leaveGrid(event.shiftKey),
  Escape: (page) => page.clipboard.forgetCut(),
};

const CONTROL = {
  a: selectAround,
  d: (page) => page.fillDown(),
  z: (page, event) => page.run(event.shiftKey ? "redo" : "undo"),
  y: (page) => page.run("redo"),
  home: (page, event) => goHome(page, event, true),
  end: (page, event) => goEnd(page, event, true),
};

function readyKey(page, event, control) {
  if (ARROWS[event.key]) return moveBy(page, event, ...ARROWS[event.key], control);
  if (control) return CONTROL[event.key.toLowerCase()]?.(page, event) ?? false;
  return PLAIN[event.key]?.(page, event) ?? false;
}

function editingKey(page, event, control) {
  const { editor } = page;
  if (event.key === "Escape") editor.cancel();
  else if (event.key === "Enter" && (event.altKey || control)) editor.breakLine();
  else if (event.key === "Enter") enter(page, event);
  else if (event.key === "Tab") tab(page, event);
  else if (event.key === "F2") editor.mode = "edit";
  else if (ARROWS[event.key] && editor.mode === "enter") {
    editor.commit();
    moveBy(page, { shiftKey: false }, ...ARROWS[event.key], false);
  } else return false;
  editor.focus();
  return true;
}

function barKey(page, event) {
  if (event.key === "F6") return page.leaveGrid(event.shiftKey);
  if (event.key === "F2" || ARROWS[event.key]) return false;
  if (!["Enter", "Tab", "Escape"].includes(event.key)) return false;
  return editingKey(page, event, false);
}

/** Listen to the keyboard in the cell editor and in the formula bar. */
export function listenToKeys(page) {
  page.dom.editor.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    const used =
      page.editor.mode === null ? readyKey(page, event, control) : editingKey(page, event, control);
    if (used) event.preventDefault();
  });
  page.dom.formula.addEventListener("keydown", (event) => {
    if (!event.isComposing && barKey(page, event)) event.preventDefault();
  });
}
