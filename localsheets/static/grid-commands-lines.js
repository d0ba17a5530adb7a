// Commands on rows and columns: insert, delete, move, hide, size, freeze.

import { cellAt } from "./grid-book.js";
import { columnHidden, mergeAt, rowHidden, textWidth } from "./grid-lines.js";
import { lineProperties, span, tabProperties } from "./grid-requests.js";
import { DEFAULT_WIDTH } from "./grid-sizes.js";

const WIDEST = 600;
const NARROWEST = 24;
const AXES = {
  ROWS: { size: "rowCount", frozen: "frozenRowCount", insert: "insertRows", remove: "deleteRows", hidden: rowHidden },
  COLUMNS: {
    size: "columnCount",
    frozen: "frozenColumnCount",
    insert: "insertColumns",
    remove: "deleteColumns",
    hidden: columnHidden,
  },
};

/** Give the first of the selected rows or columns, and their number. */
export function selectedSpan(page, axis) {
  const { top, bottom, left, right } = page.selection.range();
  const [at, end] = axis === "ROWS" ? [top, bottom] : [left, right];
  const { row, column } = page.selection.anchor;
  // With everything along the axis selected, acting on every line is never what is meant.
  if (end - at + 1 >= page.sheet()[AXES[axis].size]) return { at: axis === "ROWS" ? row : column, count: 1 };
  return { at, count: end - at + 1 };
}

function counted(page, axis, one, many) {
  const { count } = selectedSpan(page, axis);
  return count === 1 ? one : many.replace("#", count);
}

function insert(page, axis, after) {
  const { at, count } = selectedSpan(page, axis);
  page.act([{ type: AXES[axis].insert, sheetId: page.sheetId, at: after ? at + count : at, count }]);
  if (after && axis === "ROWS") page.selection.shiftRows(count);
  page.refresh();
}

function remove(page, axis, refusal) {
  const { at, count } = selectedSpan(page, axis);
  if (count >= page.sheet()[AXES[axis].size]) return page.warn(refusal);
  return page.act([{ type: AXES[axis].remove, sheetId: page.sheetId, at, count }]);
}

/** Move lines before another one, numbered as before the move, and keep them selected. */
export function moveLines(page, axis, at, count, to) {
  if (to >= at && to <= at + count) return;
  page.ask([{ moveDimension: { source: span(page.sheetId, axis, at, count), destinationIndex: to } }]);
  const start = to > at ? to - count : to;
  if (axis === "ROWS") page.selection.selectRows(start, start + count - 1);
  else page.selection.selectColumns(start, start + count - 1);
  page.refresh();
}

function step(page, axis, forth) {
  const { at, count } = selectedSpan(page, axis);
  const { hidden, size } = AXES[axis];
  const sheet = page.sheet();
  let to = forth ? at + count + 1 : at - 1;
  while (to > 0 && to < sheet[size] && hidden(sheet, forth ? to - 1 : to)) to += forth ? 1 : -1;
  if (to < 0 || to > sheet[size]) return;
  moveLines(page, axis, at, count, to);
}

function hide(page, axis) {
  const { at, count } = selectedSpan(page, axis);
  page.ask([lineProperties(page.sheetId, axis, at, count, { hiddenByUser: true })]);
}

/** Give the span of the selected lines and of the hidden ones that touch it. */
function aroundHidden(page, axis) {
  const sheet = page.sheet();
  const { hidden, size } = AXES[axis];
  let { at, count } = selectedSpan(page, axis);
  while (at > 0 && hidden(sheet, at - 1)) [at, count] = [at - 1, count + 1];
  while (at + count < sheet[size] && hidden(sheet, at + count)) count += 1;
  return { at, count };
}

function unhide(page, axis) {
  const { at, count } = aroundHidden(page, axis);
  page.ask([lineProperties(page.sheetId, axis, at, count, { hiddenByUser: false })]);
}

function freeze(page, axis, count) {
  const name = AXES[axis].frozen;
  page.ask([tabProperties(page.sheetId, { gridProperties: { [name]: count } }, `gridProperties.${name}`)]);
}

function freezeHere(page, axis) {
  const { at, count } = selectedSpan(page, axis);
  freeze(page, axis, at + count);
}

/** Give the width that shows every text of a column. */
export function fittingWidth(sheet, column) {
  let width = 0;
  sheet.rows.forEach((_, row) => {
    const cell = cellAt(sheet, row, column);
    if (cell.f === "" || mergeAt(sheet, row, column)) return;
    for (const line of cell.f.split("\n")) width = Math.max(width, textWidth(cell, line));
  });
  return width ? Math.max(NARROWEST, Math.min(WIDEST, Math.ceil(width) + 14)) : DEFAULT_WIDTH;
}

