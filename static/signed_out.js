// A sign-in that ends while the page is open: what is typed stays, and leaves after the next one.
// Goes with app.js, whose names it uses.
"use strict";

let signedOut = false;
const renewed = new WeakSet();

const changed = (field) => {
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
};

const somethingTyped = () =>
  document.querySelector("main :is([data-typed], .unsent, .saving, [aria-invalid=true])") !== null ||
  [...document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea)")].some(changed);

const renew = (html) => {
  const box = document.createElement("template");
  box.innerHTML = html;
  const token = box.content.querySelector("[name=csrf_token]")?.value;
  if (token) document.querySelectorAll("[name=csrf_token]").forEach((field) => { field.value = token; });
  signedOut = false;
  document.getElementById("signed-out").hidden = true;
};

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, xhr } = event.detail;
  const form = elt.closest("form[data-saves]");
  if (signedOut && isPoll(event) && xhr.status === 200) renew(xhr.responseText);
  // Signed in again before this page noticed: its token is an old one, and is renewed once for each form.
  const oldToken = xhr.status === 400 && form && !renewed.has(form);
  if (oldToken) renewed.add(form);
  if (!oldToken && (xhr.status !== 401 || !form && !somethingTyped())) return;
  event.preventDefault();
  signedOut = true;
  if (form) keep(form);
  if (xhr.status === 401) document.getElementById("signed-out").hidden = false;
});
