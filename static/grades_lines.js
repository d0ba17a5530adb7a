// Lines of the table of grades as the server gives them again: those of what was sent, or all of them every few
// seconds. What is being typed stays. Goes with grades.js and grades_saving.js, whose names it uses.
"use strict";

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
    const place = placeOf(name);
    if (!place) continue;
    const error = place.querySelector(".error");
    if (error) { problems.push(error.firstChild.textContent.trim()); continue; }
    const cell = inputOf(place);
    if (cell && !waiting.has(name) && !dirty(cell)) state(cell, "", texts().kept);
    told.push({ what: what(place), value: value || "–" });
  }
  const { oneRefused, refused } = texts();
  if (problems.length) say(fill(problems.length > 1 ? refused : oneRefused, { n: problems.length, why: problems[0] }));
  else if (told.length === 1) say(fill(texts().saved, told[0]));
  else if (told.length) say(fill(texts().many, { n: told.length }));
};

const isSealed = (row) => row.hasAttribute("data-sealed");

// A line that is sealed, or that a correction opens again, comes as a whole. What was typed there and not sent yet
// leaves now: its refusal comes back beside what is sealed.
const replaceRow = (row, fresh) => {
  const at = row.contains(document.activeElement) ? rank(document.activeElement) : -1;
  save(placesOf(row).map(inputOf).filter((cell) => cell && !wrong(cell) && dirty(cell)));
  for (const place of placesOf(row)) {
    const error = place.querySelector(".error");
    const next = fresh.querySelector(`td[data-cell="${CSS.escape(place.dataset.cell)}"]`);
    if (error && next && !next.querySelector(".error")) next.append(error);
  }
  row.replaceWith(fresh);
  const place = placesOf(fresh)[at];
  if (!place) return;
  if (inputOf(place)) { enter(inputOf(place)); return; }
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
};

// Cell by cell: what somebody types in, what waits to leave and what was refused stay as they are.
const mergeRow = (row, fresh, sent = new Map()) => {
  if (row.dataset.v === fresh.dataset.v && !sent.size) return;
  if (isSealed(row) || isSealed(fresh)) { replaceRow(row, fresh); return; }
  const seen = seenOf(row).value.split("\t");
  const freshSeen = seenOf(fresh).value.split("\t");
  const olds = placesOf(row).map(inputOf);
  placesOf(fresh).map(inputOf).forEach((next, index) => {
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
