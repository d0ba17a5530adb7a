// The history: who did what, each version as it was (read only, what changed in it marked), and its restoring.

import { cellName } from "./grid-address.js";
import { Book } from "./grid-book.js";
import { completeLines } from "./grid-feed.js";
import { dayOf, entriesByDay, momentOf, sameCellEntries } from "./grid-history-list.js";

const REFRESH_MS = 400;
const READ_ONLY = "Vous regardez une ancienne version : revenez au présent pour écrire.";
const UNREACHED = "L’historique n’a pas pu être lu : le serveur ne répond pas.";

function part(id) {
  return document.getElementById(id);
}

export class History {
  /** `page` gives present, people, selection, sheetId, sheet(), showBook(), warn() and link. */
  constructor(root, page) {
    Object.assign(this, { root, page, version: null, chosen: null, entries: [], more: false, ofCell: false, asked: 0 });
    this.panel = part("history");
    part("history-open").addEventListener("click", () => this.toggle());
    part("history-close").addEventListener("click", () => this.close());
    part("history-more").addEventListener("click", () => this.load(this.entries.at(-1)?.revision));
    part("history-book").addEventListener("click", () => this.turnTo(false));
    part("history-cell").addEventListener("click", () => this.turnTo(true));
    part("history-list").addEventListener("click", (event) => this.choose(event.target.closest("button")));
    part("version-restore").addEventListener("click", () => this.restore());
    part("version-leave").addEventListener("click", () => this.leave());
    document.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const shortcut = event.ctrlKey && event.altKey && event.shiftKey && event.code === "KeyH";
    if (shortcut) this.toggle();
    else if (event.key === "Escape" && this.panel.contains(document.activeElement)) this.close();
    else return;
    event.preventDefault();
  }

  /** Tell whether writing must be refused, and say why. */
  refuses() {
    if (this.version) this.page.warn(READ_ONLY);
    return this.version !== null;
  }

  toggle() {
    if (this.panel.hidden) this.open();
    else this.close();
  }

  /** Open the panel on the whole book, or on the active cell. */
  open(ofCell = false) {
    this.panel.hidden = false;
    document.body.classList.add("with-history");
    part("history-open").setAttribute("aria-expanded", "true");
    this.turnTo(ofCell);
    part(ofCell ? "history-cell" : "history-book").focus();
  }

  close() {
    this.leave();
    this.panel.hidden = true;
    document.body.classList.remove("with-history");
    part("history-open").setAttribute("aria-expanded", "false");
    this.page.editor.focus();
  }

  turnTo(ofCell) {
    this.ofCell = ofCell;
    part("history-book").setAttribute("aria-pressed", !ofCell);
    part("history-cell").setAttribute("aria-pressed", ofCell);
    this.load();
  }

  /** The book changed, or another cell is active: what is shown must follow. */
  changed() {
    if (this.panel.hidden) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), REFRESH_MS);
  }

  /** Another cell is active. */
  moved() {
    const { row, column } = this.page.selection.anchor;
    const name = cellName(row, column);
    if (this.panel.hidden || part("history-cell").dataset.of === name) return;
    part("history-cell").textContent = `Cellule ${name}`;
    part("history-cell").dataset.of = name;
    if (this.ofCell) this.changed();
  }

  async load(before = null) {
    this.moved();
    const turn = (this.asked += 1);
    const answer = await this.ask(this.ofCell ? this.cellPath() : `history${before ? `?before=${before}` : ""}`);
    if (turn !== this.asked || answer === null) return;
    this.entries = before ? [...this.entries, ...answer.entries] : answer.entries;
    this.more = answer.more === true;
    this.draw();
  }

  cellPath() {
    const { row, column } = this.page.selection.anchor;
    return `history/cell?sheet=${this.page.sheetId}&row=${row}&column=${column}`;
  }

  async ask(path, options = {}) {
    try {
      const response = await fetch(`${this.root}/${path}`, { cache: "no-store", ...options });
      const answer = await response.json();
      if (response.ok) return answer;
      this.page.warn(answer.error ?? UNREACHED);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
      this.page.warn(UNREACHED);
    }
    return null;
  }

  draw() {
    const colors = new Map(this.page.people.others.map(({ name, color }) => [name, color]));
    const made = this.ofCell ? sameCellEntries(this.entries, colors) : entriesByDay(this.entries, colors);
    part("history-list").replaceChildren(...made);
    part("history-more").hidden = this.ofCell || !this.more;
    this.mark();
  }

  mark() {
    for (const button of part("history-list").querySelectorAll("button")) {
      button.setAttribute("aria-pressed", Number(button.dataset.revision) === this.chosen);
    }
  }

  async choose(button) {
    if (!button) return;
    const revision = Number(button.dataset.revision);
    const answer = await this.ask(`version?revision=${revision}&sheet=${this.page.sheetId}`);
    if (answer === null) return;
    this.enter(answer, this.entries.find((entry) => entry.revision === revision));
    const { sheetId } = this.page;
    await completeLines(this.root, answer.book, sheetId, (...lines) => this.receiveLines(answer.book, ...lines));
  }

  enter({ book, marked }, entry) {
    this.page.editor.commit();
    const version = new Book();
    version.receive(book);
    for (const [id, cells] of Object.entries(marked)) {
      const sheet = version.known.get(Number(id));
      sheet.marked = new Set(cells.map(([row, column]) => `${row}:${column}`));
    }
    version.rebuild();
    Object.assign(this, { version, chosen: book.revision });
    document.body.classList.add("viewing");
    part("version").hidden = false;
    const when = `${dayOf(entry.at)} à ${momentOf(entry.at)}`;
    part("version-text").textContent = `Version du ${when}, après ce qu’a fait ${entry.actor}. Lecture seule.`;
    this.page.showBook();
    this.reveal(marked);
    this.mark();
  }

  /** Bring the first marked cell into sight, on the tab that is shown or on the first one that has any. */
  reveal(marked) {
    const { page } = this;
    const here = marked[page.sheetId]?.length ? page.sheetId : Object.keys(marked).find((id) => marked[id].length);
    if (here === undefined || !page.book.tabs().some((sheet) => sheet.sheetId === Number(here))) return;
    page.activate(Number(here), false);
    const [row, column] = marked[here][0];
    page.selection.select({ row, column });
    page.refresh();
  }

  receiveLines(book, sheetId, start, lines) {
    if (this.version?.revision !== book.revision) return;
    this.version.receiveLines(sheetId, start, lines);
    if (sheetId === this.page.sheetId) this.page.redraw();
  }

  /** Come back to the book as it is now. */
  leave() {
    if (!this.version) return;
    Object.assign(this, { version: null, chosen: null });
    document.body.classList.remove("viewing");
    part("version").hidden = true;
    this.page.showBook();
    this.mark();
  }

  async restore() {
    const question =
      "Restaurer cette version ? Le classeur redevient pour tous comme il était alors. " +
      "Rien n’est perdu : la version actuelle reste dans l’historique.";
    if (!window.confirm(question)) return;
    const body = JSON.stringify({ revision: this.version.revision, ...this.page.people.me() });
    const headers = { "Content-Type": "application/json" };
    const answer = await this.ask("restore", { method: "POST", headers, body });
    if (answer === null) return;
    this.leave();
    this.page.say("Version restaurée");
    this.changed();
  }
}
