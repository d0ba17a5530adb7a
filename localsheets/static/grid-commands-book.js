// Commands on the book as a whole: its name, who may open it, its past.

import { askText } from "./grid-dialog.js";

async function rename(page) {
  if (page.history.refuses()) return;
  const title = await askText(page, "Renommer le classeur", { label: "Titre", value: page.book.title });
  if (title?.trim() && title.trim() !== page.book.title) page.act([{ type: "renameBook", title: title.trim() }]);
}

/** The commands by name: `label`, `run`, `keys`. */
export const BOOK_COMMANDS = {
  renameBook: { label: () => "Renommer le classeur…", run: rename },
  shareBook: { label: () => "Partager…", run: (page) => location.assign(`${page.link.root}/share`) },
  openHistory: { label: () => "Historique", keys: "Ctrl+Alt+Maj+H", run: (page) => page.history.open() },
  allBooks: { label: () => "Tous les classeurs", run: () => location.assign("/") },
};