/** Fit columns to their texts, one step for all of them. */
export function fitColumns(page, at, count) {
  const sheet = page.sheet();
  const columns = Array.from({ length: count }, (_, index) => at + index);
  page.ask(
    columns.map((column) =>
      lineProperties(page.sheetId, "COLUMNS", column, 1, { pixelSize: fittingWidth(sheet, column) }),
    ),
  );
}

function fitSelected(page) {
  const { at, count } = selectedSpan(page, "COLUMNS");
  fitColumns(page, at, count);
}

const frozenTo = (page, axis) => page.sheet()[AXES[axis].frozen] > 0;

/** The commands by name: `label(page)` is what people read, `run(page)` does it, `keys` are their shortcut. */
export const LINE_COMMANDS = {
  insertAbove: {
    label: (page) => counted(page, "ROWS", "Insérer une ligne au-dessus", "Insérer # lignes au-dessus"),
    run: (page) => insert(page, "ROWS", false),
  },
  insertBelow: {
    label: (page) => counted(page, "ROWS", "Insérer une ligne en dessous", "Insérer # lignes en dessous"),
    run: (page) => insert(page, "ROWS", true),
  },
  deleteRows: {
    label: (page) => counted(page, "ROWS", "Supprimer la ligne", "Supprimer les # lignes"),
    run: (page) => remove(page, "ROWS", "La dernière ligne ne peut pas être supprimée."),
  },
  moveRowsUp: {
    label: (page) => counted(page, "ROWS", "Monter la ligne", "Monter les # lignes"),
    run: (page) => step(page, "ROWS", false),
  },
  moveRowsDown: {
    label: (page) => counted(page, "ROWS", "Descendre la ligne", "Descendre les # lignes"),
    run: (page) => step(page, "ROWS", true),
  },
  hideRows: {
    label: (page) => counted(page, "ROWS", "Masquer la ligne", "Masquer les # lignes"),
    run: (page) => hide(page, "ROWS"),
  },
  showRows: { label: () => "Afficher les lignes masquées", run: (page) => unhide(page, "ROWS") },
  freezeRows: {
    label: (page) => `Figer jusqu’à la ligne ${page.selection.range().bottom + 1}`,
    run: (page) => freezeHere(page, "ROWS"),
  },
  unfreezeRows: {
    label: () => "Libérer les lignes figées",
    run: (page) => freeze(page, "ROWS", 0),
    off: (page) => !frozenTo(page, "ROWS"),
  },
  insertColumn: {
    label: (page) => counted(page, "COLUMNS", "Insérer une colonne à gauche", "Insérer # colonnes à gauche"),
    run: (page) => insert(page, "COLUMNS", false),
  },
  insertColumnAfter: {
    label: (page) => counted(page, "COLUMNS", "Insérer une colonne à droite", "Insérer # colonnes à droite"),
    run: (page) => insert(page, "COLUMNS", true),
  },
  deleteColumns: {
    label: (page) => counted(page, "COLUMNS", "Supprimer la colonne", "Supprimer les # colonnes"),
    run: (page) => remove(page, "COLUMNS", "La dernière colonne ne peut pas être supprimée."),
  },
  moveColumnsLeft: {
    label: (page) => counted(page, "COLUMNS", "Déplacer la colonne à gauche", "Déplacer les # colonnes à gauche"),
    run: (page) => step(page, "COLUMNS", false),
  },
  moveColumnsRight: {
    label: (page) => counted(page, "COLUMNS", "Déplacer la colonne à droite", "Déplacer les # colonnes à droite"),
    run: (page) => step(page, "COLUMNS", true),
  },
  hideColumns: {
    label: (page) => counted(page, "COLUMNS", "Masquer la colonne", "Masquer les # colonnes"),
    run: (page) => hide(page, "COLUMNS"),
  },
  showColumns: { label: () => "Afficher les colonnes masquées", run: (page) => unhide(page, "COLUMNS") },
  freezeColumns: {
    label: () => "Figer jusqu’à cette colonne",
    run: (page) => freezeHere(page, "COLUMNS"),
  },
  unfreezeColumns: {
    label: () => "Libérer les colonnes figées",
    run: (page) => freeze(page, "COLUMNS", 0),
    off: (page) => !frozenTo(page, "COLUMNS"),
  },
  fitColumns: { label: () => "Ajuster la largeur au contenu", run: fitSelected },
};
