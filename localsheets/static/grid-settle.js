// When the answer to a step was lost, nobody knows whether the server applied it: its log is asked
// before the step is sent again, so that a row is never inserted twice.

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** Give what is sent for a step. */
export function bodyOf(step) {
  return step.actions.length ? { actions: step.actions } : {};
}

/** Find, in the log of a book, the entry of a step sent when the book was at revision `since`; null if none. */
export function findApplied(log, step, since) {
  const wanted = JSON.stringify(sorted(bodyOf(step)));
  const same = (entry) =>
    entry.revision > since &&
    entry.actor === "grille" &&
    entry.kind === step.path &&
    JSON.stringify(sorted(entry.request)) === wanted;
  return log.find(same) ?? null;
}

/** Give the address of the log of the book that has this root. */
export function logAddress(root) {
  return `/_control/log?book=${encodeURIComponent(root.split("/").pop())}`;
}
