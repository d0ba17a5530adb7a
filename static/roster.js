// A roster from the keyboard or with thumbs: arrows between lines, one letter a status, minutes, Enter for the next;
// and what was marked without a connection, kept beyond a reload. Goes with app.js, whose names it uses.
"use strict";

const LETTERS = { p: "present", r: "late", d: "left_early", a: "absent", j: "justified", v: "remote", delete: "", backspace: "" };
const CHIPS = [5, 10, 15, 30];
const touch = matchMedia("(pointer: coarse)");
const texts = () => document.querySelector("[data-keeper]").dataset;

const chosenOf = (line) => line.querySelector("input[name=status]:checked");
const minutesOf = (line) => line.querySelector("input[name=minutes]");
const lineAt = (element) => element.closest?.(".roster .line");
const lacksMinutes = (line) => chosenOf(line)?.hasAttribute("data-minutes") && !minutesOf(line).value.trim();

// -- From line to line ----------------------------------------------------------------------------

const sibling = (line, step) => {
  const lines = [...document.querySelectorAll(`.roster .line[data-half-day="${line.dataset.halfDay}"]`)];
  return lines[lines.indexOf(line) + step];
};

const beside = (line, step) => {
  const lines = [...document.querySelectorAll(`.roster .line[data-participant="${line.dataset.participant}"]`)];
  return lines[lines.indexOf(line) + step];
};

const enter = (line) => {
  const field = line && (chosenOf(line) || line.querySelector("input[type=radio]"));
  if (!field) return false;
  field.focus({ preventScroll: true });
  line.scrollIntoView({ block: "nearest" });
  return true;
};

// From the page itself, down goes to the first line that is not recorded, or to the first of all.
const enterFirst = () => {
  const lines = [...document.querySelectorAll(".roster .line:not(:has(input:disabled))")];
  return enter(lines.find((line) => chosenOf(line)?.value === "") || lines[0]);
};

// What differs from what the server knows and is not on its way leaves now.
const save = (line) => {
  const form = line.querySelector("form");
  const minutes = minutesOf(line);
  const moved = !chosenOf(line)?.defaultChecked || minutes.value !== minutes.defaultValue;
  if (!moved || lacksMinutes(line)) return;
  const before = sent.get(form);
  const known = before && before.get("status") === chosenOf(line).value && before.get("minutes") === minutes.value;
  if (known && line.matches(".saving, .unsent")) return;
  minutes.removeAttribute("data-typed");
  htmx.trigger(form, "submit");
};

const choose = (line, status) => {
  const radio = [...line.querySelectorAll("input[name=status]")].find((field) => field.value === status);
  if (!radio || radio.disabled) return;
  radio.checked = true;
  if (radio.hasAttribute("data-minutes")) { askMinutes(line); return; }
  minutesOf(line).value = "";
  minutesOf(line).removeAttribute("data-typed");
  radio.focus({ preventScroll: true });
  save(line);
};

const askMinutes = (line) => {
  const minutes = minutesOf(line);
  minutes.setAttribute("data-typed", "");
  minutes.focus({ preventScroll: true });
  minutes.select();
};

const next = (line) => {
  if (lacksMinutes(line)) { askMinutes(line); announce(texts().minutes); return; }
  save(line);
  if (!enter(sibling(line, 1))) announce(texts().last || "");
};

document.addEventListener("keydown", (event) => {
  const line = lineAt(event.target);
  if (event.target === document.body && event.key === "ArrowDown" && enterFirst()) event.preventDefault();
  if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.name === "minutes";
  const key = event.key.toLowerCase();
  const step = { arrowdown: 1, arrowup: -1 }[key];
  const side = { arrowright: 1, arrowleft: -1 }[key];
  if (step) { event.preventDefault(); save(line); enter(sibling(line, step)); }
  else if (side && !typing && document.querySelector(".by-day")) { event.preventDefault(); enter(beside(line, side)); }
  else if (!event.target.matches("input")) return;
  else if (key === "enter") { event.preventDefault(); next(line); }
  else if (key in LETTERS && !(typing && LETTERS[key] === "")) { event.preventDefault(); choose(line, LETTERS[key]); }
});

// A lateness that somebody leaves without its minutes says so.
document.addEventListener("focusout", (event) => {
  const line = lineAt(event.target);
  if (line) setTimeout(() => { if (line.isConnected) say(line); });
});

const say = (line) => {
  const unfinished = Boolean(lacksMinutes(line)) && !line.contains(document.activeElement);
  line.classList.toggle("unfinished", unfinished);
  line.querySelector(".mark").dataset.unfinished = texts().minutes;
};

// -- With thumbs: minutes to tap ------------------------------------------------------------------

const chips = (line) => {
  const box = Object.assign(document.createElement("span"), { className: "chips" });
  for (const count of CHIPS) {
    const chip = Object.assign(document.createElement("button"), { type: "button", textContent: count });
    chip.dataset.chip = count;
    chip.setAttribute("aria-label", `${count} min`);
    box.append(chip);
  }
  line.querySelector(".after").after(box);
};

document.addEventListener("change", (event) => {
  const line = event.target.name === "status" && lineAt(event.target);
  if (!line) return;
  line.querySelector(".chips")?.remove();
  if (event.target.hasAttribute("data-minutes") && touch.matches) { chips(line); announce(texts().minutes); }
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-chip]");
  if (!chip) return;
  const line = lineAt(chip);
  minutesOf(line).value = chip.dataset.chip;
  chosenOf(line).focus({ preventScroll: true });
  save(line);
});

