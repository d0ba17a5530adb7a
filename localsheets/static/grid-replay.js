// Shows an action at once, before the server has answered: each kind is applied to copies of the sheets,
// rows are copied only when they change. What only the server can tell (a sort, a new tab's id) waits for it.

const NUMBER = /^[+-]?(\d[\d\s\u00a0\u202f]*)?([.,]\d+)?\s?[%€]?$/;
const FORMATS = ["b", "i", "u", "s", "bg", "fg", "z", "h", "v", "w", "p", "o", "m", "r"];
const TICKS = { VRAI: true, TRUE: true, FAUX: false, FALSE: false };

function looksNumeric(text) {
  return /\d/.test(text) && NUMBER.test(text);
}

function typedCell(text, before) {
  const cell = { f: text.startsWith("=") ? "…" : text.replace(/^'/, ""), e: text, n: looksNumeric(text) };
  for (const key of FORMATS) if (before?.[key] !== undefined) cell[key] = before[key];
  if (text.toUpperCase() in TICKS) cell.t = TICKS[text.toUpperCase()];
  return cell;
}

function spliced(list, at, removed, added) {
  const copy = list.slice();
  while (copy.length < at && added.length) copy.push(undefined);
  copy.splice(at, removed, ...added);
  return copy;
}

function blanks(count) {
  return Array.from({ length: count }, () => undefined);
}

function set(sheet, { row, column, values }) {
  const rows = sheet.rows.slice();
  values.forEach((line, down) => {
    const cells = rows[row + down]?.slice() ?? [];
    line.forEach((text, across) => {
      if (text !== null) cells[column + across] = typedCell(text, cells[column + across]);
    });
    rows[row + down] = cells;
  });
  return { ...sheet, rows };
}

function insertRows(sheet, { at, count }) {
  return { ...sheet, rows: spliced(sheet.rows, at, 0, blanks(count)), rowCount: sheet.rowCount + count };
}

function deleteRows(sheet, { at, count }) {
  return { ...sheet, rows: spliced(sheet.rows, at, count, []), rowCount: sheet.rowCount - count };
}

function moveRows(sheet, { from, count, to }) {
  const rows = sheet.rows.slice();
  while (rows.length < Math.max(from + count, to)) rows.push(undefined);
  const moved = rows.splice(from, count);
  rows.splice(to > from ? to - count : to, 0, ...moved);
  return { ...sheet, rows };
}

function shiftedWidths(widths, at, shift) {
  const moved = {};
  for (const [key, width] of Object.entries(widths ?? {})) {
    const column = Number(key);
    if (column < at) moved[column] = width;
    else if (shift > 0 || column >= at - shift) moved[column + shift] = width;
  }
  return moved;
}

function reshapeColumns(sheet, at, removed, added) {
  const shift = added - removed;
  const reshape = (cells) => (cells && cells.length > at ? spliced(cells, at, removed, blanks(added)) : cells);
  return {
    ...sheet,
    rows: sheet.rows.map(reshape),
    columnCount: sheet.columnCount + shift,
    columnWidths: shiftedWidths(sheet.columnWidths, at, shift),
  };
}

function resized(sheet, { range, properties }) {
  const { dimension, startIndex, endIndex } = range;
  const [sizes, hidden] = dimension === "ROWS" ? ["rowHeights", "hiddenRows"] : ["columnWidths", "hiddenColumns"];
  const made = { ...sheet, [sizes]: { ...sheet[sizes] } };
  const inside = (line) => line >= startIndex && line < endIndex;
  if (properties.hiddenByUser !== undefined) made[hidden] = (sheet[hidden] ?? []).filter((line) => !inside(line));
  for (let line = startIndex; line < endIndex; line += 1) {
    if (properties.pixelSize) made[sizes][line] = properties.pixelSize;
    if (properties.hiddenByUser) made[hidden].push(line);
  }
  return made;
}

/** Of the API's requests only the sizes and what is hidden are shown at once. */
function requests(sheet, { requests: given }) {
  const sizes = given.map((request) => request.updateDimensionProperties).filter(Boolean);
  return sizes.reduce(resized, sheet);
}

const KINDS = {
  requests,
  set,
  insertRows,
  deleteRows,
  moveRows,
  insertColumns: (sheet, { at, count }) => reshapeColumns(sheet, at, 0, count),
  deleteColumns: (sheet, { at, count }) => reshapeColumns(sheet, at, count, 0),
  renameSheet: (sheet, { title }) => ({ ...sheet, title }),
};

/** Apply one action to a map of sheets by id, in place; the sheets themselves are replaced, never altered. */
export function replay(sheets, action) {
  const sheet = sheets.get(action.sheetId);
  if (action.type === "deleteSheet") sheets.delete(action.sheetId);
  else if (sheet && KINDS[action.type]) sheets.set(action.sheetId, KINDS[action.type](sheet, action));
}
