// Commands on how cells look: marks, colours, alignment, borders, number formats, merges.

import { cellAt } from "./grid-book.js";
import { chooseColor } from "./grid-colors.js";
import { mergeAt } from "./grid-lines.js";
import { colorOf, formatSelection, gridRange } from "./grid-requests.js";

function active(page) {
  const { row, column } = page.selection.anchor;
  return cellAt(page.sheet(), row, column);
}

function mark(short, name, label, keys) {
  return {
    label: () => label,
    keys,
    on: (page) => Boolean(active(page)[short]),
    run: (page) => formatSelection(page, { textFormat: { [name]: !active(page)[short] } }, [`textFormat.${name}`]),
  };
}

function placed(short, field, value, label, keys) {
  return {
    label: () => label,
    keys,
    on: (page) => active(page)[field === "horizontalAlignment" ? "h" : "v"] === short,
    run: (page) => formatSelection(page, { [field]: value }, [field]),
  };
}

function numbers(label, type, pattern, keys) {
  return {
    label: () => label,
    keys,
    on: (page) => (active(page).p?.[0] ?? "") === (type ?? ""),
    run: (page) => formatSelection(page, type ? { numberFormat: { type, pattern } } : {}, ["numberFormat"]),
  };
}

/** Write one decimal more, or one less, in a number pattern. */
export function withDecimals(pattern, more) {
  const [, head, decimals = "", tail] = /^([^.]*?0)(?:\.(0+))?([^0.]*)$/.exec(pattern) ?? [null, "0", "", ""];
  const count = Math.max(0, Math.min(10, decimals.length + more));
  return `${head}${count ? `.${"0".repeat(count)}` : ""}${tail}`;
}

function decimals(label, more) {
  return {
    label: () => label,
    run: (page) => {
      const { p, f } = active(page);
      const shown = /[,.](\d+)$/.exec(f)?.[1] ?? "";
      const pattern = p?.[1] || (shown ? `0.${"0".repeat(shown.length)}` : "0");
      const type = ["PERCENT", "CURRENCY", "NUMBER"].includes(p?.[0]) ? p[0] : "NUMBER";
      formatSelection(page, { numberFormat: { type, pattern: withDecimals(pattern, more) } }, ["numberFormat"]);
    },
  };
}

function wrapping(label, strategy, value) {
  return {
    label: () => label,
    on: (page) => active(page).w === value,
    run: (page) => formatSelection(page, { wrapStrategy: strategy }, ["wrapStrategy"]),
  };
}

const LINE = { style: "SOLID", color: { red: 0, green: 0, blue: 0 } };
const NO_LINE = { style: "NONE" };
const OUTER = ["top", "bottom", "left", "right"];
const INNER = ["innerHorizontal", "innerVertical"];

function borders(label, sides, line = LINE) {
  return {
    label: () => label,
    run: (page) => {
      const range = gridRange(page.sheetId, page.selection.range());
      page.ask([{ updateBorders: { range, ...Object.fromEntries(sides.map((side) => [side, line])) } }]);
    },
  };
}

function colored(label, field, short) {
  return {
    label: () => label,
    run: (page) =>
      chooseColor(page, label, active(page)[short], (hexadecimal) => {
        const color = hexadecimal && colorOf(hexadecimal);
        if (field === "backgroundColor") formatSelection(page, color ? { [field]: color } : {}, [field]);
        else formatSelection(page, color ? { textFormat: { [field]: color } } : {}, [`textFormat.${field}`]);
      }),
  };
}

function merge(label, mergeType) {
  return {
    label: () => label,
    off: (page) => page.selection.isSingle(),
    run: (page) => {
      const selected = page.selection.range();
      const range = gridRange(page.sheetId, selected);
      const filled = page.filledIn(selected) > 1;
      if (filled && !window.confirm("Seule la première valeur de chaque fusion sera gardée. Fusionner ?")) return;
      page.ask([{ unmergeCells: { range } }, { mergeCells: { range, mergeType } }]);
    },
  };
}

function isMerged(page) {
  const { row, column } = page.selection.anchor;
  return mergeAt(page.sheet(), row, column) !== null;
}

function fontSize(label, size) {
  return {
    label: () => label,
    on: (page) => (active(page).z ?? 10) === size,
    run: (page) => formatSelection(page, { textFormat: { fontSize: size } }, ["textFormat.fontSize"]),
  };
}

