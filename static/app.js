// Small things that the pages need beyond htmx: lines that stay true while somebody types in them,
// marks on what is being saved, and the keyboard of lists. Every action also works without this file.
"use strict";

document.documentElement.classList.add("js");

const announce = (text) => {
  const place = document.getElementById("announce");
  if (place) { place.textContent = ""; place.textContent = text; }
};

// -- A page left open shows what others changed, without losing what is being typed ---------------

const busy = (line) =>
  line.contains(document.activeElement) && line.querySelector("[data-typed]") !== null ||
  line.classList.contains("saving") || line.classList.contains("unsent") ||
  line.querySelector("[data-typed], .error, details[open]") !== null;

const focusKey = (line) => {
  const active = document.activeElement;
  if (!line.contains(active)) return null;
  return { name: active.name || "", value: active.type === "radio" ? active.value : null };
};

const refocus = (line, key) => {
  if (!key) return;
  const again = [...line.querySelectorAll(`[name="${CSS.escape(key.name)}"]`)]
    .find((field) => key.value === null || field.value === key.value);
  // What had the focus may be gone, a button that did its work: the line keeps it all the same.
  const wanted = again || line.querySelector("input:checked, input:not([type=hidden]), select, a");
  // What is folded away takes no focus: what unfolds it does.
  (wanted?.closest("details:not([open])")?.querySelector("summary") || wanted)?.focus({ preventScroll: true });
};

const replaceLine = (old, fresh) => {
  const key = focusKey(old);
  old.replaceWith(fresh);
  htmx.process(fresh);
  refocus(fresh, key);
};

// `own` is the form whose answer this is: the line that it stands in waits for nobody.
const mergeLines = (list, freshList, own) => {
  const waits = (line) => busy(line) && !(own && line.contains(own));
  const fresh = new Map([...freshList.children].filter((line) => line.id).map((line) => [line.id, line]));
  const order = [...fresh.keys()];
  for (const line of [...list.children]) {
    const next = fresh.get(line.id);
    if (!next) { if (line.id && !waits(line)) line.remove(); continue; }
    fresh.delete(line.id);
    // A line opened for changes stays open: what others made of it is said when it is saved.
    if (next.dataset.v === line.dataset.v || line.classList.contains("open")) { continue; }
    if (waits(line)) { line.classList.add("elsewhere"); line.title = next.textContent.trim(); continue; }
    next.classList.add("fresh");
    replaceLine(line, next);
  }
  for (const line of fresh.values()) {
    const before = line.nextElementSibling && document.getElementById(line.nextElementSibling.id);
    list.insertBefore(line, before && before.parentElement === list ? before : null);
    htmx.process(line);
  }
  sortLines(list, order);
};

// A line whose place changed, a half-day moved to another day, goes there; never under somebody's hands: once they leave.
const unsorted = new Map();

document.addEventListener("focusout", () => setTimeout(() => {
  for (const [list, order] of [...unsorted]) sortLines(list, order);
}));

const sortLines = (list, order) => {
  unsorted.delete(list);
  if (list.contains(document.activeElement)) { unsorted.set(list, order); return; }
  const place = new Map(order.map((id, index) => [id, index]));
  const lines = [...list.children].filter((line) => place.has(line.id));
  const sorted = [...lines].sort((a, b) => place.get(a.id) - place.get(b.id));
  if (sorted.some((line, index) => line !== lines[index])) list.append(...sorted);
};

// A field that holds something else than what the page came with.
const altered = (field) => field.type === "file" ? field.value !== ""
  : field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

// What was typed in a form that is sent as a whole waits for its button, wherever the focus is meanwhile.
const kept = (piece) => piece.matches("[data-keeps]") &&
  [...piece.querySelectorAll("input:not([type=hidden], [type=radio]), textarea")].some(altered);

// A piece that somebody types in or has opened waits, unless it is their own form that was answered.
const replacePiece = (old, piece, own) => {
  if (piece.dataset.v ? piece.dataset.v === old.dataset.v : piece.outerHTML === old.outerHTML) return;
  if (!own && (old.querySelector("[data-typed], details[open] :focus") || kept(old))) return;
  const id = old.contains(document.activeElement) && document.activeElement.id;
  old.replaceWith(piece);
  htmx.process(piece);
  if (id) document.getElementById(id)?.focus({ preventScroll: true });
};

