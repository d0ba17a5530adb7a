// Where a cell stands once a change has arrived. The server says where each row and column went (maps of
// [first, shift]); the page's own steps that wait over its state are taken off first and put back after.

const AXES = { insertRows: "row", deleteRows: "row", insertColumns: "column", deleteColumns: "column" };
const UNFOLLOWED = ["moveDimension", "sortRange", "cutPaste"];
const STILL = ["set", "renameSheet", "addSheet", "deleteSheet"];

/** Give where a line goes by a map; null when it is gone. */
export function lineOn(map, line) {
  let [low, high] = [0, map.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (map[middle][0] <= line) low = middle;
    else high = middle - 1;
  }
  const shift = map[low][1];
  return shift === null ? null : line + shift;
}

function inserts(action) {
  return action.type.startsWith("insert");
}

function forth(line, action) {
  const { at, count } = action;
  if (inserts(action)) return line >= at ? line + count : line;
  return line < at ? line : Math.max(at, line - count);
}

/** Give where a line stood before an action, and how far above that it is when the action made it. */
function back(line, action) {
  const { at, count } = action;
  if (!inserts(action)) return [line >= at ? line + count : line, 0];
  if (line >= at && line < at + count) return [at, line - at - count];
  return [line < at ? line : line - count, 0];
}

/** Write an API request as an action of the page, as far as lines are concerned. */
function actionOf(request) {
  const [[kind, { range }]] = Object.entries(request);
  if (UNFOLLOWED.includes(kind)) return { type: kind };
  if (kind !== "insertDimension" && kind !== "deleteDimension") return { type: "set", sheetId: range?.sheetId };
  const type = kind.replace("Dimension", range.dimension === "ROWS" ? "Rows" : "Columns");
  return { type, sheetId: range.sheetId, at: range.startIndex, count: range.endIndex - range.startIndex };
}

function actionsOf(step) {
  return step.actions.flatMap((action) => (action.type === "requests" ? action.requests.map(actionOf) : [action]));
}

function actionsOn(steps, sheetId) {
  return steps.flatMap(actionsOf).filter((action) => action.sheetId === sheetId);
}

function understood(step) {
  const known = (action) => AXES[action.type] || STILL.includes(action.type);
  return step.actions.length > 0 && actionsOf(step).every(known);
}

/**
 * Give the cell {row, column} where one of a sheet stands after a patch; a part is null when it was deleted.
 * `before` and `after` are the page's own steps that waited over the older and the newer state.
 */
export function followCell(cell, sheetId, patch, before, after) {
  if (!patch?.rowsMap || !before.every(understood)) return cell;
  const place = { ...cell };
  const above = { row: 0, column: 0 };
  for (const action of actionsOn(before, sheetId).reverse()) {
    const axis = AXES[action.type];
    if (!axis) continue;
    const [line, distance] = back(place[axis], action);
    place[axis] = line;
    above[axis] += distance;
  }
  const moved = { row: lineOn(patch.rowsMap, place.row), column: lineOn(patch.columnsMap, place.column) };
  if (moved.row === null || moved.column === null) return moved;
  for (const action of actionsOn(after, sheetId)) {
    const axis = AXES[action.type];
    if (axis) moved[axis] = forth(moved[axis], action);
  }
  return { row: moved.row + above.row, column: moved.column + above.column };
}
