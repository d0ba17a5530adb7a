// The tabs under the grid: choose, add, rename (double-click or F2), delete.

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
  }

  on(event, action) {
    const tab = event.target.closest("[role=tab]");
    if (tab) action(tab);
  }

  /** Draw the tabs again when they changed, but never under the name being typed. */
  show() {
    if (this.list.querySelector("input")) return;
    const tabs = this.page.book.tabs();
    const signature = JSON.stringify(tabs.map((sheet) => [sheet.sheetId, sheet.title]));
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
    return tab;
  }

  mark(tab, chosen) {
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }

  current() {
    return this.list.querySelector("[aria-selected=true]");
  }

  openWanted(tabs) {
    const made = tabs.find((sheet) => sheet.title === this.wanted);
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
    if (event.key === "F2") this.rename(tab);
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
    const sheetId = Number(tab.dataset.id);
    const entries = [{ label: "Renommer l’onglet", run: () => this.rename(tab) }];
    if (this.page.book.tabs().length > 1) {
      entries.push({ label: "Supprimer l’onglet", run: () => this.remove(sheetId, tab.dataset.sheet) });
    }
    this.page.menu.open(entries, event.clientX, event.clientY, this.page.dom.editor);
  }

  remove(sheetId, title) {
    if (!window.confirm(`Supprimer l’onglet « ${title} » et tout son contenu ?`)) return;
    this.page.act([{ type: "deleteSheet", sheetId }]);
  }
}
