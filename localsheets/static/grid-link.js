// Sends steps one at a time, in order, each until the server has answered, whatever happens in between.
// A step is {path, actions, revision, step, base}: revision is null until the server has answered, `step` names it
// so that the server applies it once even when it is sent again, base is the book's revision it was made on.

const RETRY_MS = [300, 700, 1500, 2500];
const TIMEOUT_MS = 20000;
const KEEPALIVE_LENGTH = 15000;
const GONE = "Ce classeur n’existe plus ou n’est pas accessible.";

/** What the status line says in each situation. */
export const STATUS = {
  loading: "Chargement…",
  saved: "Enregistré",
  saving: "Enregistrement…",
  offline: "Hors connexion : vos saisies sont gardées et seront envoyées",
};

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function refusalOf(response) {
  if (response.status === 404) return GONE;
  try {
    return (await response.json()).error || `Le serveur a refusé (${response.status}).`;
  } catch (error) {
    if (error instanceof SyntaxError) return `Le serveur a refusé (${response.status}).`;
    throw error;
  }
}

function unreachable(error) {
  return error instanceof TypeError || /^(Abort|Timeout)Error$/.test(error.name);
}

export class Link {
  /** `root` is the book's address; `me()` gives {who, name}; listeners are onStatus, onAccepted, onRefused. */
  constructor(root, me, listeners) {
    Object.assign(this, { root, me, listeners, queue: [], posting: null, loaded: false, failing: false, away: false });
    this.storageKey = `localsheets:${root}`;
  }

  start() {
    window.addEventListener("beforeunload", (event) => this.offline && this.queue.length && event.preventDefault());
    window.addEventListener("pagehide", () => this.keep(this.queue));
  }

  get offline() {
    return this.failing || this.away;
  }

  /** Hear whether the server answers those who listen for changes. */
  reached(reached) {
    this.away = !reached;
    this.report();
  }

  /** Wait until the step being sent, if any, is settled. */
  settled() {
    return this.posting ?? Promise.resolve();
  }

  /** Add a step to what must be sent. */
  push(step) {
    step.step ??= crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    this.queue.push(step);
    this.report();
    if (this.posting === null) this.drain();
  }

  async drain() {
    while (this.queue.length) {
      this.posting = this.settle(this.queue[0]);
      await this.posting;
      this.queue.shift();
      this.posting = null;
      this.report();
    }
  }

  async settle(step) {
    for (let failures = 0; !(await this.send(step)); failures += 1) {
      step.again = true;
      this.report();
      await wait(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    }
  }

  /** Send one step; answer whether it is settled: accepted, or refused for good. */
  async send(step) {
    try {
      const response = await this.post(step);
      if (response.status >= 500) throw new TypeError(`server error ${response.status}`);
      if (response.ok) this.accepted(step, await response.json());
      else this.listeners.onRefused(step, await refusalOf(response));
      this.failing = false;
      return true;
    } catch (error) {
      if (!unreachable(error) && !(error instanceof SyntaxError)) throw error;
      this.failing = true;
      return false;
    }
  }

  post({ path, actions, step, base, again }) {
    const body = JSON.stringify({ ...(actions.length ? { actions } : {}), step, base, again, ...this.me() });
    return fetch(`${this.root}/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
      // A step being sent outlives the page; browsers refuse that to long ones.
      keepalive: body.length < KEEPALIVE_LENGTH,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }

  accepted(step, answer) {
    step.revision = answer.revision;
    this.listeners.onAccepted(step, answer.said);
  }

  /** Publish the status; what cannot be sent now also survives a reload of the page. */
  report() {
    this.keep(this.offline ? this.queue : []);
    const quiet = this.loaded ? "saved" : "loading";
    this.listeners.onStatus(this.offline ? "offline" : this.queue.length ? "saving" : quiet);
  }

  keep(steps) {
    if (steps.length) sessionStorage.setItem(this.storageKey, JSON.stringify(steps));
    else sessionStorage.removeItem(this.storageKey);
  }

  /** Give back the steps that an earlier view of this page could not send. */
  leftOver() {
    const kept = JSON.parse(sessionStorage.getItem(this.storageKey) ?? "[]");
    return kept.map((step) => ({ ...step, revision: null, again: true }));
  }
}
