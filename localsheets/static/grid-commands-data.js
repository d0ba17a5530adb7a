// Commands on data: sort, filter, lists, check boxes, notes, names, protections.

import { cellName, rangeName } from "./grid-address.js";
import { cellAt, isFilled } from "./grid-book.js";
import { askText } from "./grid-dialog.js";
import { clearFilter, filterSelection, openFilter } from "./grid-filter.js";
import { asked, gridRange } from "./grid-requests.js";

const LIST_HELP = "Une valeur par ligne.";

function sort(page, descending) {
  const sheet = page.sheet();
  const { column } = page.selection.anchor;
  const headerRows = sheet.frozenRowCount || 1;
  page.act([{ type: "sort", sheetId: sheet.sheetId, column, descending, headerRows }]);
}

function sortSelection(page, sortOrder) {
  const range = page.selection.usedRange();
  if (!range || range.top === range.bottom) return page.warn("Sélectionnez les lignes à trier.");
  const sortSpecs = [{ dimensionIndex: page.selection.anchor.column, sortOrder }];
  return page.ask([{ sortRange: { range: gridRange(page.sheetId, range), sortSpecs } }]);
}

function validate(page, condition, extra = {}) {
  const range = gridRange(page.sheetId, page.selection.range());
  const rule = condition ? { rule: { condition, showCustomUi: true, ...extra } } : {};
  return { setDataValidation: { range, ...rule } };
}

function listHere(page) {
  const { row, column } = page.selection.anchor;
  const rule = page.sheet().rules?.[cellAt(page.sheet(), row, column).r];
  return rule?.kind === "ONE_OF_LIST" ? rule.values : [];
}

async function makeList(page) {
  const options = { label: "Valeurs de la liste", value: listHere(page).join("\n"), lines: 6, help: LIST_HELP };
  const text = await askText(page, "Liste déroulante", options);
  if (text === null) return;
  const values = [...new Set(text.split("\n").map((line) => line.trim()))].filter(Boolean);
  const condition = { type: "ONE_OF_LIST", values: values.map((value) => ({ userEnteredValue: value })) };
  page.ask([validate(page, values.length ? condition : null, { strict: true })]);
}

function makeChecks(page) {
  const { top, bottom, left, right } = page.selection.range();
  const no = page.book.french() ? "FAUX" : "FALSE";
  const blank = (row, column) => (isFilled(page.sheet(), row, column) ? null : no);
  const values = [];
  for (let row = top; row <= bottom; row += 1) {
    values.push(Array.from({ length: right - left + 1 }, (_, across) => blank(row, left + across)));
  }
  page.act([
    asked(page.sheetId, [validate(page, { type: "BOOLEAN" })]),
    { type: "set", sheetId: page.sheetId, row: top, column: left, values },
  ]);
}

function noteAt(page) {
  const { row, column } = page.selection.anchor;
  return cellAt(page.sheet(), row, column).m ?? "";
}

async function editNote(page) {
  const { row, column } = page.selection.anchor;
  const options = { label: `Note de ${cellName(row, column)}`, value: noteAt(page), lines: 4 };
  const note = await askText(page, "Note", options);
  if (note !== null) writeNote(page, { top: row, bottom: row, left: column, right: column }, note.trim());
}

function writeNote(page, range, note) {
  const cell = note ? { note } : {};
  page.ask([{ repeatCell: { range: gridRange(page.sheetId, range), cell, fields: "note" } }]);
}

async function nameRange(page) {
  const range = page.selection.range();
  const label = `Nom de ${rangeName(range, page.sheet())}`;
  const help = "Sans espace : par exemple heures_dues.";
  const name = await askText(page, "Plage nommée", { label, value: "", help });
  if (!name?.trim()) return;
  page.ask([{ addNamedRange: { namedRange: { name: name.trim(), range: gridRange(page.sheetId, range) } } }]);
}

/** Give the protected ranges that hold the active cell. */
export function protectionsAt(page) {
  const { row, column } = page.selection.anchor;
  return (page.sheet().protected ?? []).filter(
    (area) => row >= area.startRow && row < area.endRow && column >= area.startColumn && column < area.endColumn,
  );
}

async function protect(page) {
  const range = page.selection.range();
  const label = `Pourquoi protéger ${rangeName(range, page.sheet())} ? (facultatif)`;
  const description = await askText(page, "Protéger la plage", { label, value: "" });
  if (description === null) return;
  const protectedRange = { range: gridRange(page.sheetId, range), description: description.trim() };
  page.ask([{ addProtectedRange: { protectedRange } }]);
}

function unprotect(page) {
  page.ask(protectionsAt(page).map(({ id }) => ({ deleteProtectedRange: { protectedRangeId: id } })));
}

/** The commands by name: `label`, `run`, `keys`, `off(page)` for those that make no sense here. */
export const DATA_COMMANDS = {
  undo: { label: () => "Annuler", keys: "Ctrl+Z", run: (page) => page.step("undo") },
  redo: { label: () => "Rétablir", keys: "Ctrl+Y", run: (page) => page.step("redo") },
  sortAscending: { label: () => "Trier A→Z", run: (page) => sort(page, false) },
  sortDescending: { label: () => "Trier Z→A", run: (page) => sort(page, true) },
  sortRangeAscending: { label: () => "Trier la sélection A→Z", run: (page) => sortSelection(page, "ASCENDING") },
  sortRangeDescending: { label: () => "Trier la sélection Z→A", run: (page) => sortSelection(page, "DESCENDING") },
  toggleFilter: {
    label: (page) => (page.sheet()?.filter ? "Retirer le filtre" : "Créer un filtre"),
    keys: "Ctrl+Maj+F",
    on: (page) => Boolean(page.sheet()?.filter),
    run: (page) => (page.sheet().filter ? clearFilter(page) : filterSelection(page)),
  },
  filterColumn: {
    label: () => "Filtrer cette colonne…",
    run: (page) => openFilter(page, page.selection.anchor.column),
  },
  makeList: { label: () => "Liste déroulante…", run: makeList },
  makeChecks: { label: () => "Cases à cocher", run: makeChecks },
  noRule: {
    label: () => "Retirer la liste ou la case",
    off: (page) => !cellAt(page.sheet(), page.selection.anchor.row, page.selection.anchor.column).r,
    run: (page) => page.ask([validate(page, null)]),
  },
  editNote: {
    label: (page) => (noteAt(page) ? "Modifier la note…" : "Insérer une note…"),
    keys: "Maj+F2",
    run: editNote,
  },
  deleteNote: {
    label: () => "Supprimer la note",
    off: (page) => !noteAt(page),
    run: (page) => writeNote(page, page.selection.range(), ""),
  },
  nameRange: { label: () => "Nommer la plage…", run: nameRange },
  protect: { label: () => "Protéger la plage…", run: protect },
  unprotect: { label: () => "Retirer la protection", off: (page) => !protectionsAt(page).length, run: unprotect },
};
