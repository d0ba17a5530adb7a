// The board of papers: ticks and arrows from the keyboard, lines dragged onto a tutor, a workshop or a heading.
// Everything goes through the form of several papers. Goes with app.js, whose names it uses.
"use strict";

const board = () => document.getElementById("papers");
const many = () => document.getElementById("many");
const say = (key, values) => announce(board().dataset[key].replace(/\{(\w+)\}/g, (_all, name) => values[name]));

const LINE = ".board .paper";
const boxOf = (line) => line?.querySelector("input[name=chosen]");
const lineOfBox = (element) => (element.name === "chosen" ? element.closest(LINE) : null);
const lines = () => [...document.querySelectorAll(LINE)].filter((line) => boxOf(line));
const nameOf = (line) => line.querySelector(".tick .hear").textContent;

// -- Ticks: a line that comes back from the server keeps its tick, unless somebody else changed it meanwhile --

const ticked = new Map();

const read = (line) => [...line.querySelectorAll("input[name^=was-]")].map((field) => field.value).join("\n");

const count = () => {
  const place = document.getElementById("ticked");
  if (place) place.textContent = ticked.size ? board().dataset.ticked.replace("{n}", ticked.size) : "";
};

const tick = (line, on = true) => {
  const box = boxOf(line);
  if (!box) return;
  box.checked = on;
  line.classList.toggle("chosen", on);
  if (on) ticked.set(box.value, read(line)); else ticked.delete(box.value);
  count();
};

const untick = () => { ticked.clear(); lines().forEach((line) => tick(line, false)); };

const arrived = (line) => {
  const key = line.dataset?.paper;
  if (!ticked.has(key)) return;
  const same = ticked.get(key) === read(line);
  tick(line, same);
  if (!same) say("moved", { who: nameOf(line) });
};

document.addEventListener("change", (event) => {
  const line = lineOfBox(event.target);
  if (line) tick(line, event.target.checked);
});

let latest = null;

document.addEventListener("click", (event) => {
  const line = lineOfBox(event.target);
  if (line) {
    const all = lines();
    const ends = [all.indexOf(line), all.indexOf(latest)].sort((a, b) => a - b);
    if (event.shiftKey && ends[0] >= 0) all.slice(ends[0], ends[1] + 1).forEach((one) => tick(one, event.target.checked));
    latest = line;
  }
  if (event.target.closest?.("[data-tick-all]")) {
    event.preventDefault();
    const every = lines().every((one) => boxOf(one).checked);
    lines().forEach((one) => tick(one, !every));
  }
  const heading = event.target.closest?.("[data-tick-group]")?.closest("li");
  if (heading) tickGroup(heading);
});

const tickGroup = (heading) => {
  const group = [];
  for (let next = heading.nextElementSibling; next && !next.matches(".group"); next = next.nextElementSibling) group.push(next);
  const every = group.every((line) => boxOf(line)?.checked);
  group.forEach((line) => tick(line, !every));
};

// -- The keyboard, on the box of a line ---------------------------------------------------------------

const step = (line, forward, extend) => {
  const all = lines();
  const next = all[all.indexOf(line) + (forward ? 1 : -1)];
  if (!next) return;
  if (extend) { tick(line); tick(next); }
  boxOf(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
};

const goTo = (id, line) => {
  const field = document.getElementById(id);
  if (!field) return;
  if (!ticked.size) tick(line);
  field.focus();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !board()) return;
  if (event.target === document.body && event.key === "ArrowDown" && lines().length) {
    event.preventDefault();
    boxOf(lines()[0]).focus();
    return;
  }
  const line = lineOfBox(event.target);
  const key = event.key.toLowerCase();
  if (!line || !["arrowdown", "arrowup", "x", "t", "a", "escape"].includes(key)) return;
  event.preventDefault();
  if (key.startsWith("arrow")) step(line, key === "arrowdown", event.shiftKey);
  else if (key === "x") tick(line, !boxOf(line).checked);
  else if (key === "escape") untick();
  else goTo(key === "t" ? "many-tutor" : "many-workshop", line);
});

// -- Dragging: a line by its grip, or all that are ticked with it ---------------------------------------

const TARGET = ".board [data-tutor], .board [data-workshop]";
let dragged = null;

document.addEventListener("dragstart", (event) => {
  const line = event.target.closest?.(".grip")?.closest(LINE);
  if (!line) return;
  dragged = boxOf(line).checked ? lines().filter((one) => boxOf(one).checked) : [line];
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.map(nameOf).join("\n"));
  event.dataTransfer.setDragImage(line, 20, 10);
  // The page changes once the drag has begun: before, the browser would give it up.
  setTimeout(() => board().classList.add("dragging"));
  say("drag", { n: dragged.length === 1 ? nameOf(line) : dragged.length });
});

const targetOf = (event) => (dragged ? event.target.closest?.(TARGET) : null);

const show = (target) => {
  for (const other of document.querySelectorAll(".target")) if (other !== target) other.classList.remove("target");
  target?.classList.add("target");
};

document.addEventListener("dragover", (event) => {
  const target = targetOf(event);
  if (dragged) show(target);
  if (target) { event.preventDefault(); event.dataTransfer.dropEffect = "move"; }
});

document.addEventListener("drop", (event) => {
  const target = targetOf(event);
  if (!target) return;
  event.preventDefault();
  give(dragged, target.dataset);
});

document.addEventListener("dragend", () => {
  dragged = null;
  show(null);
  board()?.classList.remove("dragging");
});

// The list is put in order again once nothing in it has the focus.
const give = (chosen, { tutor, workshop }) => {
  untick();
  chosen.forEach((line) => tick(line));
  const form = many();
  form.elements.tutor.value = tutor ?? "=";
  if (form.elements.workshop) form.elements.workshop.value = workshop ?? "=";
  if (board().querySelector("[data-lines]").contains(document.activeElement)) document.activeElement.blur();
  say("sent", { where: tutor || workshop || board().dataset.nobody });
  htmx.trigger(form, "submit");
};

// -- Answers --------------------------------------------------------------------------------------------

document.addEventListener("merged", () => {
  const told = document.getElementById("board-told");
  if (!told) return;
  if (told.matches("[data-done]")) untick();
  announce(told.innerText);
});

document.addEventListener("DOMContentLoaded", () => {
  const list = board()?.querySelector("[data-lines]");
  if (!list) return;
  new MutationObserver((changes) => {
    for (const change of changes) change.addedNodes.forEach((line) => line.matches?.(LINE) && arrived(line));
  }).observe(list, { childList: true });
  lines().filter((line) => boxOf(line).checked).forEach((line) => tick(line));
});

// A reason is no change by itself: it goes with the next one of its line.
document.addEventListener("change", (event) => {
  if (event.target.name === "reason" && event.target.closest(LINE)) event.stopPropagation();
}, true);

// What is typed behind « ⋯ » is saved like the rest of its line: the answer opens it again under the hands.
let opened = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const line = event.detail.elt.closest?.(LINE);
  const name = line?.querySelector("details[open]")?.contains(document.activeElement) && document.activeElement.name;
  if (name) opened = { id: line.id, name };
});

document.addEventListener("htmx:afterSwap", () => {
  const line = opened && document.getElementById(opened.id);
  if (!line) return;
  line.querySelector("details.more").open = true;
  line.querySelector(`[name="${opened.name}"]`)?.focus({ preventScroll: true });
  opened = null;
});
