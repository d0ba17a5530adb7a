// Beyond a reload: grades typed without a connection stay in this browser until they are answered, under whoever typed
// them, with what they had read. Goes with grades.js and grades_saving.js, whose names it uses.
"use strict";

const keeping = () => document.getElementById("grid-held");
const drawer = () => `passerelle.grades.${keeping().dataset.keeper}`;
const slot = (name) => `${document.querySelector("#grid form").getAttribute("action")} ${name}`;

const allHeld = () => {
  try { return JSON.parse(localStorage.getItem(drawer())) || {}; } catch { return {}; }
};

const holdAll = (all) => {
  try {
    if (Object.keys(all).length) localStorage.setItem(drawer(), JSON.stringify(all));
    else localStorage.removeItem(drawer());
  } catch { /* A browser that keeps nothing still holds what is on the page. */ }
};

const isHeld = (name) => slot(name) in allHeld();

const hold = (names) => {
  const all = allHeld();
  for (const name of names) {
    const place = placeOf(name);
    const value = waiting.get(name) ?? flying?.values.get(name);
    if (!place || value === undefined) continue;
    const seen = seenOf(rowOf(place)).value.split("\t")[rank(place)];
    const address = location.pathname + location.search;
    all[slot(name)] = { name, value, seen, what: what(place), page: address, label: keeping().dataset.label };
  }
  holdAll(all);
};

const forget = (names) => {
  const all = allHeld();
  const known = names.map(slot).filter((key) => key in all);
  if (!known.length) return;
  known.forEach((key) => delete all[key]);
  holdAll(all);
};

// A line that was sealed meanwhile, or that is not there any more, is sent nothing: what was typed for it is told.
const giveBack = ({ name, value, seen }) => {
  const cell = find(name);
  const row = rowOf(cell);
  const read = seenOf(row).value.split("\t");
  read[rank(cell)] = seen;
  seenOf(row).value = read.join("\t");
  cell.value = value;
  return cell;
};

const tellStuck = (stuck) => {
  const list = stuck.map(({ what: where, value }) => `${where} (« ${value} »)`).join(", ");
  tell(fill(keeping().dataset.stuck, { what: list }));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "outline", textContent: keeping().dataset.forget });
  button.addEventListener("click", () => { forget(stuck.map(({ name }) => name)); forgetTold(); });
  document.getElementById("grid-told").append(button);
  stuck.forEach(({ name, value }) => placeOf(name) && refuse(placeOf(name), value));
};

const tellElsewhere = (elsewhere) => {
  if (!elsewhere.length) return;
  keeping().hidden = false;
  for (const [page, label] of new Map(elsewhere.map((one) => [one.page, one.label])))
    keeping().append(" ", Object.assign(document.createElement("a"), { href: page, textContent: label }));
};

const sendHeld = () => {
  const action = document.querySelector("#grid form").getAttribute("action");
  const entries = Object.entries(allHeld());
  const here = entries.filter(([key]) => key.startsWith(`${action} `)).map(([, one]) => one);
  tellElsewhere(entries.filter(([key]) => !key.startsWith(`${action} `)).map(([, one]) => one));
  const stuck = here.filter(({ name }) => !find(name));
  if (stuck.length) tellStuck(stuck);
  const cells = here.filter(({ name }) => find(name)).map(giveBack);
  if (cells.length) tell(keeping().dataset.again);
  save(cells);
  if (heardNext) say("");
};

document.addEventListener("DOMContentLoaded", () => setTimeout(sendHeld));
