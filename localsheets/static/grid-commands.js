// What the menus, the toolbar and the shortcuts offer. Each command names itself for the present selection, in French.

import { BOOK_COMMANDS } from "./grid-commands-book.js";
import { DATA_COMMANDS } from "./grid-commands-data.js";
import { FORMAT_COMMANDS } from "./grid-commands-format.js";
import { LINE_COMMANDS } from "./grid-commands-lines.js";

const PAGE_COMMANDS = {
  cut: { label: () => "Couper", keys: "Ctrl+X", run: (page) => page.clipboard.copyFromMenu(true) },
  copy: { label: () => "Copier", keys: "Ctrl+C", run: (page) => page.clipboard.copyFromMenu(false) },
  paste: { label: () => "Coller", keys: "Ctrl+V", run: (page) => page.clipboard.pasteFromMenu(false) },
  pasteValues: {
    label: () => "Coller les valeurs seules",
    keys: "Ctrl+Maj+V",
    run: (page) => page.clipboard.pasteFromMenu(true),
  },
  clear: { label: () => "Effacer le contenu", keys: "Suppr", run: (page) => page.clearSelection() },
  selectAll: { label: () => "Tout sélectionner", keys: "Ctrl+A", run: (page) => page.selectAll() },
  find: { label: () => "Rechercher", keys: "Ctrl+F", run: (page) => page.find.open(false) },
  replace: { label: () => "Rechercher et remplacer", keys: "Ctrl+H", run: (page) => page.find.open(true) },
  fillDown: { label: () => "Recopier vers le bas", keys: "Ctrl+D", run: (page) => page.fill.down() },
  fillRight: { label: () => "Recopier vers la droite", keys: "Ctrl+R", run: (page) => page.fill.right() },
};

/** Every command by name. */
export const COMMANDS = { ...BOOK_COMMANDS, ...PAGE_COMMANDS, ...DATA_COMMANDS, ...LINE_COMMANDS, ...FORMAT_COMMANDS };

const SORTS = ["sortAscending", "sortDescending"];
const NUMBERS = [
  "formatAuto",
  "formatText",
  null,
  "formatNumber",
  "formatPercent",
  "formatEuro",
  null,
  "formatDate",
  "formatTime",
  "formatDateTime",
  null,
  "moreDecimals",
  "fewerDecimals",
];
const ALIGNMENTS = ["alignLeft", "alignCenter", "alignRight", null, "alignTop", "alignMiddle", "alignBottom"];
const BORDERS = ["bordersAll", "bordersOuter", "bordersInner", "bordersTop", "bordersBottom", null, "bordersNone"];
const ROWS = [
  "insertAbove", "insertBelow", "deleteRows", null, "moveRowsUp", "moveRowsDown", null, "hideRows", "showRows",
];
const COLUMNS = [
  "insertColumn",
  "insertColumnAfter",
  "deleteColumns",
  null,
  "moveColumnsLeft",
  "moveColumnsRight",
  null,
  "hideColumns",
  "showColumns",
  "fitColumns",
];

/** The lists that a toolbar button or an entry of a menu opens. */
export const LISTS = {
  numbers: { label: "Format de nombre", names: NUMBERS },
  alignments: { label: "Alignement", names: ALIGNMENTS },
  borders: { label: "Bordures", names: BORDERS },
  wraps: { label: "Texte trop long", names: ["overflow", "wrap", "clip"] },
  merges: { label: "Fusion", names: ["mergeAll", "mergeRows", "mergeColumns", "unmerge"] },
  sizes: { label: "Taille", names: ["size8", "size10", "size12", "size14", "size18", "size24"] },
  rows: { label: "Lignes", names: ROWS },
  columns: { label: "Colonnes", names: COLUMNS },
};

/** The menus of the bar, in order; a name that starts with "+" opens the list of that name. */
export const MENUS = {
  Fichier: ["renameBook", "shareBook", "openHistory", null, "allBooks"],
  Édition: [
    "undo", "redo", null, "cut", "copy", "paste", "pasteValues", "clear", null, "fillDown", "fillRight", null,
    "selectAll", "find", "replace",
  ],
  Affichage: [
    "freezeRows", "unfreezeRows", "freezeColumns", "unfreezeColumns", null, "hideRows", "showRows",
    "hideColumns", "showColumns", null, "fitColumns",
  ],
  Insertion: [
    "insertAbove", "insertBelow", "insertColumn", "insertColumnAfter", null, "makeChecks", "makeList",
    "editNote",
  ],
  Format: [
    "+numbers", "bold", "italic", "underline", "strike", null, "+sizes", "+alignments", "+wraps", "+borders",
    "+merges", null, "textColor", "fillColor", null, "plainFormat",
  ],
  Données: [
    "sortAscending", "sortDescending", "sortRangeAscending", "sortRangeDescending", null, "toggleFilter",
    "filterColumn", null, "makeList", "makeChecks", "noRule", null, "nameRange", "protect", "unprotect",
  ],
};

/** The menus of a cell, of row heads and of column heads; null is a separator. */
export const CELL_MENU = [
  "cut", "copy", "paste", null, "insertAbove", "insertBelow", "deleteRows", null, "insertColumn",
  "deleteColumns", null, ...SORTS, "filterColumn", null, "editNote", "deleteNote", "makeList", "protect",
  "unprotect",
];
export const ROW_MENU = [...ROWS, null, "freezeRows", "unfreezeRows", null, "clear"];
export const COLUMN_MENU = [...COLUMNS, null, "freezeColumns", "unfreezeColumns", null, ...SORTS, "filterColumn"];
