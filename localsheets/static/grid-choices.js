// Cells with a rule: lists to choose from, boxes to tick, and what a strict rule refuses.

import { cellAt } from "./grid-book.js";
import { isList, ruleAt } from "./grid-paint.js";

function write(page, row, column, text) {
  page.act([{ type: "set", sheetId: page.sheetId, row, column, values: [[text]] }]);
}

/** Open the list of the active cell; answers whether it has one. */
export function openChoices(page) {
  const { row, column } = page.selection.anchor;
  const rule = ruleAt(page.sheet(), row, column);
  if (!isList(rule)) return false;
  const { f } = cellAt(page.sheet(), row, column);
  const entries = rule.values.map((value) => ({
    label: value,
    on: value === f,
    run: () => write(page, row, column, value),
  }));
  entries.push(null, { label: "Vider la cellule", run: () => write(page, row, column, "") });
  const frame = page.dom.stage.getBoundingClientRect();
  const box = page.view.box(row, column);
  const [x, y] = [frame.left + box.left, frame.top + box.top + box.height];
  page.menu.open(entries, x, y, page.dom.editor, { title: "Valeurs" });
  return true;
}

function ticks(page, rule) {
  if (rule.values.length) return [rule.values[0], rule.values[1] ?? ""];
  return page.book.french() ? ["VRAI", "FAUX"] : ["TRUE", "FALSE"];
}

/** Tick or untick the selected boxes, all as the active one becomes; answers whether the active cell is a box. */
export function toggleChecks(page) {
  const { row, column } = page.selection.anchor;
  const sheet = page.sheet();
  const rule = ruleAt(sheet, row, column);
  if (rule?.kind !== "BOOLEAN") return false;
  const active = cellAt(sheet, row, column);
  const [yes, no] = ticks(page, rule);
  const text = active.t || (active.t === undefined && active.f === yes) ? no : yes;
  const { top, bottom, left, right } = page.selection.range();
  const values = [];
  for (let line = top; line <= bottom; line += 1) {
    const boxed = (at) => ruleAt(sheet, line, at)?.kind === "BOOLEAN";
    values.push(Array.from({ length: right - left + 1 }, (_, at) => (boxed(left + at) ? text : null)));
  }
  page.act([{ type: "set", sheetId: page.sheetId, row: top, column: left, values }]);
  return true;
}

/** Say why a strict rule refuses a text typed in a cell; null when it does not. */
export function refusal(sheet, row, column, text) {
  const rule = ruleAt(sheet, row, column);
  if (!rule?.strict || !isList(rule) || text === "" || text.startsWith("=") || rule.values.includes(text)) return null;
  const shown = rule.values.slice(0, 12).join(", ");
  return `« ${text} » n’est pas dans la liste de cette cellule : ${shown}${rule.values.length > 12 ? "…" : ""}.`;
}
