// Sizes in CSS pixels that the drawing and the style sheet share.

export const DEFAULT_HEIGHT = 24;
export const LINE_HEIGHT = 18;
export const HEADER_HEIGHT = 24;
export const HEADER_WIDTH = 48;
export const DEFAULT_WIDTH = 100;

/** Give the width of a column as it was set, or the usual one. */
export function columnPixels(sheet, column) {
  return sheet.columnWidths?.[column] ?? DEFAULT_WIDTH;
}
