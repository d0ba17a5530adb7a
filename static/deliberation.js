// A jury at its keyboard: keys decide and move, what is announced tells the story, two screens follow one another.
// Every act is also a button of the page, and works without this file.
"use strict";

const seance = () => document.getElementById("seance");
const deciding = () => document.querySelector("form.deciding");

// -- Acts ------------------------------------------------------------------------------------------

// What a button says is put in a field of the form: sent again once the connection is back, it has no button.
const send = (form, field, value) => {
  form.elements[field].value = value;
  htmx.trigger(form, "submit");
};

const FIELDS = { decision: "wanted", go: "next", out: "leaves", back: "returns" };

const decide = (value) => send(deciding(), "wanted", value);

const go = (where) => {
  const button = deciding().querySelector(`[data-go="${where}"]`);
  if (button.disabled) announce(button.textContent.trim() + " : " + document.getElementById("candidat").textContent);
  else send(deciding(), "next", button.value);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("form.deciding button[name]");
  const field = FIELDS[button?.name];
  if (!field) return;
  event.preventDefault();
  act(() => send(button.form, field, button.value));
});

// A key pressed while an answer is on the way waits for it: the page that it is meant for is the next one.
const waiting = [];
let flying = false;

const act = (what) => { if (flying) waiting.push(what); else what(); };

const mine = (element) => element.matches?.("form.deciding");

document.addEventListener("htmx:beforeRequest", (event) => { if (mine(event.detail.elt)) flying = true; });
document.addEventListener("htmx:afterRequest", (event) => {
  // The form itself is gone with the section that was replaced.
  if (!mine(event.detail.requestConfig?.elt || event.detail.elt)) return;
  flying = false;
  // An answer that was turned down is read first: what was typed ahead of it was not meant for it.
  if (event.detail.xhr.status !== 200) waiting.length = 0;
  setTimeout(() => { if (!flying && deciding()) waiting.shift()?.(); });
});

// -- Keys ------------------------------------------------------------------------------------------

const shortcuts = document.getElementById("shortcuts");
if (shortcuts) {
  shortcuts.checked = localStorage.getItem("shortcuts") !== "no";
  shortcuts.addEventListener("change", () => localStorage.setItem("shortcuts", shortcuts.checked ? "yes" : "no"));
}

const typingIn = (field) => field.matches("textarea, select, input:not([type=checkbox])");

const MOVES = { ArrowLeft: "previous", PageUp: "previous", ArrowRight: "next", PageDown: "next", u: "undecided" };

// What a key finds nothing to do with is said too: silence would read as done.
const giveHonours = () => {
  const select = deciding().elements.honours;
  if (!select) return;
  const admitted = deciding().querySelector("[value=admitted][aria-pressed=true]");
  const { unadmitted, unproposed } = deciding().dataset;
  if (!admitted || !select.dataset.proposed) { announce(admitted ? unproposed : unadmitted); return; }
  select.value = select.dataset.proposed;
  htmx.trigger(deciding(), "submit");
};

const stepOut = () => {
  const button = deciding().querySelector("button[name=out]");
  if (button) send(deciding(), "leaves", button.value);
  else announce(deciding().dataset.nobody);
};

const explain = () => {
  const field = deciding().elements.why || deciding().elements.reason;
  if (field) field.focus();
  else announce(deciding().dataset.agrees);
};

const letters = {
  h: () => act(giveHonours),
  m: () => deciding().elements.remark.focus(),
  e: explain,
  s: () => act(stepOut),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !deciding()) return;
  if (event.key === "Escape" && typingIn(event.target)) { document.getElementById("candidat").focus(); return; }
  if (typingIn(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // One letter is a shortcut only as long as somebody wants it: a voice that dictates would press it by accident.
  if (key.length === 1 && !shortcuts.checked) return;
  const button = key.length === 1 && deciding().querySelector(`[data-key="${CSS.escape(key)}"]`);
  const what = MOVES[key] ? () => act(() => go(MOVES[key])) : letters[key] || (button && (() => act(() => decide(button.value))));
  if (!what) return;
  event.preventDefault();
  what();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("form.deciding select[name=honours]")) act(() => htmx.trigger(deciding(), "submit"));
});

// -- What is heard, and where the focus goes -------------------------------------------------------

let shown = seance()?.dataset.candidate;

const arrive = () => {
  document.title = document.title.replace(/^[^·]*/, `${document.getElementById("candidat").textContent} `);
  document.getElementById("candidat").focus({ preventScroll: true });
  scrollTo(0, 0);
  announce(seance().dataset.say);
};

// A text typed while an answer was on the way goes on in the form that the answer brings.
const TEXTS = ["remark", "why"];
const texts = (form) => TEXTS.map((name) => form?.elements[name]?.value);
let sentTexts = null;
let typedMeanwhile = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (mine(event.detail.elt)) sentTexts = texts(event.detail.elt);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const typed = texts(deciding());
  const own = mine(event.detail.requestConfig?.elt || document.body);
  typedMeanwhile = own ? TEXTS.flatMap((name, at) => (typed[at] === sentTexts[at] ? [] : [[name, typed[at]]])) : null;
});

const goOnTyping = () => {
  for (const [name, text] of typedMeanwhile || []) {
    const field = deciding().elements[name];
    if (!field) continue;
    field.value = text;
    field.focus();
  }
  typedMeanwhile = null;
};

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "seance" || !deciding()) return;
  const told = deciding().closest("[data-say]").dataset.say;
  if (seance().dataset.candidate !== shown) {
    shown = seance().dataset.candidate;
    arrive();
    if (told) announce(`${told} ${seance().dataset.say}`);
    return;
  }
  const error = deciding().querySelector(".error"), reason = deciding().elements.reason;
  announce(error ? error.textContent : told);
  if (reason) reason.focus();
  else if (document.activeElement === document.body) (deciding().querySelector("[aria-pressed=true]") || document.getElementById("candidat")).focus({ preventScroll: true });
  goOnTyping();
});

// A region says nothing of what it holds when the page opens: what is said comes a little after.
if (deciding()) {
  document.getElementById("candidat").focus({ preventScroll: true });
  setTimeout(() => announce(seance().dataset.say), 200);
}

// -- Two screens -----------------------------------------------------------------------------------

const unsavedHere = () =>
  flying || deciding()?.elements.reason || [...document.querySelectorAll("form.deciding textarea")].some(altered);

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const here = seance();
  if (!here || detail.requestConfig?.elt !== here || detail.xhr.status !== 200) return;
  const box = document.createElement("template");
  box.innerHTML = detail.xhr.responseText;
  const next = box.content.getElementById("seance");
  if (!next) return;
  if (next.dataset.state !== here.dataset.state) { location.reload(); return; }
  // What moves under the eyes of others is heard too: a grade that changes the proposal, a decision taken elsewhere.
  if (next.dataset.candidate === here.dataset.candidate && next.dataset.say !== here.dataset.say) {
    here.dataset.say = next.dataset.say;
    announce(here.dataset.say);
  }
  if (next.dataset.at === here.dataset.at) return;
  here.dataset.at = next.dataset.at;
  if (next.dataset.at === here.dataset.candidate) return;
  if (unsavedHere()) { document.getElementById("seance-elsewhere").hidden = false; return; }
  const address = `${here.dataset.root}${next.dataset.at}/`;
  htmx.ajax("GET", address, { target: "#seance", swap: "outerHTML" });
  history.replaceState(null, "", address);
});
