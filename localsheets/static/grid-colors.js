// The palette offered for texts, backgrounds and tabs.

const NEUTRALS = [
  ["Noir", "#000000"],
  ["Gris très foncé", "#434343"],
  ["Gris foncé", "#666666"],
  ["Gris", "#999999"],
  ["Gris clair", "#cccccc"],
  ["Gris très clair", "#efefef"],
  ["Gris pâle", "#f8f9fa"],
  ["Blanc", "#ffffff"],
].map(([label, color]) => ({ label, color }));
const HUES = [
  ["Rouge", "#990000", "#e03c31", "#ea9999", "#f4cccc"],
  ["Orange", "#b45f06", "#ff9900", "#f9cb9c", "#fce5cd"],
  ["Jaune", "#bf9000", "#ffd500", "#ffe599", "#fff2cc"],
  ["Vert", "#38761d", "#34a853", "#b6d7a8", "#d9ead3"],
  ["Turquoise", "#134f5c", "#00acc1", "#a2c4c9", "#d0e0e3"],
  ["Bleu", "#0b5394", "#4285f4", "#9fc5e8", "#cfe2f3"],
  ["Violet", "#351c75", "#7b3fc4", "#b4a7d6", "#d9d2e9"],
  ["Rose", "#741b47", "#d5408c", "#d5a6bd", "#ead1dc"],
];
const SHADES = ["foncé", "", "clair", "très clair"];
const SHADED = SHADES.flatMap((shade, index) =>
  HUES.map(([name, ...colors]) => ({ label: `${name} ${shade}`.trim(), color: colors[index] })),
);

/** Offer the palette near the active cell; `use` gets #rrggbb, null for no colour. */
export function chooseColor(page, title, current, use) {
  const box = page.menu.place ?? page.dom.editor.getBoundingClientRect();
  const entry = ({ label, color }) => ({
    label,
    color,
    on: color === current,
    run: () => use(color),
  });
  const entries = [{ label: "Sans couleur", run: () => use(null) }, ...[...NEUTRALS, ...SHADED].map(entry)];
  page.menu.open(entries, box.left, box.bottom, page.dom.editor, { title, columns: HUES.length });
}
