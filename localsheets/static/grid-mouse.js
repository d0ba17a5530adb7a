// The mouse: click, drag, headers, edges. Plain mouse events, so that a finger scrolls and a tap selects.

import { rangeName } from "./grid-address.js";
import { openChoices, toggleChecks } from "./grid-choices.js";
import { fitColumns, moveLines } from "./grid-commands-lines.js";
import { openFilter } from "./grid-filter.js";
import { edgeAt, sizeDrag } from "./grid-resize.js";
import { filterHead, isList, ruleAt } from "./grid-paint.js";
import { HEADER_HEIGHT, HEADER_WIDTH } from "./grid-sizes.js";

const MARK_WIDTH = 22;
const BOX_WIDTH = 22;

/** Tell where an event stands: the cell under it, and whether it is on the row or column headers. */
export function spot(page, event) {
  const { scroller, geometry } = page.view;
  const frame = scroller.getBoundingClientRect();
  const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
  return {
    ...geometry.cellUnder(x, y, scroller),
    x,
    y,
    onRowHead: x < HEADER_WIDTH,
    onColumnHead: y < HEADER_HEIGHT,
    onScrollbar: x >= scroller.clientWidth || y >= scroller.clientHeight,
  };
}

function cellDrag(page, first, extending) {
  page.selection.go(first, extending);
  return { move: (at) => page.selection.extend(at) };
}

function headDrag(page, first, extending) {
  const { selection } = page;
  const from = extending ? selection.anchor : first;
  const all = { top: 0, left: 0, bottom: Infinity, right: Infinity };
  const move = (at) => {
    if (first.onRowHead && first.onColumnHead) selection.selectRange(all);
    else if (first.onRowHead) selection.selectRows(from.row, at.row);
    else selection.selectColumns(from.column, at.column);
  };
  move(first);
  return { move };
}

function pointDrag(page, first) {
  const move = (at) => {
    const range = {
      top: Math.min(first.row, at.row),
      bottom: Math.max(first.row, at.row),
      left: Math.min(first.column, at.column),
      right: Math.max(first.column, at.column),
    };
    page.editor.point(rangeName(range, page.sheet()));
    page.overlay.show(range);
  };
  move(first);
  return { move };
}

/** Rows or columns that are wholly selected are carried by their heads; a plain click selects one of them again. */
function carryDrag(page, first) {
  const axis = first.onRowHead ? "ROWS" : "COLUMNS";
  const { top, bottom, left, right } = page.selection.range();
  const [at, end] = axis === "ROWS" ? [top, bottom] : [left, right];
  let to = null;
  const move = (over) => {
    const index = axis === "ROWS" ? over.row : over.column;
    if (to === null && index === (axis === "ROWS" ? first.row : first.column)) return;
    to = index > end ? index + 1 : index < at ? index : at;
    page.overlay.showDrop(axis, to);
  };
  const stop = () => {
    page.overlay.showDrop(axis, null);
    if (to === null) headDrag(page, first, false);
    else moveLines(page, axis, at, end - at + 1, to);
    page.refresh(false);
  };
  return { move, stop };
}

function fillDrag(page) {
  const source = page.selection.range();
  let target = null;
  let copying = false;
  const move = (at, event) => {
    target = page.fill.reach(source, at);
    copying = event.ctrlKey;
    page.overlay.show(target);
  };
  const stop = () => {
    page.overlay.show(null);
    if (target) page.fill.drag(source, target, copying);
  };
  return { move, stop };
}

function followDrag(page, drag, onHeads) {
  const move = (event) => {
    const at = spot(page, event);
    if (event.buttons === 0) return;
    drag.move(at, event);
    if (!onHeads) page.view.reveal(at.row, at.column);
    page.refresh(false);
  };
  const stop = () => {
    document.removeEventListener("mousemove", move);
    document.removeEventListener("mouseup", stop);
    drag.stop?.();
    if (page.editor.mode === null && page.menu.element.hidden && !page.dom.dialog.open) page.editor.focus();
  };
  document.addEventListener("mousemove", move);
  document.addEventListener("mouseup", stop);
}

function isCarried(page, { onRowHead, onColumnHead, row, column }) {
  if (onRowHead === onColumnHead || !page.selection.contains(row, column)) return false;
  const { top, bottom, left, right } = page.selection.range();
  const sheet = page.sheet();
  const [wide, high] = [left === 0 && right === sheet.columnCount - 1, top === 0 && bottom === sheet.rowCount - 1];
  return onRowHead ? wide && !high : high && !wide;
}

