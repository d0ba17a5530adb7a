// The tabs under the grid: choose, add, rename (double-click or F2), drag; a menu copies, moves, colours and hides.

import { chooseColor } from "./grid-colors.js";
import { colorOf, tabProperties } from "./grid-requests.js";

const MAX_ID = 2 ** 31 - 1;
const DRAG_PX = 6;
const ADDED = /^Feuille (\d+)$/;

function nextTitle(sheets) {
  const numbers = sheets.map((sheet) => Number(ADDED.exec(sheet.title)?.[1] ?? 0));
  return `Feuille ${Math.max(sheets.length, ...numbers) + 1}`;
}

export class Tabs {
  /** `page` gives book, sheetId, activate() and act(); `list` holds the tabs, `add` is the button. */
  constructor(page, list, add) {
    Object.assign(this, { page, list, drawn: "", wanted: null });
    add.addEventListener("click", () => this.add());
    list.addEventListener("click", (event) => this.on(event, (tab) => page.activate(Number(tab.dataset.id))));
    list.addEventListener("dblclick", (event) => this.on(event, (tab) => this.rename(tab)));
    list.addEventListener("contextmenu", (event) => this.on(event, (tab) => this.menu(event, tab)));
    list.addEventListener("keydown", (event) => this.key(event));
    list.addEventListener("mousedown", (event) => event.button === 0 && this.on(event, (tab) => this.drag(event, tab)));
  }

  on(event, action) {
    const tab = event.target.closest("[role=tab]");
    if (tab) action(tab);
  }

  /** Draw the tabs again when they changed, but never under the name being typed. */
  show() {
    if (this.list.querySelector("input")) return;
    const tabs = this.page.book.tabs();
    const signature = JSON.stringify(tabs.map((sheet) => [sheet.sheetId, sheet.title, sheet.color]));
    if (signature !== this.drawn) {
      const focused = this.list.contains(document.activeElement);
      this.list.replaceChildren(...tabs.map((sheet) => this.tab(sheet)));
      if (focused) this.current()?.focus();
    }
    this.drawn = signature;
    for (const tab of this.list.children) this.mark(tab, Number(tab.dataset.id) === this.page.sheetId);
    this.openWanted(tabs);
  }