const merge = (live, html, own = null) => {
  const box = document.createElement("template");
  box.innerHTML = html;
  const next = box.content.querySelector("[data-live]");
  if (!next) return;
  const lists = live.querySelectorAll("[data-lines]");
  next.querySelectorAll("[data-lines]").forEach((list, index) => lists[index] && mergeLines(lists[index], list, own));
  next.querySelectorAll("[data-piece]").forEach((piece) => {
    const old = document.getElementById(piece.id);
    if (old) replacePiece(old, piece, own);
  });
  live.dataset.version = next.dataset.version;
  if (!own) return;
  const told = live.querySelector("[data-told]");
  if (told) announce(told.textContent);
  live.dispatchEvent(new CustomEvent("merged", { bubbles: true }));
};

// The element that asks, and not the one that the answer goes to: a form may have a live section replaced.
const isPoll = ({ detail }) => (detail.requestConfig?.elt || detail.elt).matches?.("[data-live]");

document.addEventListener("htmx:configRequest", (event) => {
  // While signed out the page asks for everything: the answer then brings the token of the new sign-in.
  if (isPoll(event) && !signedOut) event.detail.parameters.v = event.detail.elt.dataset.version;
  const form = event.detail.elt.closest("form[data-saves]");
  if (form) event.detail.parameters.form_key += attempt(form, event.detail.parameters.undo);
});

// A line sent again as it was is carried out once; with something else in it, it is another form.
const attempts = new WeakMap();

const attempt = (form, undo = "") => {
  const text = [undo, ...[...new FormData(form)].filter(([name]) => name !== "csrf_token")].join("\n");
  const before = attempts.get(form) || attempts.set(form, []).get(form);
  if (!before.includes(text)) before.push(text);
  return before.indexOf(text) ? `.${before.indexOf(text)}` : "";
};

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isPoll(event)) { if (document.hidden) event.preventDefault(); return; }
  const form = event.detail.elt.closest("form[data-saves]");
  if (!form) return;
  // A lateness without minutes is not finished; minutes typed first wait for the status that they belong to.
  const chosen = form.querySelector("input[data-minutes]:checked");
  const minutes = form.querySelector("[name=minutes]");
  const given = minutes?.value.trim();
  if (minutes && (chosen ? !given : given && event.detail.requestConfig?.triggeringEvent?.target === minutes)) {
    event.preventDefault();
    minutes.setAttribute("data-typed", "");
    // Without a keyboard the roster offers minutes to tap instead.
    if (chosen && !matchMedia("(pointer: coarse)").matches) minutes.focus();
    return;
  }
  if (signedOut) { event.preventDefault(); keep(form); return; }
  lineOf(form).classList.add("saving");
  sent.set(form, new Map([...typeable(form), ...chosenIn(form)].map((field) => [field.name, field.value])));
});

// What was typed in a line while its answer was on the way goes on in the line that the answer brings.

const sent = new WeakMap();