// -- What is on the whole page --------------------------------------------------------------------

document.addEventListener("merged", () => {
  const told = document.querySelector("#roster-told p");
  const wanted = document.querySelector("[data-focus]");
  if (wanted) wanted.focus();
  else if (document.activeElement === document.body) (told || document.querySelector(".called button"))?.focus();
  if (told) announce(told.textContent);
});

document.addEventListener("htmx:sendError", (event) => {
  const form = event.detail.elt;
  if (form.matches?.("form[data-undoes]")) keepUndo(form);
  else if (form.matches?.("form[data-merges]")) tell(texts().undone);
});

// Refused before it was looked at, by an old token for instance: nothing came that could be merged.
document.addEventListener("htmx:responseError", (event) => {
  const { elt, xhr } = event.detail;
  if (elt.matches?.("form[data-merges]") && xhr.status < 500 && xhr.status !== 401) tell(`${texts().reload} (${xhr.status})`);
});

const tell = (text) => {
  const place = document.getElementById("roster-told");
  place.replaceChildren(Object.assign(document.createElement("p"), { className: "flash", textContent: text }));
  place.removeAttribute("data-v");
  announce(text);
};

// -- Beyond a reload: marks made without a connection stay in this browser until they are answered --

const drawer = () => `passerelle.marks.${texts().keeper}`;

const held = () => {
  try { return JSON.parse(localStorage.getItem(drawer())) || {}; } catch { return {}; }
};

const hold = (all) => {
  try {
    if (Object.keys(all).length) localStorage.setItem(drawer(), JSON.stringify(all));
    else localStorage.removeItem(drawer());
  } catch { /* A browser that keeps nothing still holds what is on the page. */ }
};

// A change taken back is kept as what it gives: a line sent again later names no button.
const takenBack = new WeakMap();

document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt.closest?.(".roster .line form");
  if (form) takenBack.set(form, Boolean(event.detail.parameters.undo));
});

const giveBack = (form) => {
  const undo = takenBack.get(form) && form.querySelector("button.undo");
  if (!undo) return;
  check(form.elements.status, undo.dataset.status);
  form.elements.minutes.value = undo.dataset.minutes;
};

document.addEventListener("kept", (event) => {
  const form = event.target;
  const line = lineAt(form);
  if (!line) return;
  giveBack(form);
  const { status, minutes, seen } = Object.fromEntries(new FormData(form));
  const about = line.closest("[data-label]").dataset;
  const page = { page: about.page || location.pathname, label: about.label };
  hold({ ...held(), [form.getAttribute("action")]: { status, minutes, seen, ...page } });
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr: { status }, requestConfig } = event.detail;
  const all = held();
  // Signed out, away, or the token of an older sign-in: not an answer yet.
  if (!(requestConfig?.path in all) || status < 200 || status >= 500 || status === 400 || status === 401) return;
  delete all[requestConfig.path];
  hold(all);
});

// -- « Tous présents » taken back without a connection: sent once it is back, even by another visit --

// Only the lines of that very moment are given back, however late it arrives.
const keepUndo = (form) => {
  const { at, view, form_key } = Object.fromEntries(new FormData(form));
  const page = { page: location.pathname, label: texts().label };
  hold({ ...held(), [form.getAttribute("action")]: { values: { at, form_key, ...(view && { view }) }, ...page } });
  tell(texts().keptUndo);
};

const leaving = new Set();

const sendUndo = () => {
  for (const [action, { values, page }] of Object.entries(held())) {
    if (!values || page !== location.pathname || leaving.has(action)) continue;
    leaving.add(action);
    const csrf_token = document.querySelector("[name=csrf_token]").value;
    const live = document.querySelector("[data-keeper]");
    // One that does not leave either stays kept.
    htmx.ajax("POST", action, { source: live, swap: "none", values: { ...values, csrf_token } }).catch(() => {});
  }
};

document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, requestConfig } = event.detail;
  const mine = leaving.delete(requestConfig?.path);
  if (away(xhr) || signedOut) return;
  // The page merges what was carried out; what was refused is said.
  if (!mine) { sendUndo(); return; }
  const box = document.createElement("template");
  box.innerHTML = xhr.responseText;
  if (xhr.status !== 200) tell(box.content.querySelector(".error")?.textContent || `${texts().reload} (${xhr.status})`);
});

const sendHeld = () => {
  const forms = [...document.querySelectorAll(".roster .line form")];
  const here = forms.filter((form) => form.getAttribute("action") in held() && !form.querySelector("input:disabled"));
  for (const form of here) {
    const { status, minutes, seen } = held()[form.getAttribute("action")];
    check(form.elements.status, status);
    form.elements.minutes.value = minutes;
    form.elements.seen.value = seen;
    htmx.trigger(form, "submit");
  }
  if (here.length) tell(document.body.dataset.back);
  const actions = forms.map((form) => form.getAttribute("action"));
  const isHere = ([action, { values, page }]) => actions.includes(action) || (values && page === location.pathname);
  sendUndo();
  const elsewhere = Object.entries(held()).filter((entry) => !isHere(entry)).map(([, mark]) => mark);
  if (!elsewhere.length) return;
  const place = document.getElementById("roster-held");
  place.hidden = false;
  for (const [page, label] of new Map(elsewhere.map((mark) => [mark.page, mark.label])))
    place.append(" ", Object.assign(document.createElement("a"), { href: page, textContent: label }));
};

document.addEventListener("DOMContentLoaded", () => setTimeout(sendHeld));
