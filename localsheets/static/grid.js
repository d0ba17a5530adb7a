// The grid page: joins the book, the link to the server, the view and the ways to act on them.

import { Acts, quoted } from "./grid-acts.js";
import { cellName, parseHash } from "./grid-address.js";
import { Book, cellAt } from "./grid-book.js";
import { Clipboard } from "./grid-clipboard.js";
import { protectionsAt } from "./grid-commands-data.js";
import { Editor } from "./grid-editor.js";
import { Feed } from "./grid-feed.js";
import { followCell } from "./grid-follow.js";
import { Fill } from "./grid-fill.js";
import { Find } from "./grid-find.js";
import { History } from "./grid-history.js";
import { listenToKeys } from "./grid-keys.js";
import { Link } from "./grid-link.js";
import { nameButtons, wireMenubar, wireToolbar } from "./grid-menu.js";
import { listenToMouse } from "./grid-mouse.js";
import { People } from "./grid-people.js";
import { NameBox } from "./grid-namebox.js";
import { Overlay } from "./grid-overlay.js";
import { Menu } from "./grid-popup.js";
import { Selection } from "./grid-selection.js";
import { showTotals } from "./grid-totals.js";
import { Tabs } from "./grid-tabs.js";
import { View } from "./grid-view.js";

const IDS = ["title", "toolbar", "address", "formula", "stage", "grid", "canvas", "frozen", "body", "editor"];
const MORE_IDS = ["workspace", "tabs", "add-sheet", "status", "message", "menu", "announce", "menubar"];
const LAST_IDS = ["dialog", "overlay", "totals", "lock", "me", "others", "frames"];

function elements() {
  return Object.fromEntries([...IDS, ...MORE_IDS, ...LAST_IDS].map((id) => [id, document.getElementById(id)]));
}

class Page extends Acts {
  constructor() {
    super();
    this.dom = elements();
    this.sheetId = null;
    this.places = new Map();
    this.present = new Book();
    this.selection = new Selection();
    const { grid: scroller, canvas, frozen, body } = this.dom;
    this.view = new View({ scroller, canvas, frozen, body }, this.selection);
    this.editor = new Editor(this, this.dom.editor, this.dom.formula);
    this.tabs = new Tabs(this, this.dom.tabs, this.dom["add-sheet"]);
    this.menu = new Menu(this.dom.menu);
    this.overlay = new Overlay(this);
    this.fill = new Fill(this);
    this.find = new Find(this);
    this.nameBox = new NameBox(this, this.dom.address);
    this.clipboard = new Clipboard(this);
    const root = location.pathname.replace(/\/edit\/?$/, "");
    this.people = new People(root, this, this.dom);
    this.link = new Link(root, () => this.people.me(), this.sending());
    this.feed = new Feed(root, this.listening());
    this.history = new History(root, this);
  }

  /** The book that is shown: as it is now, or an older version of it. */
  get book() {
    return this.history?.version ?? this.present;
  }

  sending() {
    return {
      onStatus: (status) => this.showStatus(status),
      onAccepted: (step, said) => this.accepted(step, said),
      onRefused: (step, reason) => this.refused(step, reason),
    };
  }

  listening() {
    return {
      who: () => this.people.who,
      name: () => this.people.name,
      place: () => this.place(),
      settled: () => this.link.settled(),
      onChange: (state) => this.receive(state),
      onLines: (...given) => this.receiveLines(...given),
      onLoaded: () => this.loaded(),
      onPeople: (answer) => this.people.receive(answer),
      onReach: (reached) => this.link.reached(reached),
      onGone: () => this.warn("Ce classeur n’existe plus ou n’est pas accessible."),
    };
  }

  /** Listen to the person and to the server. */
  start() {
    listenToKeys(this);
    listenToMouse(this);
    wireMenubar(this);
    wireToolbar(this);
    this.dom.title.addEventListener("click", () => this.run("renameBook"));
    this.view.onDraw = () => this.sheet() && this.placed();
    this.dom.grid.addEventListener("focus", () => this.editor.focus());
    window.addEventListener("hashchange", () => this.followHash());
    for (const step of this.link.leftOver()) this.send(step);
    this.link.start();
    this.feed.start();
  }

  /** Keep what lies over the grid in its place. */
  placed() {
    this.editor.place();
    this.people.draw();
    this.overlay.place();
  }

  /** Tell which lines the first answer should bring. */
  place() {
    if (this.sheetId !== null) return { sheet: this.sheetId, row: this.selection.anchor.row };
    const { sheetId, range } = parseHash(location.hash);
    return { sheet: sheetId, row: range?.top ?? 0 };
  }

  receiveLines(sheetId, start, lines) {
    this.present.receiveLines(sheetId, start, lines);
    if (sheetId === this.sheetId && this.book === this.present) this.redraw();
  }

  loaded() {
    this.link.loaded = true;
    this.link.report();
  }

  /** Go and see where someone stands. */
  visit({ sheetId, top, left, bottom, right }) {
    if (!this.book.tabs().some((sheet) => sheet.sheetId === sheetId)) return;
    this.activate(sheetId);
    this.selection.selectRange({ top, left, bottom, right });
    this.refresh();
  }

  sheet() {
    return this.book.sheet(this.sheetId);
  }

  /** Take the server's state; the selection and what is being typed follow their row, and stay. */
  receive(state) {
    const before = this.present.pending;
    this.present.receive(state);
    this.history.changed();
    document.body.dataset.revision = state.revision;
    this.dom.title.textContent = state.title;
    document.title = `${state.title} – Tableur local`;
    if (this.book !== this.present) return undefined;
    if (this.sheetId === null) return this.open();
    if (!this.sheet() || this.sheet().hidden) return this.leaveDeleted();
    this.follow(before, state.sheets.find((sheet) => sheet.sheetId === this.sheetId)?.patch);
    return this.redraw();
  }

