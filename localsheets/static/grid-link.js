// The only module that talks to the server: it asks for the state, and sends steps one at a time, in order.
// A step is {path, actions, revision, sentAt}: revision is null until the server has answered,
// sentAt is the book's revision when it was first sent.

import { bodyOf, findApplied, logAddress } from "./grid-settle.js";

const POLL_MS = 700;
const RETRY_MS = [500, 1000, 2000, 4000];
const TIMEOUT_MS = 20000;
const KEEPALIVE_LENGTH = 15000;
const GONE = "Ce classeur n’existe plus ou n’est pas accessible.";

/** What the status line says in each situation. */
export const STATUS = {
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

export class Link {
  /** `root` is the book's address; the listeners are onState, onStatus, onAccepted, onRefused, onGone. */
  constructor(root, listeners) {
    this.root = root;
    this.listeners = listeners;
    this.queue = [];
    this.sending = false;
    this.polling = false;
    this.offline = false;
    this.revision = null;
    this.latest = 0;
    this.storageKey = `localsheets:${root}`;
  }

  /** Begin to poll; polling rests while the page is hidden. */
  start() {
    document.addEventListener("visibilitychange", () => !document.hidden && this.poll());
    window.addEventListener("online", () => this.poll());
    window.addEventListener("beforeunload", (event) => this.offline && this.queue.length && event.preventDefault());
    window.addEventListener("pagehide", () => this.keep(this.queue));
    this.tick();
  }

  async tick() {
    const started = performance.now();
    if (!document.hidden) await this.poll();
    // A very large book must not keep the page busy: the pause grows with the cost of a poll.
    setTimeout(() => this.tick(), Math.max(POLL_MS, 4 * (performance.now() - started)));
  }

  /** Ask for the state once. A state asked for before a step was sent is thrown away: it may hold half of it. */
  async poll() {
    if (this.sending || this.polling) return;
    this.polling = true;
    try {
      const since = this.revision === null ? "" : `?since=${this.revision}`;
      const options = { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) };
      const response = await fetch(`${this.root}/state${since}`, options);
      const state = response.status === 200 ? await response.json() : null;
      this.hear(response, state);
    } catch (error) {
      this.lost(error);
    } finally {
      this.polling = false;
    }
  }

  hear(response, state) {
    if (response.status >= 500) return this.setOffline(true);
    this.setOffline(false);
    if (response.status >= 400) return this.listeners.onGone(GONE);
    if (!state || this.sending) return undefined;
    this.revision = state.revision;
    return this.listeners.onState(state);
  }

  lost(error) {
    const unreachable = error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError";
    if (!unreachable && !(error instanceof SyntaxError)) throw error;
    this.setOffline(true);
  }

  /** Add a step to what must be sent. */
  push(step) {
    this.queue.push(step);
    this.report();
    this.drain();
  }

  async drain() {
    if (this.sending) return;
    this.sending = true;
    let failures = 0;
    while (this.queue.length) {
      const settled = await this.send(this.queue[0]);
      failures = settled ? 0 : failures + 1;
      if (settled) this.queue.shift();
      this.report();
      if (!settled) await wait(RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]);
    }
    this.sending = false;
    this.poll();
  }

  /** Send one step; answer whether it is settled: accepted, or refused for good. */
  async send(step) {
    try {
      const applied = await this.alreadyApplied(step);
      if (applied) this.accepted(step, applied);
      else await this.judge(step, await this.post(step));
      this.offline = false;
      return true;
    } catch (error) {
      this.lost(error);
      return false;
    }
  }

  async judge(step, response) {
    if (response.status >= 500) throw new TypeError(`server error ${response.status}`);
    if (response.ok) this.accepted(step, await response.json());
    else this.listeners.onRefused(step, await refusalOf(response));
  }

  /** Look in the log for a step whose answer was lost; null for a step that was never sent. */
  async alreadyApplied(step) {
    if (step.sentAt === undefined) {
      step.sentAt = Math.max(this.latest, this.revision ?? 0);
      return null;
    }
    const response = await fetch(logAddress(this.root), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new TypeError(`no log ${response.status}`);
    return findApplied(await response.json(), step, step.sentAt);
  }

  post(step) {
    const body = JSON.stringify(bodyOf(step));
    return fetch(`${this.root}/${step.path}`, {
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
    this.latest = Math.max(this.latest, answer.revision);
    this.listeners.onAccepted(step);
  }

  setOffline(offline) {
    this.offline = offline;
    this.report();
  }

  /** Publish the status; what cannot be sent now also survives a reload of the page. */
  report() {
    this.keep(this.offline ? this.queue : []);
    this.listeners.onStatus(this.offline ? "offline" : this.queue.length ? "saving" : "saved");
  }

  keep(steps) {
    if (steps.length) sessionStorage.setItem(this.storageKey, JSON.stringify(steps));
    else sessionStorage.removeItem(this.storageKey);
  }

  /** Give back the steps that an earlier view of this page could not send. */
  leftOver() {
    const kept = JSON.parse(sessionStorage.getItem(this.storageKey) ?? "[]");
    return kept.map((step) => ({ ...step, revision: null }));
  }
}
