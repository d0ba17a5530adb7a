// The menu bar, the toolbar and the pop-up menu, all usable with the keyboard alone.

import { COMMANDS, LISTS, MENUS } from "./grid-commands.js";
import { moveFocus } from "./grid-popup.js";

/** Give the entries of a list of command names: null is a separator, "+name" opens another list. */
export function entriesOf(page, names) {
  return names.map((name) => {
    if (name === null) return null;
    const list = name.startsWith("+") && LISTS[name.slice(1)];
    if (list) return { label: list.label, more: () => entriesOf(page, list.names) };
    const { label, keys, on, off } = COMMANDS[name];
    return { label: label(page), keys, on: on?.(page), off: off?.(page) ?? false, run: () => page.run(name) };
  });
}

function openUnder(page, button, names, keyboard) {
  page.editor.commit();
  const box = button.getBoundingClientRect();
  const back = keyboard ? button : page.dom.editor;
  page.menu.open(entriesOf(page, names), box.left, box.bottom + 2, back, { owner: button });
}

/** Wire the menu bar: one tab stop, arrows between the menus, also while one is open. */
export function wireMenubar(page) {
  const { menubar } = page.dom;
  const buttons = Object.keys(MENUS).map((name, index) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: name, tabIndex: index ? -1 : 0 });
    button.setAttribute("role", "menuitem");
    button.setAttribute("aria-haspopup", "menu");
    button.dataset.menu = name;
    return button;
  });
  menubar.append(...buttons);
  const open = (button, keyboard) => openUnder(page, button, MENUS[button.dataset.menu], keyboard);
  menubar.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const button = event.target.closest("button");
    if (button && page.menu.justClosed(button)) return;
    if (button) open(button, false);
  });
  menubar.addEventListener("click", (event) => event.detail === 0 && open(event.target.closest("button"), true));
  menubar.addEventListener("keydown", (event) => {
    const button = event.target.closest("button");
    if (event.key === "ArrowDown") open(button, true);
    else if (event.key === "Escape" || event.key === "F6") page.editor.focus();
    else if (!moveFocus(buttons, event, "ArrowLeft", "ArrowRight")) return;
    event.preventDefault();
  });
  page.menu.onSideways = (owner, step) => {
    const at = buttons.indexOf(owner);
    if (at >= 0) open(buttons[(at + step + buttons.length) % buttons.length], page.menu.back !== page.dom.editor);
    return at >= 0;
  };
}

/** Wire the toolbar: one tab stop, arrows inside, Escape back to the grid. */
export function wireToolbar(page) {
  const { toolbar } = page.dom;
  const buttons = [...toolbar.querySelectorAll("button")];
  buttons.forEach((button, index) => (button.tabIndex = index ? -1 : 0));
  const press = (button, byMouse) => {
    page.editor.commit();
    const { command, list } = button.dataset;
    const box = button.getBoundingClientRect();
    page.menu.place = { left: box.left, bottom: box.bottom };
    if (list) openUnder(page, button, LISTS[list].names, !byMouse);
    else page.run(command);
    page.menu.place = null;
    if (!list && byMouse && page.menu.element.hidden && !page.dom.dialog.open) page.editor.focus();
  };
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && !page.menu.justClosed(button)) press(button, event.detail > 0);
  });
  toolbar.addEventListener("mousedown", (event) => event.preventDefault());
  toolbar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") page.editor.focus();
    else if (event.key === "F6") page.dom.menubar.querySelector("button[tabindex='0']").focus();
    else if (!moveFocus(buttons, event, "ArrowLeft", "ArrowRight")) return;
    event.preventDefault();
  });
}

/** Name each toolbar button for the present selection, and press those in force. */
export function nameButtons(page) {
  for (const button of page.dom.toolbar.querySelectorAll("button[data-command]")) {
    const { label, keys, on } = COMMANDS[button.dataset.command];
    const name = label(page);
    if (on && button.getAttribute("aria-pressed") !== String(on(page))) button.setAttribute("aria-pressed", on(page));
    if (button.getAttribute("aria-label") === name) continue;
    button.title = keys ? `${name} (${keys})` : name;
    button.setAttribute("aria-label", name);
  }
}
