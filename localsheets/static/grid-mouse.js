// The mouse: click, drag, headers. Plain mouse events, so that a finger scrolls and a tap selects.

import { rangeName } from "./grid-address.js";
import { HEADER_HEIGHT, HEADER_WIDTH } from "./grid-sizes.js";

/** Tell where an event stands: the cell under it, and whether it is on the row or column headers. */
export function spot(page, event) {
  const { scroller, geometry } = page.view;
  const frame = scroller.getBoundingClientRect();
  const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
  return {
    ...geometry.cellUnder(x, y, scroller),
    onRowHead: x < HEADER_WIDTH,
    onColumnHead: y < HEADER_HEIGHT,
    onScrollbar: x >= scroller.clientWidth || y >= scroller.clientHeight,
  };
}

function cellDrag(page, first, extending) {
  page.selection.go(first, extending);
  return (at) => page.selection.extend(at);
}

function headDrag(page, first, extending) {
  const { selection } = page;
  const from = extending ? selection.anchor : first;
  const all = { top: 0, left: 0, bottom: Infinity, right: Infinity };
  const extend = (at) => {
    if (first.onRowHead && first.onColumnHead) selection.selectRange(all);
    else if (first.onRowHead) selection.selectRows(from.row, at.row);
    else selection.selectColumns(from.column, at.column);
  };
  extend(first);
  return extend;
}

function pointDrag(page, first) {
  const extend = (at) => {
    const range = {
      top: Math.min(first.row, at.row),
      bottom: Math.max(first.row, at.row),
      left: Math.min(first.column, at.column),
      right: Math.max(first.column, at.column),
    };
    page.editor.point(rangeName(range, page.sheet()));
  };
  extend(first);
  return extend;
}

function followDrag(page, extend, onHeads) {
  const move = (event) => {
    const at = spot(page, event);
    if (event.buttons === 0) return;
    extend(at);
    if (!onHeads) page.view.reveal(at.row, at.column);
    page.refresh(false);
  };
  const stop = () => {
    document.removeEventListener("mousemove", move);
    document.removeEventListener("mouseup", stop);
    if (page.editor.mode === null) page.editor.focus();
  };
  document.addEventListener("mousemove", move);
  document.addEventListener("mouseup", stop);
}

function press(page, event) {
  const at = spot(page, event);
  if (at.onScrollbar || event.button !== 0) return;
  event.preventDefault();
  const onHeads = at.onRowHead || at.onColumnHead;
  if (!onHeads && page.editor.awaitsReference()) return followDrag(page, pointDrag(page, at), false);
  page.editor.commit();
  page.editor.focus();
  const extend = onHeads ? headDrag(page, at, event.shiftKey) : cellDrag(page, at, event.shiftKey);
  page.refresh(!onHeads);
  return followDrag(page, extend, onHeads);
}

function openMenu(page, event) {
  if (page.editor.mode !== null && event.target === page.dom.editor) return;
  event.preventDefault();
  page.editor.commit();
  const fromKeyboard = event.target === page.dom.editor;
  const at = spot(page, event);
  if (!fromKeyboard && !page.selection.contains(at.row, at.column)) {
    if (at.onRowHead) page.selection.selectRows(at.row, at.row);
    else if (at.onColumnHead) page.selection.selectColumns(at.column, at.column);
    else page.selection.select(at);
    page.refresh(false);
  }
  const box = page.dom.editor.getBoundingClientRect();
  page.openCellMenu(fromKeyboard ? box.left + 8 : event.clientX, fromKeyboard ? box.bottom : event.clientY);
}

/** Listen to the mouse over the grid. */
export function listenToMouse(page) {
  const { scroller } = page.view;
  scroller.addEventListener("mousedown", (event) => press(page, event));
  scroller.addEventListener("dblclick", (event) => {
    const at = spot(page, event);
    if (!at.onRowHead && !at.onColumnHead && !at.onScrollbar && page.editor.mode === null) page.editor.open();
  });
  page.dom.stage.addEventListener("contextmenu", (event) => openMenu(page, event));
}
