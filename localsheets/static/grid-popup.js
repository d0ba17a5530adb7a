// The pop-up menu: arrows, first letters, lists inside lists, and palettes of colours.

/** Move the focus among items with two keys, Home and End; answers whether the key was used. */
export function moveFocus(items, event, back, forth) {
  const at = items.indexOf(document.activeElement);
  const last = items.length - 1;
  const next = { [back]: at <= 0 ? last : at - 1, [forth]: at === last ? 0 : at + 1, Home: 0, End: last }[event.key];
  if (next === undefined) return false;
  items[at]?.setAttribute("tabindex", "-1");
  items[next].setAttribute("tabindex", "0");
  items[next].focus();
  return true;
}

const REOPEN_MS = 300;

export class Menu {
  constructor(element) {
    this.element = element;
    this.back = null;
    this.owner = null;
    this.place = null;
    this.parents = [];
    this.onSideways = () => false;
    this.closed = { owner: null, at: 0 };
    element.addEventListener("click", (event) => this.choose(event.target.closest("button")));
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focusout", (event) => !element.contains(event.relatedTarget) && this.close(false));
    document.addEventListener("mousedown", (event) => !element.contains(event.target) && this.pressedElsewhere(), true);
    window.addEventListener("blur", () => this.close(false));
  }

  /**
   * Open at a point of the window. `entries` are null or {label, run, keys, on, off, more, color};
   * `back` takes the focus when it closes; `columns` makes a palette.
   */
  open(entries, x, y, back, { title = "Actions", columns = 0, owner = null } = {}) {
    this.parents = [];
    Object.assign(this, { back, owner, x, y });
    owner?.setAttribute("aria-expanded", "true");
    this.show(entries, title, columns);
  }

  show(entries, title, columns) {
    const { element } = this;
    this.entries = entries;
    this.columns = columns;
    // Replacing the item that has the focus must not close the menu.
    this.filling = true;
    element.classList.toggle("palette", columns > 0);
    element.setAttribute("aria-label", title);
    element.replaceChildren(...entries.map((entry, index) => this.item(entry, index)));
    element.hidden = false;
    const { offsetWidth, offsetHeight, style } = element;
    style.left = `${Math.max(4, Math.min(this.x, window.innerWidth - offsetWidth - 4))}px`;
    style.top = `${Math.max(4, Math.min(this.y, window.innerHeight - offsetHeight - 4))}px`;
    (element.querySelector("[aria-checked=true]") ?? element.querySelector("button:not([aria-disabled])")).focus();
    this.filling = false;
  }

  item(entry, index) {
    if (entry === null) {
      const line = document.createElement("hr");
      line.setAttribute("role", "separator");
      return line;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", entry.on === undefined ? "menuitem" : "menuitemcheckbox");
    if (entry.on !== undefined) button.setAttribute("aria-checked", entry.on);
    if (entry.off) button.setAttribute("aria-disabled", "true");
    if (entry.more) button.setAttribute("aria-haspopup", "menu");
    button.tabIndex = -1;
    button.dataset.index = index;
    this.fill(button, entry);
    return button;
  }

  fill(button, { label, keys, color }) {
    if (color) {
      button.classList.add("swatch");
      button.style.backgroundColor = color;
      button.title = label;
      button.setAttribute("aria-label", label);
      return;
    }
    const text = document.createElement("span");
    text.textContent = label;
    button.append(text);
    if (!keys) return;
    const hint = document.createElement("kbd");
    hint.textContent = keys;
    hint.setAttribute("aria-hidden", "true");
    button.append(hint);
  }

  choose(button) {
    if (!button || button.getAttribute("aria-disabled")) return;
    const entry = this.entries[button.dataset.index];
    if (entry.more) {
      const title = this.element.getAttribute("aria-label");
      this.parents.push({ entries: this.entries, columns: this.columns, title });
      this.show(entry.more(), entry.label, 0);
      return;
    }
    this.close(true);
    entry.run();
  }

  goBack() {
    const parent = this.parents.pop();
    if (!parent) return false;
    this.show(parent.entries, parent.title, parent.columns);
    return true;
  }

  key(event) {
    const items = [...this.element.querySelectorAll("button")];
    const entry = this.entries[document.activeElement.dataset.index];
    const { columns } = this;
    if (event.key === "Tab") this.close(true);
    else if (event.key === "Escape") this.goBack() || this.close(true);
    else if (columns && this.acrossPalette(items, event)) event.stopPropagation();
    else if (event.key === "ArrowRight" && entry?.more) this.choose(document.activeElement);
    else if (event.key === "ArrowLeft" && this.goBack()) event.stopPropagation();
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      if (!this.onSideways(this.owner, event.key === "ArrowLeft" ? -1 : 1)) return;
    } else if (!moveFocus(items, event, "ArrowUp", "ArrowDown") && !this.byLetter(items, event)) return;
    event.preventDefault();
  }

  acrossPalette(items, event) {
    const at = items.indexOf(document.activeElement);
    const lineStart = items.findIndex((item) => item.classList.contains("swatch"));
    const down = at < lineStart ? lineStart - at : this.columns;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: down }[event.key];
    if (step === undefined) return false;
    items[Math.max(0, Math.min(items.length - 1, at + step))].focus();
    return true;
  }

  /** A letter goes to the next entry that begins with it. */
  byLetter(items, event) {
    if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey) return false;
    const at = items.indexOf(document.activeElement);
    const wanted = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    const found = wanted.find((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()));
    found?.focus();
    return Boolean(found);
  }

  /** Tell whether a press on this button has just closed its own menu, so that it is not opened again. */
  justClosed(owner) {
    return this.closed.owner === owner && performance.now() - this.closed.at < REOPEN_MS;
  }

  pressedElsewhere() {
    if (this.element.hidden) return;
    this.closed = { owner: this.owner, at: performance.now() };
    this.close(false);
  }

  close(giveBack) {
    if (this.element.hidden || this.filling) return;
    this.element.hidden = true;
    this.owner?.removeAttribute("aria-expanded");
    if (giveBack) this.back?.focus();
  }
}
