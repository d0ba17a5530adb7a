// A button that copies a text: it only shows where the browser can.
"use strict";

document.querySelectorAll("button[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      // Not allowed here: the text is selected, a key away from being copied.
      text.focus();
      text.select();
      return;
    }
    button.textContent = button.dataset.copied;
    document.getElementById("announce").textContent = button.dataset.copied;
  });
});
