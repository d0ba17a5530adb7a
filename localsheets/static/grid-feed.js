// Keeps what the page knows of the book up to date: a request waits at the server until something changes,
// and the answer holds only that. The first answer holds the first lines; the others follow in pieces.

const WAIT_S = 20;
const LATE_MS = 10000;
const RETRY_MS = [300, 700, 1500, 2500];
const LINES_AT_ONCE = 2000;
const FORGOTTEN = 410;

function pause(ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    window.addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function untilSeen() {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
  });
}

function unreachable(error) {
  return error instanceof TypeError || error instanceof SyntaxError || /^(Abort|Timeout)Error$/.test(error.name);
}

/** List the tabs that came without all their lines, the one that is shown first. */
function wanting(book, shown) {
  const found = book.sheets.filter((sheet) => sheet.chunks && sheet.size > 0);
  return found.sort((a, b) => (b.sheetId === shown) - (a.sheetId === shown));
}

/** Ask for the lines that a whole book came without; answers whether the server still had them. */
export async function completeLines(root, book, shown, onLines) {
  for (const { sheetId, size, chunks } of wanting(book, shown)) {
    const had = chunks.find(([start]) => start === 0)?.[1].length ?? 0;
    for (let start = had; start < size; start += LINES_AT_ONCE) {
      const query = new URLSearchParams({ revision: book.revision, sheet: sheetId, start, end: start + LINES_AT_ONCE });
      const options = { cache: "no-store", signal: AbortSignal.timeout(LATE_MS) };
      const response = await fetch(`${root}/state/lines?${query}`, options);
      if (response.status === FORGOTTEN) return false;
      if (!response.ok) throw new TypeError(`no lines ${response.status}`);
      onLines(sheetId, start, (await response.json()).lines);
      await pause(0);
    }
  }
  return true;
}

export class Feed {
  /**
   * `root` is the book's address. `page` gives who(), name(), place() ({sheet, row}) and settled(), a promise kept
   * once no step is on its way; it hears onChange(book), onLines(sheetId, start, lines), onLoaded(), onPeople(answer),
   * onReach(reached) and onGone().
   */
  constructor(root, page) {
    Object.assign(this, { root, page, revision: null, people: 0, failures: 0, waiting: null });
  }

  /** Begin; a page that nobody looks at asks for nothing. */
  start() {
    document.addEventListener("visibilitychange", () => document.hidden && this.waiting?.abort());
    this.run();
  }

  async run() {
    for (;;) {
      if (document.hidden && this.revision !== null) await untilSeen();
      const reached = await this.turn();
      this.failures = reached ? 0 : this.failures + 1;
      this.page.onReach(reached || document.hidden);
      if (!reached) await pause(RETRY_MS[Math.min(this.failures, RETRY_MS.length) - 1]);
    }
  }

  /** Ask once; answer whether the server was there. */
  async turn() {
    try {
      const response = await this.ask();
      if (response.status === 404) this.page.onGone();
      if (!response.ok) return false;
      await this.take(await response.json());
      return true;
    } catch (error) {
      if (!unreachable(error)) throw error;
      return false;
    }
  }

  ask() {
    const { sheet, row } = this.page.place();
    const query = new URLSearchParams({ who: this.page.who(), name: this.page.name(), people: this.people });
    // Once the server was away, the first answer must come at once, to say that it is back.
    const wait = this.failures || this.revision === null ? 0 : WAIT_S;
    if (this.revision !== null) query.set("since", this.revision);
    query.set("wait", wait);
    if (sheet !== null) query.set("sheet", sheet);
    if (row) query.set("row", row);
    return this.fetch(`state/changes?${query}`, wait * 1000 + LATE_MS);
  }

  fetch(path, ms) {
    this.waiting = new AbortController();
    const signal = AbortSignal.any([this.waiting.signal, AbortSignal.timeout(ms)]);
    return fetch(`${this.root}/${path}`, { cache: "no-store", signal });
  }

  /** Take an answer, not before the step on its way is known to be in it or not. */
  async take(answer) {
    await this.page.settled();
    this.people = answer.people;
    this.page.onPeople(answer);
    if (!answer.book) return;
    this.revision = answer.book.revision;
    this.page.onChange(answer.book);
    const shown = this.page.place().sheet;
    if (await completeLines(this.root, answer.book, shown, this.page.onLines)) this.page.onLoaded();
    else this.revision = null;
  }
}
