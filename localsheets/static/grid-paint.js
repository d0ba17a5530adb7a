// How one cell looks: text, format, borders, marks of notes, rules, filters and protections.

import { cellName } from "./grid-address.js";
import { cellAt, isProtected } from "./grid-book.js";
import { drawn } from "./grid-drawn.js";
import { mergeAt } from "./grid-lines.js";
import { DEFAULT_HEIGHT } from "./grid-sizes.js";

const LOOKS = { b: "bold", i: "italic", n: "number", m: "note" };
const SIDEWAYS = { l: "to-left", c: "to-center", r: "to-right" };
const UPRIGHT = { t: "to-top", m: "to-middle" };
const PLAIN = "||||||";
const LISTS = ["ONE_OF_LIST", "ONE_OF_RANGE"];

/** Give the validation rule of a cell, null without one. */
export function ruleAt(sheet, row, column) {
  return sheet.rules?.[cellAt(sheet, row, column).r] ?? null;
}

/** Tell whether a rule offers a list to choose from. */
export function isList(rule) {
  return LISTS.includes(rule?.kind);
}

/** Tell whether a cell is a head of the filter: "on" when its column has a criterion, "off" when none, else null. */
export function filterHead(sheet, row, column) {
  if (!sheet.filter) return null;
  const [top, left, , right] = sheet.filter.area;
  if (row !== top || column < left || column > right) return null;
  return sheet.filter.criteria[column] ? "on" : "off";
}

function marks(view, cell, { row, column, chosen, height }) {
  const { sheet, selection, geometry } = view;
  const classes = ["cell"];
  for (const [key, name] of Object.entries(LOOKS)) if (cell[key]) classes.push(name);
  if (cell.u || cell.s) classes.push(`${cell.u ? "under" : ""}${cell.s ? "struck" : ""}`);
  if (cell.h) classes.push(SIDEWAYS[cell.h]);
  if (cell.v) classes.push(UPRIGHT[cell.v]);
  if (cell.w) classes.push("wrapped");
  else if (cell.f === "" && !cell.bg) classes.push("empty");
  else if (spills(cell)) classes.push("spills");
  if (height !== DEFAULT_HEIGHT) classes.push("tall");
  const rule = ruleAt(sheet, row, column);
  if (rule?.kind === "BOOLEAN") classes.push(cell.t ? "check on" : "check");
  else if (isList(rule)) classes.push("choice");
  const head = filterHead(sheet, row, column);
  if (head) classes.push(`filter-head ${head}`);
  if (chosen) classes.push("selected");
  if (selection.isActive(row, column)) classes.push("active");
  if (isProtected(sheet, row, column)) classes.push("protected");
  if (sheet.marked?.has(`${row}:${column}`)) classes.push("marked");
  if (column === geometry.frozenColumns - 1) classes.push("last-pinned");
  return classes.join(" ");
}

/** A plain text runs over the empty cells on its right. */
function spills(cell) {
  return cell.w === undefined && !cell.n && !cell.h && cell.t === undefined && !cell.f.includes("\n");
}

function stylesOf(sheet, cell, row, column) {
  return [
    ["backgroundColor", cell.bg ?? ""],
    ["color", cell.fg ?? ""],
    ["fontSize", cell.z ? `${(cell.z * 4) / 3}px` : ""],
    ["borderRight", cell.o?.[1] ?? cellAt(sheet, row, column + 1).o?.[3] ?? ""],
    ["borderBottom", cell.o?.[2] ?? cellAt(sheet, row + 1, column).o?.[0] ?? ""],
    ["borderTop", (row === 0 && cell.o?.[0]) || ""],
    ["borderLeft", (column === 0 && cell.o?.[3]) || ""],
  ];
}

/** Elements are used again for other cells: their styles are written only when they differ. */
function setStyles(target, styles) {
  const wanted = styles.map(([, value]) => value).join("|");
  if ((target.dataset.styles ?? PLAIN) === wanted) return;
  for (const [name, value] of styles) target.style[name] = value;
  target.dataset.styles = wanted;
}

/** Write a text; the text node stays when there is one. */
function setText(target, text) {
  if (target.firstChild) target.firstChild.data = text;
  else target.textContent = text;
}

/** Give what was last written on an element: writing the same again would still cost a layout. */
function writtenOn(target) {
  target.written ??= { name: "", text: "", classes: "", column: -1, chosen: null, covered: false };
  return target.written;
}

/** Paint a cell of the view's sheet on an element; a cell covered by a merge is not shown. */
export function paintCell(target, view, row, column) {
  const { sheet } = view;
  const merge = mergeAt(sheet, row, column);
  const known = writtenOn(target);
  const covered = merge !== null && (merge.top !== row || merge.left !== column);
  if (covered !== known.covered) target.hidden = known.covered = covered;
  const cell = drawn(sheet, cellAt(sheet, row, column), row, column);
  const { top, left, bottom, right } = view.range;
  const chosen = row >= top && row <= bottom && column >= left && column <= right;
  const height = merge ? view.geometry.size(row, column).height : view.geometry.rowHeight(row);
  const classes = marks(view, cell, { row, column, chosen, height });
  if (classes !== known.classes) target.className = known.classes = classes;
  const name = cellName(row, column);
  if (name !== known.name) target.dataset.cell = known.name = name;
  if (column !== known.column) target.setAttribute("aria-colindex", (known.column = column) + 1);
  if (chosen !== known.chosen) target.setAttribute("aria-selected", (known.chosen = chosen));
  span(target, merge);
  setStyles(target, stylesOf(sheet, cell, row, column));
  if (cell.f !== known.text) setText(target, (known.text = cell.f));
}

function span(target, merge) {
  if (!merge && !target.hasAttribute("aria-rowspan")) return;
  if (!merge) {
    target.removeAttribute("aria-rowspan");
    target.removeAttribute("aria-colspan");
    return;
  }
  target.setAttribute("aria-rowspan", merge.bottom - merge.top + 1);
  target.setAttribute("aria-colspan", merge.right - merge.left + 1);
}
