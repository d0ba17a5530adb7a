// What the toolbar and the menus offer. Each command names itself for the present selection, in French.

/** Give the first row and the number of rows that a row command works on. */
function rowSpan(page) {
  const { top, bottom } = page.selection.range();
  // With whole columns selected, inserting or deleting every row is never what is meant.
  if (bottom - top + 1 >= page.sheet().rowCount) return { at: page.selection.anchor.row, count: 1 };
  return { at: top, count: bottom - top + 1 };
}

function columnSpan(page) {
  const { left, right } = page.selection.range();
  if (right - left + 1 >= page.sheet().columnCount) return { at: page.selection.anchor.column, count: 1 };
  return { at: left, count: right - left + 1 };
}

function counted(count, one, many) {
  return count === 1 ? one : `${count} ${many}`;
}

function change(page, type, { at, count }) {
  page.act([{ type, sheetId: page.sheetId, at, count }]);
}

function insertBelow(page) {
  const { at, count } = rowSpan(page);
  change(page, "insertRows", { at: at + count, count });
  page.selection.shiftRows(count);
  page.refresh();
}

function deleteRows(page) {
  const span = rowSpan(page);
  if (span.count >= page.sheet().rowCount) return page.warn("La dernière ligne ne peut pas être supprimée.");
  return change(page, "deleteRows", span);
}

function deleteColumns(page) {
  const span = columnSpan(page);
  if (span.count >= page.sheet().columnCount) return page.warn("La dernière colonne ne peut pas être supprimée.");
  return change(page, "deleteColumns", span);
}

function sort(page, descending) {
  const sheet = page.sheet();
  const { column } = page.selection.anchor;
  const headerRows = sheet.frozenRowCount || 1;
  page.act([{ type: "sort", sheetId: sheet.sheetId, column, descending, headerRows }]);
}

/** The commands by name: `label(page)` is what staff read, `run(page)` does it. */
export const COMMANDS = {
  undo: { label: () => "Annuler", run: (page) => page.step("undo") },
  redo: { label: () => "Rétablir", run: (page) => page.step("redo") },
  insertAbove: {
    label: (page) => `Insérer ${counted(rowSpan(page).count, "une ligne", "lignes")} au-dessus`,
    run: (page) => change(page, "insertRows", rowSpan(page)),
  },
  insertBelow: {
    label: (page) => `Insérer ${counted(rowSpan(page).count, "une ligne", "lignes")} en dessous`,
    run: insertBelow,
  },
  deleteRows: {
    label: (page) => {
      const { count } = rowSpan(page);
      return count === 1 ? "Supprimer la ligne" : `Supprimer les ${count} lignes`;
    },
    run: deleteRows,
  },
  insertColumn: {
    label: (page) => `Insérer ${counted(columnSpan(page).count, "une colonne", "colonnes")}`,
    run: (page) => change(page, "insertColumns", columnSpan(page)),
  },
  deleteColumns: {
    label: (page) => {
      const { count } = columnSpan(page);
      return count === 1 ? "Supprimer la colonne" : `Supprimer les ${count} colonnes`;
    },
    run: deleteColumns,
  },
  sortAscending: { label: () => "Trier A→Z", run: (page) => sort(page, false) },
  sortDescending: { label: () => "Trier Z→A", run: (page) => sort(page, true) },
};

/** The commands of the cell menu; null is a separator. */
export const CELL_MENU = [
  "insertAbove",
  "insertBelow",
  "deleteRows",
  null,
  "insertColumn",
  "deleteColumns",
  null,
  "sortAscending",
  "sortDescending",
];
