// Grades as a table: arrows, Enter and Tab, a column or a block pasted from a spreadsheet, each cell saved by itself.
// What others enter comes in between, what is being typed stays. Goes with app.js, whose names it uses.
"use strict";

const grid = () => document.getElementById("grid");
const texts = () => grid().dataset;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

const CELL = "#grid tbody input:not([type=hidden])";
const rowOf = (cell) => cell.closest("tr");
const cellsOf = (row) => [...row.querySelectorAll("input:not([type=hidden])")];
const rows = () => [...document.querySelectorAll("#grid tbody tr[data-row]")];
const place = (cell) => cellsOf(rowOf(cell)).indexOf(cell);
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

// -- From cell to cell ----------------------------------------------------------------------------

const enter = (cell) => {
  if (!cell) return false;
  cell.focus();
  cell.select();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
};

const beside = (cell, down, right) => {
  const all = rows();
  const row = all[all.indexOf(rowOf(cell)) + down];
  return row && cellsOf(row)[place(cell) + right];
};

// An arrow goes to the next cell only where it could not move in the text.
const atEnd = (cell, side) => {
  const { selectionStart: start, selectionEnd: end, value } = cell;
  if (start === 0 && end === value.length) return true;
  return side < 0 ? end === 0 : start === value.length;
};

document.addEventListener("keydown", (event) => {
  const cell = event.target.matches?.(CELL) ? event.target : null;
  if (event.target === document.body && event.key === "ArrowDown" && rows().length) {
    event.preventDefault();
    enter(cellsOf(rows()[0])[0]);
  }
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
  const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) {
    event.preventDefault();
    save([cell]);
    enter(beside(cell, step, 0));
  } else if (side && !event.shiftKey && atEnd(cell, side)) {
    event.preventDefault();
    save([cell]);
    enter(beside(cell, 0, side));
  } else if (event.key === "Escape") {
    cell.value = wrong(cell) ? readThere(cell) : cell.defaultValue;
    cell.removeAttribute("data-typed");
    // What was refused is given up: its line comes back without the reason.
    if (wrong(cell)) save([cell]);
    cell.select();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.(CELL)) save([event.target]);
});

// -- A column or a block from a spreadsheet -----------------------------------------------------------

document.addEventListener("paste", (event) => {
  const cell = event.target.matches?.(CELL) ? event.target : null;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!cell || !/[\t\r\n]/.test(text)) return;
  event.preventDefault();
  const block = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  const filled = [];
  let outside = 0;
  block.forEach((line, down) => line.forEach((typed, right) => {
    const target = beside(cell, down, right);
    if (!target) { outside += 1; return; }
    target.value = typed.trim();
    filled.push(target);
  }));
  if (outside) announce(fill(texts().outside, { n: outside }));
  save(filled);
});

// -- Saving: one request at a time, each cell on its own in it ------------------------------------------

const waiting = new Map();
let flying = null;
let requests = 0;

const nameOf = (cell) => cell.name;
const find = (name) => document.querySelector(`#grid input[name="${CSS.escape(name)}"]`);

const save = (cells) => {
  for (const cell of cells) {
    // What is on its way is what will be read there: a key and the browser both say that a cell was left.
    if (holds(cell, flying?.values.get(nameOf(cell)) ?? cell.defaultValue)) { waiting.delete(nameOf(cell)); continue; }
    cell.setAttribute("data-typed", "");
    if (document.body.classList.contains("offline") || signedOut) state(cell, "unsent", texts().unsent);
    else state(cell, "saving", texts().sending);
    waiting.set(nameOf(cell), cell.value);
  }
  flush();
};

const seenOf = (row) => row.querySelector("input[type=hidden]");
// A refused cell shows what was typed; what was read there stands with its line.
const readThere = (cell) => plain(cell, seenOf(rowOf(cell)).value.split("\t")[place(cell)]);

const body = (names, keep) => {
  const form = document.querySelector("#grid form");
  const sent = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, form_key: flying.key });
  for (const name of names) {
    const row = rowOf(find(name));
    sent.set(keep.has(name) ? `keep-${name}` : name, flying.values.get(name));
    sent.set(seenOf(row).name, seenOf(row).value);
  }
  return sent;
};

const flush = async (keep = new Set()) => {
  if (flying || !waiting.size) return;
  const form = document.querySelector("#grid form");
  requests += 1;
  flying = { key: `${form.elements.form_key.value}.${requests}`, values: new Map(waiting), keep };
  waiting.clear();
  await send();
};

// What nobody answered is sent again as it was, under the same key: it is carried out once.
const send = async () => {
  const names = [...flying.values.keys()].filter(find);
  let answer = null;
  let html = "";
  try {
    answer = await fetch(document.querySelector("#grid form").action, {
      method: "POST", body: body(names, flying.keep), headers: { "HX-Request": "true" }, redirect: "error",
    });
    html = await answer.text();
  } catch { answer = null; }
  if (!answer || [502, 503, 504].includes(answer.status)) { lost(names); return; }
  if (answer.status === 401 || answer.status === 400) { signOut(answer.status, names); return; }
  offline(false);
  const sent = flying;
  flying = null;
  if (![200, 409, 422].includes(answer.status)) { failed(names, answer.status); return; }
  take(html, sent);
  flush();
};

const lost = (names) => {
  offline(true);
  names.map(find).forEach((cell) => cell && state(cell, "unsent", texts().unsent));
  announce(document.body.dataset.offline);
};