/** The commands by name: `label`, `run`, `keys`, and `on(page)` for those that are in force or not. */
export const FORMAT_COMMANDS = {
  bold: mark("b", "bold", "Gras", "Ctrl+B"),
  italic: mark("i", "italic", "Italique", "Ctrl+I"),
  underline: mark("u", "underline", "Souligné", "Ctrl+U"),
  strike: mark("s", "strikethrough", "Barré", "Alt+Maj+5"),
  textColor: colored("Couleur du texte", "foregroundColor", "fg"),
  fillColor: colored("Couleur de fond", "backgroundColor", "bg"),
  alignLeft: placed("l", "horizontalAlignment", "LEFT", "Aligner à gauche", "Ctrl+Maj+L"),
  alignCenter: placed("c", "horizontalAlignment", "CENTER", "Centrer", "Ctrl+Maj+E"),
  alignRight: placed("r", "horizontalAlignment", "RIGHT", "Aligner à droite", "Ctrl+Maj+R"),
  alignTop: placed("t", "verticalAlignment", "TOP", "Aligner en haut"),
  alignMiddle: placed("m", "verticalAlignment", "MIDDLE", "Centrer en hauteur"),
  alignBottom: placed(undefined, "verticalAlignment", "BOTTOM", "Aligner en bas"),
  overflow: wrapping("Laisser déborder", "OVERFLOW_CELL", undefined),
  wrap: wrapping("Renvoyer à la ligne", "WRAP", true),
  clip: wrapping("Couper", "CLIP", false),
  formatAuto: numbers("Automatique", null, null),
  formatText: numbers("Texte brut", "TEXT", "@"),
  formatNumber: numbers("Nombre (1 234,50)", "NUMBER", "#,##0.00", "Ctrl+Maj+1"),
  formatPercent: numbers("Pourcentage (12,50 %)", "PERCENT", "0.00%", "Ctrl+Maj+5"),
  formatEuro: numbers("Euros (1 234,50 €)", "CURRENCY", '#,##0.00 "€"', "Ctrl+Maj+4"),
  formatDate: numbers("Date (14/02/2025)", "DATE", "dd/mm/yyyy", "Ctrl+Maj+3"),
  formatTime: numbers("Heure (09:30)", "TIME", "hh:mm", "Ctrl+Maj+2"),
  formatDateTime: numbers("Date et heure", "DATE_TIME", "dd/mm/yyyy hh:mm"),
  moreDecimals: decimals("Ajouter une décimale", 1),
  fewerDecimals: decimals("Enlever une décimale", -1),
  bordersAll: borders("Toutes les bordures", [...OUTER, ...INNER]),
  bordersOuter: borders("Contour", OUTER),
  bordersInner: borders("Bordures intérieures", INNER),
  bordersBottom: borders("Bordure du bas", ["bottom"]),
  bordersTop: borders("Bordure du haut", ["top"]),
  bordersNone: borders("Aucune bordure", [...OUTER, ...INNER], NO_LINE),
  mergeAll: merge("Fusionner tout", "MERGE_ALL"),
  mergeRows: merge("Fusionner ligne par ligne", "MERGE_ROWS"),
  mergeColumns: merge("Fusionner colonne par colonne", "MERGE_COLUMNS"),
  unmerge: {
    label: () => "Défusionner",
    off: (page) => page.selection.isSingle() && !isMerged(page),
    run: (page) => page.ask([{ unmergeCells: { range: gridRange(page.sheetId, page.selection.range()) } }]),
  },
  toggleMerge: {
    label: (page) => (isMerged(page) ? "Défusionner les cellules" : "Fusionner les cellules"),
    on: isMerged,
    run: (page) => {
      if (!isMerged(page) && page.selection.isSingle()) page.warn("Sélectionnez plusieurs cellules à fusionner.");
      else page.run(isMerged(page) ? "unmerge" : "mergeAll");
    },
  },
  size8: fontSize("8 points", 8),
  size10: fontSize("10 points", 10),
  size12: fontSize("12 points", 12),
  size14: fontSize("14 points", 14),
  size18: fontSize("18 points", 18),
  size24: fontSize("24 points", 24),
  plainFormat: {
    label: () => "Effacer la mise en forme",
    keys: "Ctrl+\\",
    run: (page) => {
      const range = gridRange(page.sheetId, page.selection.range());
      page.ask([{ repeatCell: { range, cell: {}, fields: "userEnteredFormat" } }]);
    },
  },
};