  tab(sheet) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", "grid");
    tab.dataset.sheet = sheet.title;
    tab.dataset.id = sheet.sheetId;
    tab.textContent = sheet.title;
    if (sheet.color) {
      tab.classList.add("colored");
      tab.style.setProperty("--tab-color", sheet.color);
    }
    return tab;
  }

  mark(tab, chosen) {
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }

  /** Give the button of a tab, of the tab shown by default. */
  current(sheetId = this.page.sheetId) {
    return this.list.querySelector(`[role=tab][data-id="${sheetId}"]`);
  }

  openWanted(tabs) {
    const made = tabs.find((sheet) => sheet.title === this.wanted || sheet.sheetId === this.wanted);
    if (!made) return;
    this.wanted = null;
    this.page.activate(made.sheetId);
  }

  add() {
    this.page.editor.commit();
    this.wanted = nextTitle([...this.page.book.shown.values()]);
    this.page.act([{ type: "addSheet", title: this.wanted }]);
  }

  key(event) {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    const next = { ArrowLeft: tab.previousSibling, ArrowRight: tab.nextSibling }[event.key];
    const keyboardMenu = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
    if (event.key === "F2") this.rename(tab);
    else if (keyboardMenu || event.key === "ArrowDown" || event.key === "ArrowUp") this.menuOn(tab);
    else if (event.key === "Delete") this.remove(Number(tab.dataset.id), tab.dataset.sheet);
    else if (event.key === "F6" || event.key === "Escape") this.page.editor.focus();
    else if (next) {
      this.page.activate(Number(next.dataset.id), false);
      this.current().focus();
    } else return;
    event.preventDefault();
  }

  rename(tab) {
    const input = document.createElement("input");
    input.value = tab.dataset.sheet;
    input.setAttribute("aria-label", "Nom de l’onglet");
    input.maxLength = 100;
    input.size = Math.max(8, input.value.length);
    tab.hidden = true;
    tab.after(input);
    input.select();
    input.focus();
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      // Otherwise the key itself would land in the cell that takes the focus.
      event.preventDefault();
      this.renamed(tab, input, event.key === "Enter" ? input.value.trim() : "");
    });
    input.addEventListener("blur", () => this.renamed(tab, input, input.value.trim()));
  }

  /** Close the field; an empty or unchanged name changes nothing. Removing the field blurs it: only once. */
  renamed(tab, input, title) {
    if (!this.list.contains(input) || input.dataset.done) return;
    input.dataset.done = "yes";
    const before = tab.dataset.sheet;
    tab.hidden = false;
    input.remove();
    this.drawn = "";
    if (title && title !== before) {
      this.page.act([{ type: "renameSheet", sheetId: Number(tab.dataset.id), title }]);
    } else this.show();
    this.page.editor.focus();
  }

  menu(event, tab) {
    event.preventDefault();
    // The keyboard's own menu key was already answered.
    if (event.detail === 0 && event.clientX === 0) return;
    this.menuOn(tab, event.clientX, event.clientY);
  }

  menuOn(tab, x, y) {
    const box = tab.getBoundingClientRect();
    const back = document.activeElement === tab ? tab : this.page.dom.editor;
    this.page.menu.open(this.entries(tab), x ?? box.left, y ?? box.top - 4, back, { title: "Onglet" });
  }

  entries(tab) {
    const { page } = this;
    const sheetId = Number(tab.dataset.id);
    const tabs = page.book.tabs();
    const at = tabs.findIndex((sheet) => sheet.sheetId === sheetId);
    const only = tabs.length === 1;
    const hidden = page.book.hidden();
    return [
      { label: "Renommer l’onglet", keys: "F2", run: () => this.rename(this.current(sheetId)) },
      { label: "Dupliquer", run: () => this.duplicate(sheetId) },
      { label: "Couleur…", run: () => this.paint(sheetId) },
      null,
      { label: "Déplacer à gauche", off: at === 0, run: () => this.moveTo(sheetId, tabs[at - 1].index) },
      {
        label: "Déplacer à droite",
        off: at === tabs.length - 1,
        run: () => this.moveTo(sheetId, tabs[at + 1].index + 1),
      },
      null,
      { label: "Masquer l’onglet", off: only, run: () => page.ask([tabProperties(sheetId, { hidden: true })]) },
      {
        label: "Afficher un onglet masqué",
        off: !hidden.length,
        more: () => hidden.map((sheet) => this.shower(sheet)),
      },
      null,
      { label: "Supprimer l’onglet", off: only, run: () => this.remove(sheetId, tab.dataset.sheet) },
    ];
  }

  shower({ sheetId, title }) {
    return {
      label: title,
      run: () => {
        this.wanted = sheetId;
        this.page.ask([tabProperties(sheetId, { hidden: false })]);
      },
    };
  }

  duplicate(sheetId) {
    const newSheetId = Math.floor(Math.random() * MAX_ID) + 1;
    const { index, title } = this.page.book.sheet(sheetId);
    const taken = new Set([...this.page.book.shown.values()].map((sheet) => sheet.title));
    let newSheetName = `Copie de ${title}`;
    for (let number = 2; taken.has(newSheetName); number += 1) newSheetName = `Copie de ${title} ${number}`;
    this.wanted = newSheetId;
    const request = { sourceSheetId: sheetId, insertSheetIndex: index + 1, newSheetId, newSheetName };
    this.page.ask([{ duplicateSheet: request }]);
  }

  paint(sheetId) {
    const { color } = this.page.book.sheet(sheetId);
    this.page.menu.place = this.current(sheetId).getBoundingClientRect();
    chooseColor(this.page, "Couleur de l’onglet", color, (chosen) => {
      const properties = chosen ? { tabColor: colorOf(chosen) } : {};
      this.page.ask([tabProperties(sheetId, properties, "tabColor")]);
    });
    this.page.menu.place = null;
  }

  /** Move a tab before the one that has an index now. */
  moveTo(sheetId, index) {
    this.page.ask([tabProperties(sheetId, { index })]);
  }

  drag(event, tab) {
    const origin = event.clientX;
    let over = null;
    const move = (moved) => {
      if (Math.abs(moved.clientX - origin) < DRAG_PX && !over) return;
      tab.classList.add("carried");
      const others = [...this.list.querySelectorAll("[role=tab]")];
      const after = others.filter((other) => {
        const box = other.getBoundingClientRect();
        return moved.clientX > box.left + box.width / 2;
      });
      over = { before: others[after.length] ?? null };
      for (const other of others) other.classList.toggle("drop", other === over.before);
      this.list.classList.toggle("drop-end", over.before === null);
    };
    const stop = () => {
      document.removeEventListener("mousemove", move);
      document.removeEventListener("mouseup", stop);
      tab.classList.remove("carried");
      this.list.classList.remove("drop-end");
      for (const other of this.list.querySelectorAll(".drop")) other.classList.remove("drop");
      if (over) this.dropped(Number(tab.dataset.id), over.before);
    };
    document.addEventListener("mousemove", move);
    document.addEventListener("mouseup", stop);
  }

  dropped(sheetId, before) {
    const { book } = this.page;
    const index = before ? book.sheet(Number(before.dataset.id)).index : book.shown.size;
    const now = book.sheet(sheetId).index;
    if (index !== now && index !== now + 1) this.moveTo(sheetId, index);
  }

  remove(sheetId, title) {
    if (this.page.book.tabs().length === 1) {
      this.page.warn("Un classeur garde au moins un onglet visible.");
      return;
    }
    if (!window.confirm(`Supprimer l’onglet « ${title} » et tout son contenu ?`)) return;
    this.page.act([{ type: "deleteSheet", sheetId }]);
  }
}
