// Grades as a table: arrows, Enter and Tab, a column or a block pasted from a spreadsheet.
// Each cell is saved by itself (grades_saving.js), lines come back from the server (grades_lines.js), what could not
// leave is kept in the browser (grades_kept.js). Goes with app.js, whose names it uses.
"use strict";

const grid = () => document.getElementById("grid");
const texts = () => grid().dataset;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

// A place is where a grade stands: with a field to type in, or sealed, with its text alone.
const CELL = "#grid tbody input:not([type=hidden])";
const rowOf = (cell) => cell.closest("tr");
const placesOf = (row) => [...row.querySelectorAll("td[data-cell]")];
const inputOf = (place) => place?.querySelector("input") ?? null;
const rows = () => [...document.querySelectorAll("#grid tbody tr[data-row]")];
const rank = (cell) => placesOf(rowOf(cell)).indexOf(cell.closest("td"));
const find = (name) => document.querySelector(`#grid input[name="${CSS.escape(name)}"]`);
const placeOf = (name) => document.querySelector(`#grid td[data-cell="${CSS.escape(name)}"]`);
const who = (place) => rowOf(place).querySelector("th span").textContent;
const what = (place) => inputOf(place)?.getAttribute("aria-label") ?? `${place.dataset.what} · ${who(place)}`;
// 14.5 is 14,5 and abs is ABS; a name is what its letters are.
const plain = (cell, text) => (cell.matches(".wide-cell") ? text.trim() : text.trim().replace(".", ",").toUpperCase());
const holds = (cell, text) => plain(cell, cell.value) === plain(cell, text);
const dirty = (cell) => !holds(cell, cell.defaultValue);
const wrong = (cell) => cell.getAttribute("aria-invalid") === "true" || cell.closest("td").querySelector(".error") !== null;

const state = (cell, name, text = "") => {
  const place = cell.closest("td");
  place.classList.remove("saving", "unsent", "elsewhere");
  if (name) place.classList.add(name);
  if (text) place.dataset.state = text; else delete place.dataset.state;
};

// What is about several cells stands above the table, and is heard with what is said next.
let heardNext = "";

const say = (text) => {
  announce([text.replace(/[.]$/, ""), heardNext].filter(Boolean).join(". "));
  heardNext = "";
};

const tell = (text) => {
  const place = document.getElementById("grid-told");
  place.append(Object.assign(document.createElement("p"), { className: "warning", textContent: text }));
  place.hidden = false;
  heardNext = [heardNext, text].filter(Boolean).join(". ");
};

const forgetTold = () => document.getElementById("grid-told").replaceChildren();

// -- From cell to cell ----------------------------------------------------------------------------

const enter = (cell) => {
  if (!cell) return false;
  cell.focus();
  cell.select();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
};

const placeBeside = (place, down, right) => {
  const all = rows();
  const row = all[all.indexOf(rowOf(place)) + down];
  return row && placesOf(row)[rank(place) + right];
};

// Sealed lines are passed over.
const beside = (place, down, right) => {
  for (let steps = 1; ; steps += 1) {
    const next = placeBeside(place, down * steps, right * steps);
    if (!next || inputOf(next)) return inputOf(next);
  }
};

const first = () => document.querySelector(CELL);

// An arrow goes to the next cell only where it could not move in the text.
const atEnd = (cell, side) => {
  const { selectionStart: start, selectionEnd: end, value } = cell;
  if (start === 0 && end === value.length) return true;
  return side < 0 ? end === 0 : start === value.length;
};

const giveUp = (cell) => {
  cell.value = wrong(cell) ? readThere(cell) : cell.defaultValue;
  cell.removeAttribute("data-typed");
  // What was refused is given up: its line comes back without the reason.
  if (wrong(cell)) save([cell]);
  cell.select();
};

document.addEventListener("keydown", (event) => {
  const cell = event.target.matches?.(CELL) ? event.target : null;
  // Where a line was sealed under somebody's hands, its place keeps the focus and takes no letter.
  const place = event.target.closest?.("#grid td[data-cell]");
  if (event.target === document.body && event.key === "ArrowDown" && enter(first())) event.preventDefault();
  if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
  const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step || cell && side && !event.shiftKey && atEnd(cell, side)) {
    event.preventDefault();
    if (cell) save([cell]);
    enter(step ? beside(place, step, 0) : beside(place, 0, side));
  } else if (cell && event.key === "Escape") {
    giveUp(cell);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.(CELL)) save([event.target]);
});

// -- A column or a block from a spreadsheet -----------------------------------------------------------

const readBlock = (text) => text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));

// What falls on a sealed line is refused there, beside what stands; the same value over itself is nothing new.
const refuseSealed = (place, typed) => {
  const shown = place.querySelector("span").textContent;
  if (!typed || plain(place, typed) === plain(place, shown)) return null;
  refuse(place, typed);
  return `${what(place)} (« ${typed} »)`;
};

const refuse = (place, typed) => {
  place.querySelector(".error")?.remove();
  const error = Object.assign(document.createElement("p"), { className: "error", textContent: fill(texts().sealed, { value: typed }) });
  place.append(error);
};

document.addEventListener("paste", (event) => {
  const cell = event.target.matches?.(CELL) ? event.target : null;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!cell || !/[\t\r\n]/.test(text)) return;
  event.preventDefault();
  forgetTold();
  const filled = [];
  const refused = [];
  let outside = 0;
  readBlock(text).forEach((line, down) => line.forEach((typed, right) => {
    const target = placeBeside(cell, down, right);
    const input = inputOf(target);
    if (input) { input.value = typed.trim(); filled.push(input); }
    else if (target) refused.push(refuseSealed(target, typed.trim()));
    else if (typed.trim()) outside += 1;
  }));
  const sealed = refused.filter(Boolean);
  const { outside: beyond, outsideOne, pasted, pastedOne } = texts();
  if (outside) tell(fill(outside > 1 ? beyond : outsideOne, { n: outside }));
  if (sealed.length) tell(fill(sealed.length > 1 ? pasted : pastedOne, { n: sealed.length, what: sealed.join(", ") }));
  save(filled);
  if (!flying && heardNext) say("");
});

document.addEventListener("submit", (event) => {
  if (event.target.closest("#grid")) event.preventDefault();
});

// The second line of headings sticks under the first, whatever its height.
document.addEventListener("DOMContentLoaded", () => {
  const [top, second] = [...document.querySelectorAll("#grid thead tr")].map((row) => row.getBoundingClientRect().top);
  if (second) grid().style.setProperty("--head", `${second - top}px`);
});
