// Dragging the edge of a head to make its column wider or its row higher.

import { lineProperties } from "./grid-requests.js";

const REACH = 5;
const LEAST = { ROWS: 16, COLUMNS: 24 };

/** Give the column or row whose far edge is under a place on the heads, null elsewhere. */
export function edgeAt(page, { x, y, row, column, onRowHead, onColumnHead }) {
  if (onRowHead === onColumnHead) return null;
  const { geometry, scroller } = page.view;
  const axis = onColumnHead ? "COLUMNS" : "ROWS";
  const index = onColumnHead ? column : row;
  const box = geometry.box(onColumnHead ? 0 : index, onColumnHead ? index : 0, scroller);
  const start = onColumnHead ? box.left : box.top;
  const size = onColumnHead ? geometry.columnWidth(index) : geometry.rowHeight(index);
  const place = onColumnHead ? x : y;
  if (start + size - place <= REACH) return { axis, at: index };
  if (place - start <= REACH - 1 && index > 0) return { axis, at: seenBefore(geometry, axis, index) };
  return null;
}

function seenBefore(geometry, axis, index) {
  const starts = axis === "COLUMNS" ? geometry.lefts : geometry.tops;
  let at = index - 1;
  while (at > 0 && starts[at + 1] === starts[at]) at -= 1;
  return at;
}

/** Follow the mouse with the size of a line; wholly selected lines around it take the same size. */
export function sizeDrag(page, { axis, at }, event) {
  const across = axis === "COLUMNS";
  const sheet = page.sheet();
  const before = across ? page.view.geometry.columnWidth(at) : page.view.geometry.rowHeight(at);
  const origin = across ? event.clientX : event.clientY;
  let size = before;
  const move = (_, moved) => {
    size = Math.max(LEAST[axis], Math.round(before + (across ? moved.clientX : moved.clientY) - origin));
    const name = across ? "columnWidths" : "rowHeights";
    page.view.show({ ...sheet, [name]: { ...sheet[name], [at]: size } });
  };
  const stop = () => {
    if (size === before) return;
    const { top, bottom, left, right } = page.selection.range();
    const whole = across ? top === 0 && bottom === sheet.rowCount - 1 : left === 0 && right === sheet.columnCount - 1;
    const [first, last] = across ? [left, right] : [top, bottom];
    const [start, count] = whole && at >= first && at <= last ? [first, last - first + 1] : [at, 1];
    page.ask([lineProperties(page.sheetId, axis, start, count, { pixelSize: size })]);
  };
  return { move, stop };
}
