// The line under the grid that adds up what is selected.

import { cellAt } from "./grid-book.js";
import { numberOf } from "./grid-series.js";

const MOST_CELLS = 200000;
const shown = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 4 });

/** Show the sum, the mean and the count of the selected numbers, when there are several filled cells. */
export function showTotals(page) {
  const { totals } = page.dom;
  const text = page.selection.isSingle() ? "" : totalsOf(page.sheet(), page.selection.usedRange());
  if (totals.textContent !== text) totals.textContent = text;
}

function totalsOf(sheet, range) {
  if (!range) return "";
  const { top, bottom, left, right } = range;
  if ((bottom - top + 1) * (right - left + 1) > MOST_CELLS) return "";
  const numbers = [];
  let filled = 0;
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const cell = cellAt(sheet, row, column);
      if (cell.f === "") continue;
      filled += 1;
      const number = cell.n ? numberOf(cell.f.replace(/[€%]/g, "")) : Number.NaN;
      if (!Number.isNaN(number)) numbers.push(number);
    }
  }
  if (filled < 2) return "";
  if (!numbers.length) return `Nombre : ${filled}`;
  const sum = numbers.reduce((total, number) => total + number, 0);
  return `Somme : ${shown.format(sum)}   Moyenne : ${shown.format(sum / numbers.length)}   Nombre : ${filled}`;
}