const typeable = (form) =>
  [...form.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea")];

const chosenIn = (form) => [...form.querySelectorAll("input[type=radio]:checked")];

const typedSince = (line) => {
  const form = line.querySelector("form[data-saves]");
  const before = form && sent.get(form);
  if (!before) return [];
  return [...chosenIn(form), ...typeable(form)].filter((field) => before.get(field.name) !== field.value).map((field) => ({
    name: field.name, value: field.value, finished: !field.hasAttribute("data-typed"),
    seen: form.elements[`seen-${field.name}`]?.value, caret: field.selectionStart,
  }));
};

// A list of radio buttons set to '' leaves them as they were in Chromium.
const check = (radios, value) => { for (const radio of radios) radio.checked = radio.value === value; };

const goOn = (line, typed) => {
  const form = line.querySelector("form[data-saves]");
  for (const was of typed) {
    const field = form?.elements[was.name];
    if (!field) continue;
    if (field instanceof RadioNodeList) { check(field, was.value); continue; }
    field.value = was.value;
    field.setAttribute("data-typed", "");
    const seen = form.elements[`seen-${was.name}`];
    if (seen && was.seen !== undefined) seen.value = was.seen;
    if (field === document.activeElement && field.setSelectionRange) field.setSelectionRange(was.caret, was.caret);
  }
  // htmx takes the new line in hand just after this.
  if (form && typed.some((was) => was.finished)) setTimeout(() => form.isConnected && htmx.trigger(form, "submit"));
};

document.addEventListener("htmx:beforeSwap", (event) => {
  if (isPoll(event)) {
    event.detail.shouldSwap = false;
    if (event.detail.xhr.status === 200) merge(event.detail.elt, event.detail.xhr.responseText);
  } else if (event.detail.elt.matches("form[data-merges]")) {
    event.detail.shouldSwap = false;
    if (event.detail.xhr.status < 500) merge(event.detail.elt.closest("[data-live]"), event.detail.xhr.responseText, event.detail.elt);
  } else {
    const line = lineOf(event.detail.elt);
    if (line) swapKey = { id: line.id, key: focusKey(line), typed: typedSince(line) };
  }
});

let swapKey = null;

document.addEventListener("htmx:afterSwap", () => {
  if (!swapKey) return;
  const line = document.getElementById(swapKey.id);
  if (line) {
    refocus(line, swapKey.key);
    goOn(line, swapKey.typed);
    const error = line.querySelector(".error");
    announce(error ? error.textContent : line.dataset.say || line.querySelector(".mark")?.textContent || "");
  }
  swapKey = null;
});

// -- Saving, and a connection that comes and goes -------------------------------------------------

const lineOf = (element) => element.closest && element.closest("[data-v]");

const offline = (lost) => document.body.classList.toggle("offline", lost);

const unsent = new Set();

const keep = (form) => {
  unsent.add(form);
  const line = lineOf(form);
  line.classList.remove("saving");
  line.classList.add("unsent");
  const mark = line.querySelector(".mark");
  if (mark) mark.dataset.unsent = document.body.dataset.unsent;
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
};

// Nobody answered, or a server that says that it is away for a moment.
const away = (xhr) => xhr.status === 0 || (xhr.status >= 502 && xhr.status <= 504);

document.addEventListener("htmx:sendError", (event) => {
  offline(true);
  const form = event.detail.elt.closest("form[data-saves]");
  if (form) { keep(form); announce(document.body.dataset.offline); }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const line = lineOf(event.detail.elt);
  if (line) line.classList.remove("saving");
  if (away(event.detail.xhr)) return;
  offline(false);
  if (signedOut) return;
  if (unsent.size) announce(document.body.dataset.back);
  for (const form of unsent) {
    unsent.delete(form);
    if (form.isConnected) { lineOf(form).classList.remove("unsent"); htmx.trigger(form, "submit"); }
  }
});

document.addEventListener("htmx:responseError", (event) => {
  const xhr = event.detail.xhr;
  const line = lineOf(event.detail.elt);
  if (away(xhr)) { htmx.trigger(event.detail.elt, "htmx:sendError", event.detail); return; }
  if (!line || xhr.status === 401) return;
  const box = document.createElement("template");
  box.innerHTML = xhr.responseText;
  const text = box.content.querySelector(".error")?.textContent || `${document.body.dataset.error} ${xhr.status}`;
  line.querySelector(".error")?.remove();
  const error = Object.assign(document.createElement("p"), { className: "error", textContent: text });
  error.setAttribute("role", "alert");
  (line.querySelector("form") || line).append(error);
});

// A field is being typed in from the first key until it is saved.
document.addEventListener("input", (event) => {
  if (event.target.matches("form[data-saves] input:not([type=radio]), form[data-saves] textarea, [data-v] input[form], [data-v] input:not([type=radio])"))
    event.target.setAttribute("data-typed", "");
});

document.addEventListener("change", (event) => {
  const field = event.target;
  field.removeAttribute && field.removeAttribute("data-typed");
  if (field.name === "status") {
    const minutes = field.form?.querySelector("[name=minutes]");
    if (minutes && !field.hasAttribute("data-minutes")) minutes.value = "";
  }
});

document.addEventListener("focusout", (event) => {
  const field = event.target;
  if (!field.hasAttribute || !field.hasAttribute("data-typed")) return;
  if (field.value === field.defaultValue) { field.removeAttribute("data-typed"); return; }
  // The browser says nothing of a change that began in the line before the answer came: say it.
  setTimeout(() => {
    if (field.isConnected && field !== document.activeElement && field.hasAttribute("data-typed"))
      field.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
