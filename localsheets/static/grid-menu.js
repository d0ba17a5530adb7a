// The toolbar and the pop-up menu, both usable with the keyboard alone.

import { COMMANDS } from "./grid-commands.js";

/** Wire the toolbar: one tab stop, arrows inside, Escape back to the grid. */
export function wireToolbar(page) {
  const { toolbar } = page.dom;
  const buttons = [...toolbar.querySelectorAll("button")];
  buttons.forEach((button, index) => (button.tabIndex = index ? -1 : 0));
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    page.editor.commit();
    page.run(button.dataset.command);
    if (event.detail > 0) page.editor.focus();
  });
  toolbar.addEventListener("mousedown", (event) => event.preventDefault());
  toolbar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") page.editor.focus();
    else if (event.key === "F6") page.editor.focus();
    else if (!moveFocus(buttons, event, "ArrowLeft", "ArrowRight")) return;
    event.preventDefault();
  });
}

/** Name each toolbar button for the present selection. */
export function nameButtons(page) {
  for (const button of page.dom.toolbar.querySelectorAll("button")) {
    const label = COMMANDS[button.dataset.command].label(page);
    if (button.title === label) continue;
    button.title = label;
    button.setAttribute("aria-label", label);
  }
}

function moveFocus(items, event, back, forth) {
  const at = items.indexOf(document.activeElement);
  const last = items.length - 1;
  const next = { [back]: at <= 0 ? last : at - 1, [forth]: at === last ? 0 : at + 1, Home: 0, End: last }[event.key];
  if (next === undefined) return false;
  items[at]?.setAttribute("tabindex", "-1");
  items[next].setAttribute("tabindex", "0");
  items[next].focus();
  return true;
}

export class Menu {
  constructor(element) {
    this.element = element;
    this.back = null;
    element.addEventListener("click", (event) => this.choose(event.target.closest("button")));
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focusout", (event) => !element.contains(event.relatedTarget) && this.close(false));
    document.addEventListener("mousedown", (event) => !element.contains(event.target) && this.close(false));
    window.addEventListener("blur", () => this.close(false));
  }

  /** Open at a point of the window. `entries` are {label, run} or null; `back` takes the focus when it closes. */
  open(entries, x, y, back) {
    this.entries = entries;
    this.back = back;
    this.element.replaceChildren(...entries.map((entry, index) => this.item(entry, index)));
    this.element.hidden = false;
    const { offsetWidth, offsetHeight, style } = this.element;
    style.left = `${Math.max(4, Math.min(x, window.innerWidth - offsetWidth - 4))}px`;
    style.top = `${Math.max(4, Math.min(y, window.innerHeight - offsetHeight - 4))}px`;
    this.element.querySelector("button").focus();
  }

  item(entry, index) {
    if (entry === null) {
      const line = document.createElement("hr");
      line.setAttribute("role", "separator");
      return line;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.tabIndex = -1;
    button.dataset.index = index;
    button.textContent = entry.label;
    return button;
  }

  choose(button) {
    if (!button) return;
    const entry = this.entries[button.dataset.index];
    this.close(true);
    entry.run();
  }

  key(event) {
    const items = [...this.element.querySelectorAll("button")];
    if (event.key === "Escape" || event.key === "Tab") this.close(true);
    else if (!moveFocus(items, event, "ArrowUp", "ArrowDown")) return;
    event.preventDefault();
  }

  close(giveBack) {
    if (this.element.hidden) return;
    this.element.hidden = true;
    if (giveBack) this.back?.focus();
  }
}
