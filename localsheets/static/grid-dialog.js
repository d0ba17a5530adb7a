// Small windows that ask for something. The dialog element keeps the keyboard inside and gives it back.

function button(label, value, kind = "submit") {
  const made = document.createElement("button");
  made.type = kind;
  made.value = value;
  made.textContent = label;
  return made;
}

/** Open a window on `content`; resolves to true when it is confirmed, and gives the keyboard back to the grid. */
export function openDialog(page, title, content, confirm = "Valider") {
  const { dialog } = page.dom;
  const form = document.createElement("form");
  form.method = "dialog";
  const heading = document.createElement("h2");
  heading.textContent = title;
  heading.id = "dialog-title";
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  const cancel = button("Annuler", "", "button");
  cancel.addEventListener("click", () => dialog.close(""));
  buttons.append(cancel, button(confirm, "yes"));
  form.append(heading, ...content, buttons);
  dialog.replaceChildren(form);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        page.editor.focus();
        resolve(dialog.returnValue === "yes");
      },
      { once: true },
    );
  });
}

function field(lines, value) {
  const made = document.createElement(lines > 1 ? "textarea" : "input");
  if (lines > 1) made.rows = lines;
  made.value = value;
  made.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) made.form.requestSubmit(made.form.querySelector("button[value='yes']"));
  });
  return made;
}

/** Ask for a text; resolves to null when it is given up. */
export async function askText(page, title, { label, value, lines = 1, help = "" }) {
  const given = field(lines, value);
  const named = document.createElement("label");
  named.append(label, given);
  const hint = document.createElement("p");
  hint.textContent = help;
  const opened = openDialog(page, title, help ? [named, hint] : [named]);
  given.focus();
  given.select();
  return (await opened) ? given.value : null;
}
