// Who else is here: each person's name and colour beside the title, and a coloured frame where they stand.

const NAME_KEY = "localsheets:name";
const PERSON_KEY = "localsheets:person";
const TAB_KEY = "localsheets:tab";
const TELL_MS = 150;
const LONGEST_NAME = 40;

function token() {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");
}

/** Read a remembered token of a storage, made when missing. */
function remembered(storage, key) {
  const known = storage.getItem(key) ?? token();
  storage.setItem(key, known);
  return known;
}

function cleaned(text) {
  return text.replace(/[@<>]/g, " ").replace(/\s+/g, " ").trim().slice(0, LONGEST_NAME);
}

export class People {
  /** `page` gives sheetId, selection, view, sheet() and warn(); `dom` holds me, others and frames. */
  constructor(root, page, dom) {
    Object.assign(this, { root, page, dom, others: [], told: "", given: "" });
    // The person is the browser's, the page is this tab's: undo follows the person, frames follow pages.
    this.who = `${remembered(localStorage, PERSON_KEY)}.${remembered(sessionStorage, TAB_KEY)}`;
    this.name = localStorage.getItem(NAME_KEY) ?? "";
    dom.me.value = this.name;
    dom.me.addEventListener("change", () => this.rename());
    dom.me.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("storage", (event) => event.key === NAME_KEY && this.renamedElsewhere(event.newValue ?? ""));
    window.addEventListener("pagehide", () => this.leave());
  }

  /** Give what each request says of who makes it. */
  me() {
    return { who: this.who, name: this.name || this.given };
  }

  key(event) {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Escape") this.dom.me.value = this.name;
    this.page.editor.focus();
  }

  rename() {
    const typed = this.dom.me.value;
    this.name = cleaned(typed);
    if (typed.includes("@")) this.page.warn("Un nom sans @ : les adresses sont celles des comptes.");
    localStorage.setItem(NAME_KEY, this.name);
    if (!this.name) this.given = "";
    this.dom.me.value = this.name;
    this.told = "";
    this.tell();
  }

  renamedElsewhere(name) {
    this.name = name;
    this.dom.me.value = name;
  }

  /** Take what the server says of this person and of the others. */
  receive({ me, others }) {
    this.given = me.name;
    this.dom.me.placeholder = me.name;
    this.dom.me.style.setProperty("--person", me.color);
    if (!others) return;
    this.others = others;
    this.dom.others.replaceChildren(...others.map((person) => this.chip(person)));
    this.draw();
  }

  chip({ name, color, place }) {
    const chip = document.createElement("li");
    chip.textContent = name;
    chip.title = place ? `${name} – aller voir` : name;
    chip.style.setProperty("--person", color);
    if (place) chip.addEventListener("click", () => this.page.visit(place));
    return chip;
  }

  /** Say where this person stands, once they stay there for a moment. */
  tell() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), TELL_MS);
  }

  send() {
    const { sheetId, selection } = this.page;
    const typing = this.page.editor.mode !== null;
    const body = JSON.stringify({ ...this.me(), place: { sheetId, ...selection.range(), typing } });
    if (body === this.told || document.hidden) return;
    this.told = body;
    fetch(`${this.root}/people`, { method: "POST", body }).catch(() => (this.told = ""));
  }

  leave() {
    navigator.sendBeacon(`${this.root}/people`, JSON.stringify({ ...this.me(), place: null }));
  }

  /** Draw the frames of those who stand on the tab that is shown, as far as they are in sight. */
  draw() {
    const here = this.others.filter(({ place }) => place?.sheetId === this.page.sheetId);
    const { frames } = this.dom;
    while (frames.children.length > here.length) frames.lastChild.remove();
    while (frames.children.length < here.length) frames.append(document.createElement("div"));
    here.forEach((person, index) => this.frame(frames.children[index], person));
  }

  frame(target, { name, color, place }) {
    const { view } = this.page;
    const sheet = this.page.sheet();
    const [row, column] = [Math.min(place.top, sheet.rowCount - 1), Math.min(place.left, sheet.columnCount - 1)];
    const [last, end] = [Math.min(place.bottom, sheet.rowCount - 1), Math.min(place.right, sheet.columnCount - 1)];
    const box = view.box(row, column);
    const far = view.box(last, end);
    const { geometry, scroller } = view;
    const [width, height] = [far.left + far.width - box.left, far.top + far.height - box.top];
    target.hidden =
      (row >= geometry.frozenRows && box.top + height <= geometry.frozenHeight) ||
      (column >= geometry.frozenColumns && box.left + width <= geometry.frozenWidth) ||
      box.top > scroller.clientHeight ||
      box.left > scroller.clientWidth;
    if (target.hidden) return;
    const { style } = target;
    style.transform = `translate(${box.left}px, ${box.top}px)`;
    [style.width, style.height] = [`${width}px`, `${height}px`];
    style.setProperty("--person", color);
    target.className = box.top < 40 ? "frame low" : "frame";
    const label = place.typing ? `${name} écrit…` : name;
    if (target.dataset.name !== label) target.dataset.name = label;
  }
}
