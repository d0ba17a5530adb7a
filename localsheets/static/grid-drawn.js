// What the rules of a tab draw over its cells: alternating colours under what a cell has, conditional formats over it.

const [HEADER, FIRST, SECOND, FOOTER] = [0, 1, 2, 3];
const HAS_RULES = new WeakMap();

/** Give the looks of conditional formats by column, then by row; worked out once for what the server sent. */
function byPlace(painted) {
  if (!HAS_RULES.has(painted)) {
    const columns = new Map();
    for (const [look, column, first, last] of painted.runs) {
      if (!columns.has(column)) columns.set(column, new Map());
      for (let row = first; row <= last; row += 1) columns.get(column).set(row, painted.looks[look]);
    }
    HAS_RULES.set(painted, columns);
  }
  return HAS_RULES.get(painted);
}

function shade(shades, at, first, last) {
  if (!shades) return null;
  if (shades[HEADER] && at === first) return shades[HEADER];
  if (shades[FOOTER] && at === last) return shades[FOOTER];
  return shades[(at - first - (shades[HEADER] ? 1 : 0)) % 2 ? SECOND : FIRST];
}

function bandAt(sheet, row, column) {
  for (const { area, row: rows, column: columns } of sheet.bands ?? []) {
    const [top, left, bottom, right] = area;
    if (row < top || row > bottom || column < left || column > right) continue;
    return shade(rows, row, top, bottom) ?? shade(columns, column, left, right);
  }
  return null;
}

/** Give a cell as it is drawn, with what the rules of its tab add. */
export function drawn(sheet, cell, row, column) {
  const band = cell.bg || !sheet.bands?.length ? null : bandAt(sheet, row, column);
  const look = sheet.painted ? byPlace(sheet.painted).get(column)?.get(row) : undefined;
  if (!band && !look) return cell;
  return { ...cell, ...(band ? { bg: band } : {}), ...look };
}
