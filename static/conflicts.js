// The keyboard of the conflicts: arrows from one to the next, I and F keep a side; boxes ticked a whole tab at once.
// Every action also works without this file.
"use strict";

const CLASH = ".clash[data-conflict]";

const boxOf = (line) => line.querySelector("input[type=checkbox]") || line.querySelector("a");

const neighbour = (line, forward) => {
  let next = line;
  do { next = forward ? next.nextElementSibling : next.previousElementSibling; } while (next && !next.matches(CLASH));
  return next;
};

document.addEventListener("keydown", (event) => {
  const line = event.target.closest && event.target.closest(CLASH);
  if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = neighbour(line, event.key === "ArrowDown");
    if (next) { event.preventDefault(); boxOf(next).focus(); }
    return;
  }
  if (event.target.name === "third") return;
  const side = { i: "intranet", f: "sheet" }[event.key.toLowerCase()];
  const button = side && line.querySelector(`button[value=${side}]`);
  if (button) { event.preventDefault(); button.click(); }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("a[data-tick]");
  if (!link) return;
  event.preventDefault();
  const boxes = [...document.querySelectorAll(`${CLASH} input[type=checkbox]`)]
    .filter((box) => link.dataset.tick === "tout" || box.closest(CLASH).dataset.group === link.dataset.tick);
  const ticked = boxes.every((box) => box.checked);
  boxes.forEach((box) => { box.checked = !ticked; });
});

// A conflict that was settled leaves the list at the next poll: the hands on the keyboard go on with the next one.
let going = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const line = event.detail.elt.closest(CLASH);
  if (line) going = { id: line.id, next: (neighbour(line, true) || neighbour(line, false))?.id };
});

document.addEventListener("htmx:afterSettle", () => {
  if (!going) return;
  const line = document.getElementById(going.id);
  const next = going.next && document.getElementById(going.next);
  if (line?.matches(".settled")) (next ? boxOf(next) : document.getElementById("main")).focus();
  else line?.querySelector("[aria-invalid=true]")?.focus();
  going = null;
});
