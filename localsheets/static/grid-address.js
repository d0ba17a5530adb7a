// Addresses in A1 notation, and the part of the page's URL that names a tab and a cell.
// Rows and columns are zero-based everywhere else; ranges are {top, left, bottom, right}, both ends included.

const CORNER = /^\$?([A-Za-z]{0,3})\$?(\d{0,7})$/;

/** Give the letters of a column: 0 is A, 26 is AA. */
export function columnName(column) {
  let name = "";
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}

/** Give the number of a column from its letters, in either case. */
export function columnNumber(letters) {
  let number = 0;
  for (const letter of letters.toUpperCase()) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

/** Give the address of a cell, such as B3. */
export function cellName(row, column) {
  return columnName(column) + (row + 1);
}

/** Give the address of a range on a sheet: B3, B3:D5, 3:5 for whole rows, B:D for whole columns. */
export function rangeName({ top, left, bottom, right }, sheet) {
  if (top === bottom && left === right) return cellName(top, left);
  if (left === 0 && right === sheet.columnCount - 1) return `${top + 1}:${bottom + 1}`;
  if (top === 0 && bottom === sheet.rowCount - 1) return `${columnName(left)}:${columnName(right)}`;
  return `${cellName(top, left)}:${cellName(bottom, right)}`;
}

function parseCorner(text) {
  const match = CORNER.exec(text.trim());
  if (!match || (!match[1] && !match[2])) return null;
  return {
    row: match[2] ? Number(match[2]) - 1 : null,
    column: match[1] ? columnNumber(match[1]) : null,
  };
}

/** Read a range such as B3, B3:D5, 3:5 or B:D; an open side is Infinity; null when it is no address. */
export function parseRange(text) {
  const corners = text.replace(/^.*!/, "").split(":").map(parseCorner);
  if (corners.length > 2 || corners.includes(null)) return null;
  const [first, last] = [corners[0], corners[corners.length - 1]];
  if (corners.length === 1 && (first.row === null || first.column === null)) return null;
  const rows = [first.row ?? 0, last.row ?? Infinity];
  const columns = [first.column ?? 0, last.column ?? Infinity];
  if (Math.min(...rows, ...columns) < 0) return null;
  return {
    top: Math.min(...rows),
    bottom: Math.max(...rows),
    left: Math.min(...columns),
    right: Math.max(...columns),
  };
}

/** Read `#gid=12&range=B3`; both parts may be missing, then they are null. */
export function parseHash(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const gid = parts.get("gid");
  return {
    sheetId: gid !== null && /^\d+$/.test(gid) ? Number(gid) : null,
    range: parts.has("range") ? parseRange(parts.get("range")) : null,
  };
}