  open() {
    this.dom.workspace.inert = false;
    this.followHash();
    if (this.sheetId === null) this.activate(this.book.tabs()[0].sheetId);
    this.editor.focus();
  }

  /** Show the book that is to be shown, whatever tabs it has. */
  showBook() {
    if (!this.sheet() || this.sheet().hidden) this.activate(this.book.tabs()[0].sheetId);
    else this.redraw();
  }

  /** Move the selection and what is being typed along with the rows and columns that others moved. */
  follow(before, patch) {
    const { selection, editor, sheetId } = this;
    const moved = (cell) => followCell(cell, sheetId, patch, before, this.book.pending);
    selection.attach(this.sheet());
    if (editor.target?.sheetId === sheetId) {
      const target = moved(editor.target);
      if (target.row === null || target.column === null) this.lostTarget(target.row === null ? "ligne" : "colonne");
      else Object.assign(editor.target, target);
    }
    const [anchor, head] = [moved(selection.anchor), moved(selection.head)];
    if ([anchor.row, anchor.column, head.row, head.column].includes(null)) return;
    const shift = anchor.row - selection.anchor.row;
    if (!shift && anchor.column === selection.anchor.column) return;
    selection.anchor = selection.inside(anchor);
    selection.head = selection.inside(head);
    // What is typed stays under the eyes; at the top of the sheet the new rows are better seen.
    if (this.dom.grid.scrollTop > 0) this.dom.grid.scrollTop += shift * this.view.box(0, 0).height;
  }

  lostTarget(what) {
    this.warn(`La ${what} a été supprimée pendant votre saisie : « ${this.dom.editor.value} »`);
    this.editor.close();
  }

  leaveDeleted() {
    if (this.editor.mode !== null) {
      this.warn(`L’onglet a été supprimé pendant votre saisie : « ${this.dom.editor.value} »`);
      this.editor.close();
    }
    this.activate(this.book.tabs()[0].sheetId);
  }

  /** Go to the tab and the range that the address names. */
  followHash() {
    const { sheetId, range } = parseHash(location.hash);
    const known = this.book.tabs().some((sheet) => sheet.sheetId === sheetId);
    if (known) this.activate(sheetId, false, false);
    else if (this.sheetId === null) this.activate(this.book.tabs()[0].sheetId, true, false);
    if (!range || (sheetId !== null && !known)) return;
    this.editor.commit();
    this.selection.selectRange(range);
    this.refresh();
  }

  /** Show a tab, at the place where it was left. */
  activate(sheetId, takeFocus = true, writeAddress = true) {
    this.editor.commit();
    if (sheetId !== this.sheetId) this.swap(sheetId);
    if (writeAddress) history.replaceState(null, "", `#gid=${sheetId}`);
    if (takeFocus) this.editor.focus();
  }

  swap(sheetId) {
    const { grid } = this.dom;
    const { anchor, head } = this.selection;
    this.places.set(this.sheetId, { anchor, head, top: grid.scrollTop, left: grid.scrollLeft });
    this.sheetId = sheetId;
    const start = { row: 0, column: 0 };
    const place = this.places.get(sheetId) ?? { anchor: start, head: start, top: 0, left: 0 };
    Object.assign(this.selection, { anchor: place.anchor, head: place.head, tabColumn: null, kept: null });
    this.redraw();
    grid.scrollTo(place.left, place.top);
  }

  /** Draw everything again from the book. */
  redraw() {
    this.selection.attach(this.sheet());
    this.view.show(this.sheet());
    this.tabs.show();
    this.refresh(false);
  }

  /** Bring the screen in line with the selection; by default the moving corner is scrolled into view. */
  refresh(revealing = true) {
    if (!this.sheet()) return;
    const { anchor } = this.selection;
    if (revealing) this.view.reveal(...this.selection.toReveal());
    this.view.draw(true);
    this.editor.show();
    this.nameBox.show();
    nameButtons(this);
    this.people.tell();
    showTotals(this);
    // An SVG element has no `hidden` property of its own.
    this.dom.lock.toggleAttribute("hidden", protectionsAt(this).length === 0);
    this.history.moved();
    this.say(`${cellName(anchor.row, anchor.column)} ${cellAt(this.sheet(), anchor.row, anchor.column).f || "vide"}`);
  }

  /** Undo or redo on the server, after what is still to be sent. */
  step(path) {
    this.send({ path, actions: [], revision: null });
  }

  send(step) {
    if (this.history.refuses()) return;
    this.dom.message.hidden = true;
    this.book.expect(step);
    this.link.push(step);
    if (this.sheet()) this.redraw();
  }

  accepted(step, said) {
    if (said) this.warn(said);
    // A step that changed nothing brings no new state to wait for.
    if (step.revision > this.present.revision) return;
    this.present.forget(step);
    if (this.sheet()) this.redraw();
  }

  refused(step, reason) {
    this.present.forget(step);
    this.tabs.wanted = null;
    this.warn(`${reason}${quoted(step.actions)}`);
    if (this.sheet()) this.redraw();
  }

  gridHasKeyboard() {
    return document.activeElement === this.dom.editor;
  }

  /** F6 leaves the grid for the toolbar, Shift+F6 for the tabs: Tab belongs to the cells. */
  leaveGrid(backwards) {
    const next = backwards ? this.tabs.current() : this.dom.toolbar.querySelector("button[tabindex='0']");
    next.focus();
    return true;
  }
}

new Page().start();