/** A press on a mark inside a cell: the box, the arrow of a list, the arrow of the filter. */
function pressMark(page, at) {
  const sheet = page.sheet();
  const { row, column } = page.selection.anchor;
  const box = page.view.box(row, column);
  const rule = ruleAt(sheet, row, column);
  const fromRight = box.left + box.width - at.x;
  if (rule?.kind === "BOOLEAN" && Math.abs(fromRight - box.width / 2) < BOX_WIDTH / 2) return toggleChecks(page);
  if (fromRight > MARK_WIDTH) return false;
  if (filterHead(sheet, row, column)) {
    openFilter(page, column);
    return true;
  }
  return isList(rule) && openChoices(page);
}

function press(page, event) {
  const at = spot(page, event);
  if (at.onScrollbar || event.button !== 0) return undefined;
  event.preventDefault();
  const onHeads = at.onRowHead || at.onColumnHead;
  if (!onHeads && page.editor.awaitsReference()) return followDrag(page, pointDrag(page, at), false);
  page.editor.commit();
  page.editor.focus();
  const edge = onHeads && edgeAt(page, at);
  if (edge) return followDrag(page, sizeDrag(page, edge, event), true);
  if (isCarried(page, at) && !event.shiftKey) return followDrag(page, carryDrag(page, at), true);
  const drag = onHeads ? headDrag(page, at, event.shiftKey) : cellDrag(page, at, event.shiftKey);
  page.refresh(!onHeads);
  if (!onHeads && !event.shiftKey && pressMark(page, at)) return undefined;
  return followDrag(page, drag, onHeads);
}

function doublePress(page, event) {
  const at = spot(page, event);
  if (at.onScrollbar || page.editor.mode !== null) return;
  const edge = edgeAt(page, at);
  if (edge?.axis === "COLUMNS") fitColumns(page, ...columnsOf(page, edge.at));
  else if (edge) page.resetHeight(edge.at);
  else if (!at.onRowHead && !at.onColumnHead && page.menu.element.hidden && !page.dom.dialog.open) page.editor.open();
}

function columnsOf(page, column) {
  const { top, bottom, left, right } = page.selection.range();
  const whole = top === 0 && bottom === page.sheet().rowCount - 1;
  return whole && column >= left && column <= right ? [left, right - left + 1] : [column, 1];
}

function openMenu(page, event) {
  if (page.editor.mode !== null && event.target === page.dom.editor) return;
  event.preventDefault();
  page.editor.commit();
  const fromKeyboard = event.target === page.dom.editor;
  const at = spot(page, event);
  const onHeads = at.onRowHead || at.onColumnHead;
  const inside = onHeads ? isCarried(page, at) : page.selection.contains(at.row, at.column);
  if (!fromKeyboard && !inside) {
    if (at.onRowHead) page.selection.selectRows(at.row, at.row);
    else if (at.onColumnHead) page.selection.selectColumns(at.column, at.column);
    else page.selection.select(at);
    page.refresh(false);
  }
  const kind = fromKeyboard || at.onRowHead === at.onColumnHead ? "cell" : at.onRowHead ? "row" : "column";
  const box = page.dom.editor.getBoundingClientRect();
  page.openMenu(kind, fromKeyboard ? box.left + 8 : event.clientX, fromKeyboard ? box.bottom : event.clientY);
}

function hover(page, event) {
  if (!page.sheet() || event.buttons) return;
  const at = spot(page, event);
  const onHeads = at.onRowHead || at.onColumnHead;
  page.overlay.hover(onHeads || at.onScrollbar ? null : at);
  const edge = onHeads && edgeAt(page, at);
  const carried = onHeads && !edge && isCarried(page, at);
  page.dom.grid.dataset.over = edge ? edge.axis : carried ? "carried" : onHeads ? "head" : "";
}

/** Listen to the mouse over the grid. */
export function listenToMouse(page) {
  const { scroller } = page.view;
  scroller.addEventListener("mousedown", (event) => press(page, event));
  scroller.addEventListener("mousemove", (event) => hover(page, event));
  scroller.addEventListener("mouseleave", () => page.overlay.hover(null));
  scroller.addEventListener("dblclick", (event) => doublePress(page, event));
  page.overlay.handle.addEventListener("mousedown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    followDrag(page, fillDrag(page), false);
  });
  page.overlay.handle.addEventListener("dblclick", () => page.fill.toDepth());
  page.dom.stage.addEventListener("contextmenu", (event) => openMenu(page, event));
}
