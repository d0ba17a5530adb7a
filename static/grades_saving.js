// Cells of the table of grades are saved one request at a time, each on its own in it; a connection that goes comes
// back. Goes with grades.js, whose names it uses.
"use strict";

const waiting = new Map();
let flying = null;
let requests = 0;

const save = (cells) => {
  for (const cell of cells) {
    // What is on its way is what will be read there: a key and the browser both say that a cell was left.
    if (holds(cell, flying?.values.get(cell.name) ?? cell.defaultValue)) {
      waiting.delete(cell.name);
      if (!flying?.values.has(cell.name)) forget([cell.name]);
      continue;
    }
    cell.setAttribute("data-typed", "");
    waiting.set(cell.name, cell.value);
    if (document.body.classList.contains("offline") || signedOut) markUnsent([cell.name]);
    else state(cell, "saving", texts().sending);
  }
  flush();
};

const seenOf = (row) => row.querySelector("input[type=hidden]");
// A refused cell shows what was typed; what was read there stands with its line.
const readThere = (cell) => plain(cell, seenOf(rowOf(cell)).value.split("\t")[rank(cell)]);

// A line may have been sealed meanwhile: what was typed there is sent all the same, and refused by its name.
const body = (names, keep) => {
  const form = document.querySelector("#grid form");
  const sent = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, form_key: flying.key });
  for (const name of names) {
    const row = rowOf(placeOf(name));
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
  const names = [...flying.values.keys()].filter(placeOf);
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
  forget(names.filter((name) => !waiting.has(name)));
  take(html, sent);
  flush();
};

const markUnsent = (names) => {
  names.map(find).forEach((cell) => cell && state(cell, "unsent", texts().unsent));
  hold(names);
};

const lost = (names) => {
  offline(true);
  markUnsent([...names, ...waiting.keys()]);
  say(document.body.dataset.offline);
};

const signOut = (status, names) => {
  signedOut = true;
  if (status === 401) document.getElementById("signed-out").hidden = false;
  markUnsent([...names, ...waiting.keys()]);
};

const failed = (names, status) => {
  names.map(find).forEach((cell) => cell && state(cell, "unsent", `${document.body.dataset.error} ${status}`));
  say(`${document.body.dataset.error} ${status}`);
};

// The page asks every few seconds: an answer says that what waits may leave.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isPoll(event) || away(event.detail.xhr) || event.detail.xhr.status === 401 || signedOut) return;
  offline(false);
  if (flying && document.querySelector("#grid td.unsent")) { say(document.body.dataset.back); send(); }
});

// What the browser keeps outlives the page.
window.addEventListener("beforeunload", (event) => {
  const names = [...(flying?.values.keys() ?? []), ...waiting.keys()];
  if (!names.every(isHeld)) event.preventDefault();
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