const signOut = (status, names) => {
  signedOut = true;
  if (status === 401) document.getElementById("signed-out").hidden = false;
  names.map(find).forEach((cell) => cell && state(cell, "unsent", texts().unsent));
};

const failed = (names, status) => {
  names.map(find).forEach((cell) => cell && state(cell, "unsent", `${document.body.dataset.error} ${status}`));
  announce(`${document.body.dataset.error} ${status}`);
};

// The page asks every few seconds: an answer says that what waits may leave.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isPoll(event) || away(event.detail.xhr) || event.detail.xhr.status === 401 || signedOut) return;
  offline(false);
  if (flying && document.querySelector("#grid td.unsent")) { announce(document.body.dataset.back); send(); }
});

window.addEventListener("beforeunload", (event) => {
  if (flying || waiting.size) event.preventDefault();
});

// -- What comes back: the lines of what was sent, or all of them ------------------------------------------

const read = (html) => {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content;
};

const take = (html, sent) => {
  const told = [];
  const problems = [];
  for (const fresh of read(html).querySelectorAll("tr[data-row]")) {
    const row = document.getElementById(fresh.id);
    if (row) mergeRow(row, fresh, sent.values);
  }
  for (const [name, value] of sent.values) {
    const cell = find(name);
    if (!cell) continue;
    const error = cell.closest("td").querySelector(".error");
    if (error) { problems.push(error.firstChild.textContent.trim()); continue; }
    if (!waiting.has(name) && !dirty(cell)) state(cell, "", texts().kept);
    told.push({ what: cell.getAttribute("aria-label"), value: value || "–" });
  }
  const { oneRefused, refused } = texts();
  if (problems.length) announce(fill(problems.length > 1 ? refused : oneRefused, { n: problems.length, why: problems[0] }));
  else if (told.length === 1) announce(fill(texts().saved, told[0]));
  else if (told.length) announce(fill(texts().many, { n: told.length }));
};

// Cell by cell: what somebody types in, what waits to leave and what was refused stay as they are.
const mergeRow = (row, fresh, sent = new Map()) => {
  if (row.dataset.v === fresh.dataset.v && !sent.size) return;
  const seen = seenOf(row).value.split("\t");
  const freshSeen = seenOf(fresh).value.split("\t");
  const olds = cellsOf(row);
  cellsOf(fresh).forEach((next, index) => {
    const old = olds[index];
    const mine = sent.has(old.name) && !waiting.has(old.name) && holds(old, sent.get(old.name));
    if (!mine && (waiting.has(old.name) || flying?.values.has(old.name) || wrong(old) && !sent.has(old.name) || dirty(old))) {
      if (freshSeen[index] !== seen[index] && !sent.has(old.name)) state(old, "elsewhere", texts().elsewhere);
      // Sent, and typed in again since: what was kept is what is now read there.
      if (sent.has(old.name) && !next.closest("td").querySelector(".error")) { seen[index] = freshSeen[index]; old.defaultValue = next.defaultValue; }
      return;
    }
    seen[index] = freshSeen[index];
    if (old.closest("td").innerHTML !== next.closest("td").innerHTML || mine) replaceCell(old, next);
  });
  seenOf(row).value = seen.join("\t");
  const outs = [...row.querySelectorAll("td.out")];
  [...fresh.querySelectorAll("td.out")].forEach((next, index) => outs[index].replaceWith(next));
  row.dataset.v = fresh.dataset.v;
};

const replaceCell = (old, next) => {
  const focused = old === document.activeElement;
  const all = focused && old.selectionStart === 0 && old.selectionEnd === old.value.length;
  old.closest("td").replaceWith(next.closest("td"));
  if (!focused) return;
  next.focus({ preventScroll: true });
  if (all) next.select();
};

const mergeAll = (html) => {
  const next = read(html);
  const table = next.querySelector("table.marks-grid");
  const old = document.querySelector("#grid table.marks-grid");
  if (!table || !old) return;
  const keys = (body) => [...body.querySelectorAll("tr[data-row]")].map((row) => row.id).join();
  const calm = !flying && !waiting.size && ![...document.querySelectorAll(CELL)].some((cell) => dirty(cell) || wrong(cell));
  if (table.dataset.columns !== old.dataset.columns || keys(table) !== keys(old)) {
    if (calm && !old.contains(document.activeElement)) old.replaceWith(table);
    return;
  }
  for (const fresh of table.querySelectorAll("tr[data-row]")) mergeRow(document.getElementById(fresh.id), fresh);
};

document.addEventListener("htmx:beforeSwap", (event) => {
  if (isPoll(event) && event.detail.xhr.status === 200) mergeAll(event.detail.xhr.responseText);
});

// Somebody else was quicker: what was typed here is put over it only when its author says so.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#grid button.keep");
  if (!button || flying) { if (button) event.preventDefault(); return; }
  event.preventDefault();
  const name = button.name.replace(/^keep-/, "");
  waiting.set(name, button.value);
  find(name).value = button.value;
  enter(find(name));
  flush(new Set([name]));
});

document.addEventListener("submit", (event) => {
  if (event.target.closest("#grid")) event.preventDefault();
});

// The second line of headings sticks under the first, whatever its height.
document.addEventListener("DOMContentLoaded", () => {
  const [first, second] = [...document.querySelectorAll("#grid thead tr")].map((row) => row.getBoundingClientRect().top);
  if (second) grid().style.setProperty("--head", `${second - first}px`);
});
