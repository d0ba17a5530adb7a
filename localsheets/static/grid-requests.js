// The batchUpdate requests that the page sends, built from what is selected. Ranges are half-open as the API wants.

/** Write requests on a tab as an action of a step. */
export function asked(sheetId, requests) {
  return { type: "requests", sheetId, requests };
}

/** Write a range of the page (both ends included) as a GridRange. */
export function gridRange(sheetId, { top, left, bottom, right }) {
  return {
    sheetId,
    startRowIndex: top,
    endRowIndex: bottom + 1,
    startColumnIndex: left,
    endColumnIndex: right + 1,
  };
}

/** Write a span of rows or columns as a DimensionRange. */
export function span(sheetId, dimension, at, count) {
  return { sheetId, dimension, startIndex: at, endIndex: at + count };
}

/** Give a format to the selected cells; `fields` names what of the format is set, or cleared when it is not given. */
export function formatSelection(page, format, fields) {
  const range = gridRange(page.sheetId, page.selection.range());
  const mask = fields.map((field) => `userEnteredFormat.${field}`).join(",");
  page.ask([{ repeatCell: { range, cell: { userEnteredFormat: format }, fields: mask } }]);
}

/** Set properties of some rows or columns. */
export function lineProperties(sheetId, dimension, at, count, properties) {
  const fields = Object.keys(properties).join(",");
  return { updateDimensionProperties: { range: span(sheetId, dimension, at, count), properties, fields } };
}

/** Set properties of a tab. */
export function tabProperties(sheetId, properties, fields = Object.keys(properties).join(",")) {
  return { updateSheetProperties: { properties: { sheetId, ...properties }, fields } };
}

/** Read #rrggbb as a Color of the API. */
export function colorOf(hexadecimal) {
  const channel = (at) => Number.parseInt(hexadecimal.slice(at, at + 2), 16) / 255;
  return { red: channel(1), green: channel(3), blue: channel(5) };
}
