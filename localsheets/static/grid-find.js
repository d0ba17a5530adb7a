// The find bar: what is searched, where it is, the next one, and replacing it.

import { cellAt, readCell } from "./grid-book.js";

const IDS = ["find", "find-text", "find-count", "find-case", "find-next", "find-previous", "find-close"];
const REPLACE_IDS = ["replace-text", "replace-one", "replace-all", "replace-line"];

export class Find {
  constructor(page) {
    this.page = page;
    this.dom = Object.fromEntries([...IDS, ...REPLACE_IDS].map((id) => [id, document.getElementById(id)]));
    const { dom } = this;
    dom.find.addEventListener("submit", (event) => event.preventDefault());
    dom.find.addEventListener("keydown", (event) => this.key(event));
    dom["find-text"].addEventListener("input", () => this.step(0));
    dom["find-case"].addEventListener("change", () => this.step(0));
    const onClick = (id, run) => dom[id].addEventListener("click", run);
    onClick("find-next", () => this.step(1));
    onClick("find-previous", () => this.step(-1));
    onClick("find-close", () => this.close());
    onClick("replace-one", () => this.replaceOne());
    onClick("replace-all", () => this.replaceAll());
  }

  /** Open the bar, with the line for replacing or without. */
  open(replacing) {
    this.page.editor.commit();
    this.dom.find.hidden = false;
    this.dom["replace-line"].hidden = !replacing;
    this.dom["find-text"].focus();
    this.dom["find-text"].select();
    this.count(this.matches());
  }

  close() {
    this.dom.find.hidden = true;
    this.page.editor.focus();
  }

  key(event) {
    const inText = event.target === this.dom["find-text"];
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && inText) this.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && event.target === this.dom["replace-text"]) this.replaceOne();
    else if (event.ctrlKey && event.key.toLowerCase() === "h") this.open(true);
    else if (event.ctrlKey && event.key.toLowerCase() === "f") this.dom["find-text"].select();
    else return;
    event.preventDefault();
  }

  tester() {
    const cased = this.dom["find-case"].checked;
    const plain = (text) => (cased ? text : text.toLowerCase());
    const wanted = plain(this.dom["find-text"].value);
    if (wanted === "") return () => false;
    return (cell) => plain(cell.f).includes(wanted) || plain(cell.e ?? "").includes(wanted);
  }

  /** List the cells that hold the text, line after line. */
  matches() {
    const sheet = this.page.sheet();
    const holds = this.tester();
    const found = [];
    sheet.rows.forEach((cells, row) =>
      cells?.forEach((cell, column) => cell && holds(readCell(cell)) && found.push({ row, column })),
    );
    return found;
  }

  /** Go to the next match (1), the previous one (-1), or stay on one when there (0). */
  step(direction) {
    const found = this.matches();
    const { anchor } = this.page.selection;
    const order = (at) => at.row - anchor.row || at.column - anchor.column;
    if (found.length) {
      const ahead = found.find((at) => (direction > 0 ? order(at) > 0 : order(at) >= 0)) ?? found[0];
      const behind = found.findLast((at) => order(at) < 0) ?? found.at(-1);
      this.page.selection.select(direction < 0 ? behind : ahead);
      this.page.refresh();
    }
    this.count(found);
  }

  count(found) {
    const { row, column } = this.page.selection.anchor;
    const at = found.findIndex((place) => place.row === row && place.column === column);
    const empty = this.dom["find-text"].value === "";
    const none = found.length ? `${at + 1} sur ${found.length}` : "Introuvable";
    this.dom["find-count"].textContent = empty ? "" : none;
  }

  pattern() {
    const literal = this.dom["find-text"].value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(literal, this.dom["find-case"].checked ? "g" : "gi");
  }

  replaceOne() {
    const { row, column } = this.page.selection.anchor;
    const cell = cellAt(this.page.sheet(), row, column);
    if (this.tester()(cell)) {
      const text = (cell.e ?? cell.f).replace(this.pattern(), () => this.dom["replace-text"].value);
      this.page.act([{ type: "set", sheetId: this.page.sheetId, row, column, values: [[text]] }]);
    }
    this.step(1);
  }

  replaceAll() {
    const found = this.matches();
    if (!found.length) return this.count(found);
    const request = {
      find: this.dom["find-text"].value,
      replacement: this.dom["replace-text"].value,
      matchCase: this.dom["find-case"].checked,
      includeFormulas: true,
      sheetId: this.page.sheetId,
    };
    this.page.ask([{ findReplace: request }]);
    const many = found.length > 1 ? "cellules remplacées" : "cellule remplacée";
    this.dom["find-count"].textContent = `${found.length} ${many}`;
    return undefined;
  }
}
