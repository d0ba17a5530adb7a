// The keyboard, as in any spreadsheet. Each table entry answers true when it used the key.

import { rowLength } from "./grid-book.js";
import { openChoices, toggleChecks } from "./grid-choices.js";
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
  if (!page.selection.travel(event.shiftKey ? -1 : 1, true)) page.selection.enter(event.shiftKey ? -1 : 1);
  page.refresh();
  return true;
}

function tab(page, event) {
  if (page.editor.mode !== null) page.editor.commit();
  if (!page.selection.travel(event.shiftKey ? -1 : 1, false)) page.selection.tab(event.shiftKey ? -1 : 1);
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

function today(page) {
  return new Date().toLocaleDateString(page.book.french() ? "fr-FR" : "en-US");
}

function now(page, hour) {
  page.editor.begin("edit", hour ? new Date().toLocaleTimeString("fr-FR") : today(page));
  return true;
}

function selectRows(page) {
  const { top, bottom } = page.selection.range();
  page.selection.selectRows(top, bottom);
  page.refresh(false);
  return true;
}

function selectColumns(page) {
  const { left, right } = page.selection.range();
  page.selection.selectColumns(left, right);
  page.refresh(false);
  return true;
}

function space(page, event) {
  if (event.shiftKey) return selectRows(page);
  return toggleChecks(page);
}

function nextTab(page, step) {
  const tabs = page.book.tabs();
  const at = tabs.findIndex((sheet) => sheet.sheetId === page.sheetId);
  page.activate(tabs[(at + step + tabs.length) % tabs.length].sheetId);
  return true;
}

const command = (name) => (page) => page.run(name);

const PLAIN = {
  Enter: enter,
  Tab: tab,
  " ": space,
  F2: (page, event) => (event.shiftKey ? page.run("editNote") : openEditor(page)),
  Delete: clear,
  Backspace: clear,
  Home: goHome,
  End: goEnd,
  PageUp: (page, event) => moveBy(page, event, -page.view.pageRows(), 0, false),
  PageDown: (page, event) => moveBy(page, event, page.view.pageRows(), 0, false),
  F6: (page, event) => page.leaveGrid(event.shiftKey),
  Escape: (page) => page.clipboard.forget(),
};

const CONTROL = {
  a: (page) => page.selectAll(),
  b: command("bold"),
  d: command("fillDown"),
  f: (page, event) => page.run(event.shiftKey ? "toggleFilter" : "find"),
  h: command("replace"),
  i: command("italic"),
  r: (page, event) => page.run(event.shiftKey ? "alignRight" : "fillRight"),
  u: command("underline"),
  v: (page, event) => event.shiftKey && page.clipboard.plainNext(),
  y: command("redo"),
  z: (page, event) => page.run(event.shiftKey ? "redo" : "undo"),
  " ": (page, event) => (event.shiftKey ? page.selectAll() : selectColumns(page)),
  ";": (page) => now(page, false),
  ":": (page) => now(page, true),
  "\\": command("plainFormat"),
  home: (page, event) => goHome(page, event, true),
  end: (page, event) => goEnd(page, event, true),
  pageup: (page) => nextTab(page, -1),
  pagedown: (page) => nextTab(page, 1),
};
// Shift changes what a digit or a letter writes from one keyboard to another: the key itself is read.
const CONTROL_SHIFT = {
  Digit1: command("formatNumber"),
  Digit2: command("formatTime"),
  Digit3: command("formatDate"),
  Digit4: command("formatEuro"),
  Digit5: command("formatPercent"),
  KeyE: command("alignCenter"),
  KeyL: command("alignLeft"),
};

function readyKey(page, event, control) {
  if (event.altKey && !control) return altKey(page, event);
  if (ARROWS[event.key]) return moveBy(page, event, ...ARROWS[event.key], control);
  const shifted = control && event.shiftKey && CONTROL_SHIFT[event.code];
  if (shifted) return shifted(page);
  if (control) return CONTROL[event.key.toLowerCase()]?.(page, event) ?? false;
  return PLAIN[event.key]?.(page, event) ?? false;
}

function altKey(page, event) {
  if (event.key === "ArrowDown") return openChoices(page);
  if (event.shiftKey && event.code === "Digit5") return page.run("strike");
  return false;
}

function editingKey(page, event, control) {
  const { editor } = page;
  if (event.key === "Escape") editor.cancel();
  else if (event.key === "Enter" && (event.altKey || control)) editor.breakLine();
  else if (event.key === "Enter") enter(page, event);
  else if (event.key === "Tab") tab(page, event);
  else if (event.key === "F2") editor.mode = "edit";
  else if (control && event.key === ";") editor.insert(today(page));
  else if (event.key === "F4" && editor.lockReference()) return true;
  else if (ARROWS[event.key] && editor.mode === "enter" && editor.awaitsReference()) {
    return editor.pointBy(...ARROWS[event.key], event.shiftKey);
  }
  else if (ARROWS[event.key] && editor.mode === "enter") {
    editor.commit();
    moveBy(page, { shiftKey: false }, ...ARROWS[event.key], false);
  } else return false;
  editor.focus();
  return true;
}

function barKey(page, event) {
  if (event.key === "F6") return page.leaveGrid(event.shiftKey);
  if (event.key === "F4") return page.editor.lockReference();
  if (event.key === "F2" || ARROWS[event.key]) return false;
  if (!["Enter", "Tab", "Escape"].includes(event.key)) return false;
  return editingKey(page, event, event.ctrlKey || event.metaKey);
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
