// References inside a formula that is copied to another cell.

import { columnName, columnNumber } from "./grid-address.js";

// Texts in double quotes and tab names in single quotes are kept as they are; a name followed by "(" is a function.
const TOKEN = /"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}_][\p{L}\d_.]*\(|(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})(?![\p{L}\d_(!])|[\p{L}\d_.]+/gu;

function moved(columnLock, letters, rowLock, digits, down, across) {
  const column = columnNumber(letters) + (columnLock ? 0 : across);
  const row = Number(digits) + (rowLock ? 0 : down);
  return column < 0 || row < 1 ? "#REF!" : `${columnLock}${columnName(column)}${rowLock}${row}`;
}

/** Move the relative references of a formula, as copying it `down` rows and `across` columns away does. */
export function shiftFormula(text, down, across) {
  if (!text.startsWith("=")) return text;
  return text.replace(TOKEN, (token, columnLock, letters, rowLock, digits) =>
    letters === undefined ? token : moved(columnLock, letters, rowLock, digits, down, across),
  );
}

const REFERENCE = /(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})/g;
const TURNS = { "": ["$", "$"], $$: ["", "$"], "-$": ["$", ""], "$-": ["", ""] };

/** Lock otherwise the reference that ends at or holds the caret of a formula; null when there is none. */
export function lockedAt(text, caret) {
  if (!text.startsWith("=")) return null;
  for (const found of text.matchAll(REFERENCE)) {
    const [whole, columnLock, letters, rowLock, digits] = found;
    const end = found.index + whole.length;
    if (caret < found.index || caret > end) continue;
    const now = columnLock && rowLock ? "$$" : columnLock ? "$-" : rowLock ? "-$" : "";
    const [column, row] = TURNS[now];
    const made = `${column}${letters}${row}${digits}`;
    return { text: text.slice(0, found.index) + made + text.slice(end), caret: found.index + made.length };
  }
  return null;
}
