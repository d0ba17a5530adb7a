// The filter of a tab: which values of each column are shown. It is the API's basic filter, so other programs see it.

import { columnName } from "./grid-address.js";
import { cellAt } from "./grid-book.js";
import { openDialog } from "./grid-dialog.js";
import { gridRange } from "./grid-requests.js";
import { lastUsed } from "./grid-selection.js";

const BLANK = "(Vides)";
const MOST_VALUES = 2000;
const collator = new Intl.Collator("fr", { numeric: true });

function areaOf(filter) {
  const [top, left, bottom, right] = filter.area;
  return { top, left, bottom, right };
}

function store(page, area, criteria) {
  const filter = { range: gridRange(page.sheetId, area) };
  if (Object.keys(criteria).length) filter.criteria = criteria;
  page.ask([{ setBasicFilter: { filter } }]);
}

/** Put a filter on the selection, or on everything filled when one cell is selected. */
export function filterSelection(page) {
  const last = lastUsed(page.sheet());
  const header = Math.max(0, (page.sheet().frozenRowCount || 1) - 1);
  const whole = { top: header, left: 0, bottom: Math.max(header + 1, last.row), right: last.column };
  const selected = page.selection.usedRange();
  const chosen = selected && selected.bottom > selected.top ? selected : whole;
  store(page, chosen, {});
}

/** Remove the filter: every row is seen again. */
export function clearFilter(page) {
  page.ask([{ clearBasicFilter: { sheetId: page.sheetId } }]);
}

function valuesOf(sheet, { top, bottom }, column) {
  const counts = new Map();
  for (let row = top + 1; row <= bottom; row += 1) {
    const { f } = cellAt(sheet, row, column);
    counts.set(f, (counts.get(f) ?? 0) + 1);
  }
  return [...counts].sort(([one], [other]) => collator.compare(one, other)).slice(0, MOST_VALUES);
}

function choice([value, count], hidden) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !hidden.has(value);
  box.dataset.value = value;
  const number = document.createElement("small");
  number.textContent = count;
  label.append(box, value === "" ? BLANK : value, number);
  return label;
}

function textButton(label, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", run);
  return made;
}

function listOf(values, hidden) {
  const list = document.createElement("div");
  list.className = "choices";
  list.append(...values.map((entry) => choice(entry, hidden)));
  const search = document.createElement("input");
  search.type = "search";
  search.placeholder = "Rechercher une valeur";
  search.setAttribute("aria-label", "Rechercher une valeur");
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase();
    for (const label of list.children) label.hidden = !label.textContent.toLowerCase().includes(wanted);
  });
  const tick = (checked) => () => {
    for (const label of list.children) if (!label.hidden) label.firstChild.checked = checked;
  };
  const all = document.createElement("p");
  all.append(textButton("Tout cocher", tick(true)), textButton("Tout décocher", tick(false)));
  return { list, search, all };
}

function sortButtons(page) {
  const line = document.createElement("p");
  const sorter = (label, name) =>
    textButton(label, () => {
      page.dom.dialog.close("");
      page.run(name);
    });
  line.append(sorter("Trier A→Z", "sortAscending"), sorter("Trier Z→A", "sortDescending"));
  return line;
}

/** Ask which values of a column are shown; without a filter yet, one is made first over everything filled. */
export async function openFilter(page, column) {
  const { filter } = page.sheet();
  const last = lastUsed(page.sheet());
  const header = Math.max(0, (page.sheet().frozenRowCount || 1) - 1);
  const area = filter ? areaOf(filter) : { top: header, left: 0, bottom: last.row, right: last.column };
  if (column < area.left || column > area.right || area.bottom <= area.top) {
    page.warn("Cette colonne n’est pas dans le filtre.");
    return;
  }
  const criteria = { ...filter?.criteria };
  const hidden = new Set(criteria[column]?.hiddenValues ?? []);
  const values = valuesOf(page.sheet(), area, column);
  const { list, search, all } = listOf(values, hidden);
  const title = cellAt(page.sheet(), area.top, column).f || `Colonne ${columnName(column)}`;
  const opened = openDialog(page, `Filtrer : ${title}`, [sortButtons(page), search, all, list], "Filtrer");
  search.focus();
  if (!(await opened)) return;
  const unticked = [...list.querySelectorAll("input")].filter((box) => !box.checked).map((box) => box.dataset.value);
  const { hiddenValues: _, ...rest } = criteria[column] ?? {};
  if (unticked.length) criteria[column] = { ...rest, hiddenValues: unticked };
  else if (Object.keys(rest).length) criteria[column] = rest;
  else delete criteria[column];
  store(page, area, criteria);
}
