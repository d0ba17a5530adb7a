// Blocks of cells as the clipboard carries them between programs: tabs, line ends, and quotes around
// a cell that holds either.

const NEEDS_QUOTES = /[\t\n\r]|^"/;

/** Write a block (array of rows of texts) as tab-separated text. */
export function formatBlock(block) {
  const quoted = (text) => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return block.map((row) => row.map(quoted).join("\t")).join("\n");
}

/** Read one quoted cell that opens at `start`; null when the quote never closes, as in a plain text. */
function quotedCell(text, start) {
  let value = "";
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') value += text[at];
    else if (text[at + 1] === '"') {
      value += '"';
      at += 1;
    } else return /[\t\n]|^$/.test(text[at + 1] ?? "") ? { value, end: at + 1 } : null;
  }
  return null;
}

function plainCell(text, start) {
  const stop = /[\t\n]/g;
  stop.lastIndex = start;
  const end = stop.exec(text)?.index ?? text.length;
  return { value: text.slice(start, end), end };
}

/** Read tab-separated text as a block whose rows all have the same length, missing cells being empty. */
export function parseBlock(source) {
  const text = source.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const rows = [[]];
  for (let at = 0; at <= text.length; ) {
    const { value, end } = (text[at] === '"' && quotedCell(text, at)) || plainCell(text, at);
    rows.at(-1).push(value);
    if (text[end] === "\n") rows.push([]);
    at = end + 1;
  }
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
}

/** Write a block as an HTML table, for word processors. */
export function writeTable(block) {
  const table = document.createElement("table");
  for (const line of block) {
    const row = table.insertRow();
    for (const text of line) row.insertCell().textContent = text;
  }
  return table.outerHTML;
}

/** Read the first table of an HTML text as a block, cells over several columns leaving blanks; null without a table. */
export function readTable(html) {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table || !table.rows.length) return null;
  const rows = [...table.rows].map((row) =>
    [...row.cells].flatMap((cell) => [cell.textContent.trim(), ...Array(Math.max(0, cell.colSpan - 1)).fill("")]),
  );
  const width = Math.max(...rows.map((row) => row.length));
  return width ? rows.map((row) => [...row, ...Array(width - row.length).fill("")]) : null;
}
