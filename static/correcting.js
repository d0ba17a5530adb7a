// One mark corrected away from its roster, on the page of a module or of a person: opened by a click or by Enter,
// closed by Escape; arrows go from cell to cell. Goes with roster.js, whose names it uses.
"use strict";

const correction = () => document.getElementById("correction");

// What waits to be sent is neither closed nor covered under whoever typed it.
const waits = () => {
  if (!correction().querySelector(".saving, .unsent")) return false;
  announce(document.body.dataset.offline);
  return true;
};

const closeCorrection = () => {
  const place = correction();
  const from = document.querySelector(`[data-correct="${CSS.escape(place.dataset.marque)}"]`);
  const focused = place.contains(document.activeElement) || document.activeElement === document.body;
  for (const name of ["data-marque", "data-page", "data-label", "role", "aria-label"]) place.removeAttribute(name);
  place.querySelector("ul").replaceChildren();
  place.querySelector(".lead")?.remove();
  document.getElementById("correction-roll").replaceChildren();
  if (focused) (from || document.querySelector("a[data-correct]"))?.focus();
};

const openCorrection = (address) => {
  const swap = { target: "#correction", select: "#correction", swap: "outerHTML" };
  htmx.ajax("GET", address.split("#")[0], swap).catch(() => tell(texts().undone));
};

document.addEventListener("click", (event) => {
  const open = event.target.closest?.("a[data-correct]");
  const close = event.target.closest?.("#correction a[data-close]");
  if ((!open && !close) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (waits()) return;
  if (close) closeCorrection(); else openCorrection(open.href);
});

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("a.cell");
  if (event.key === "Escape" && correction().dataset.marque && correction().contains(event.target)) {
    if (!waits()) closeCorrection();
  } else if (cell) step(event, cell.closest("td"));
});

const step = (event, cell) => {
  const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] || [0, 0];
  if ((!down && !right) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const row = down > 0 ? cell.parentElement.nextElementSibling : down ? cell.parentElement.previousElementSibling : cell.parentElement;
  row?.cells[cell.cellIndex + right]?.querySelector("a.cell")?.focus();
};

const isOpening = ({ detail }) => detail.target?.id === "correction" && detail.requestConfig?.verb === "get";

document.addEventListener("htmx:afterSettle", (event) => {
  if (!isOpening(event) && event.target.id !== "correction") return;
  const line = correction().querySelector(".line");
  if (!line) { tell(texts().reload); return; }
  correction().scrollIntoView({ block: "nearest" });
  if (line.querySelector("input:disabled")) correction().querySelector("a[href]").focus(); else enter(line);
});

document.addEventListener("htmx:responseError", (event) => {
  if (isOpening(event)) tell(texts().reload);
});

// What is open is asked again with the page.
document.addEventListener("htmx:configRequest", (event) => {
  const key = isPoll(event) && correction().dataset.marque;
  if (key) event.detail.parameters.marque = key;
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { successful, requestConfig } = event.detail;
  // The line that was open is no more: its person was withdrawn, or its half-day went to another module.
  if (isPoll(event) && correction().dataset.marque && !correction().querySelector(".line")) {
    closeCorrection();
    tell(texts().reload);
  }
  // A mark saved shows in the table at once.
  if (successful && requestConfig?.elt?.matches?.("form[data-saves]")) htmx.trigger(correction().closest("[data-live]"), "marked");
});
