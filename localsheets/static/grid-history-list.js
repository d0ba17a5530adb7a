// The entries of the history as the panel lists them: by day, then by person, the latest first.

const DAY = new Intl.DateTimeFormat("fr-FR", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit" });
const COLORS = ["#b3261e", "#0b6e99", "#8e24aa", "#b25e00", "#2e7d32", "#5c4bc4", "#a1266b", "#4e6b00"];
const SHOWN_CELLS = 4;
const NOBODY = { grille: "Quelqu’un sur cette page" };

/** Write the day of a moment. */
export function dayOf(moment) {
  return DAY.format(new Date(moment));
}

/** Write the hour of a moment. */
export function momentOf(moment) {
  return MOMENT.format(new Date(moment));
}

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function colorOf(name, colors) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return colors.get(name) ?? COLORS[sum % COLORS.length];
}

function person(name, colors) {
  const made = make("h4", "person", NOBODY[name] ?? name);
  made.title = name;
  made.style.setProperty("--person", colorOf(name, colors));
  return made;
}

function values(old, now) {
  const made = make("span", "values");
  made.append(make("del", "", old || "vide"), " → ", make("ins", "", now || "vide"));
  return made;
}

function entryButton(entry, text) {
  const button = make("button", "entry");
  button.type = "button";
  button.dataset.revision = entry.revision;
  const time = make("time", "", momentOf(entry.at));
  time.dateTime = entry.at;
  button.append(time, " ", make("span", "told", text));
  return button;
}

function cellLines(cells) {
  const list = make("span", "cells");
  for (const { cell, old, new: now } of cells.filter((one) => one.old !== one.new).slice(0, SHOWN_CELLS)) {
    const line = make("span", "change");
    line.append(make("b", "", cell), " ", values(old, now));
    list.append(line);
  }
  return list;
}

function grouped(entries, colors, fill) {
  const made = [];
  let [day, name, list] = ["", null, null];
  for (const entry of entries) {
    if (dayOf(entry.at) !== day) {
      [day, name] = [dayOf(entry.at), null];
      made.push(make("h3", "", day));
    }
    if (entry.actor !== name) {
      name = entry.actor;
      list = make("ul");
      made.push(person(name, colors), list);
    }
    const item = make("li");
    item.append(fill(entry));
    list.append(item);
  }
  return made;
}

/** List what was done to the book. */
export function entriesByDay(entries, colors) {
  return grouped(entries, colors, (entry) => {
    const button = entryButton(entry, entry.text);
    button.append(cellLines(entry.cells));
    return button;
  });
}

/** List what was done to one cell. */
export function sameCellEntries(entries, colors) {
  if (!entries.length) return [make("p", "none", "Personne n’a encore rien écrit dans cette cellule.")];
  return grouped(entries, colors, (entry) => {
    const button = entryButton(entry, entry.what === "look" ? "mise en forme, note ou règle changée" : "");
    if (entry.what === "value") button.append(values(entry.old, entry.new));
    return button;
  });
}
