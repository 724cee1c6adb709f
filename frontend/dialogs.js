// Buttons open dialogs by `command` and `commandfor`, which newer browsers do by themselves; this serves the others.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!(dialog instanceof HTMLDialogElement)) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close();
  });
}

// A click on the ground beside a dialog closes it.
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.open && "closeOutside" in event.target.dataset) {
    event.target.close();
  }
});

// What htmx put into a dialog is shown by opening it, and a form there that was taken closes it.
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.target.closest?.("dialog[data-opens-filled]");
  if (dialog && !dialog.open) dialog.showModal();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-closes]");
  if (form && event.target === form && event.detail.successful) document.getElementById(form.dataset.closes)?.close();
});

// Menus made of <details class="dropdown"> close on Escape, on a click elsewhere, and when focus leaves them.
const menus = () => document.querySelectorAll("details.dropdown[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusin", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// Whatever submits when it changes (language, filters, sort) is a form with a button for those without script.
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-submit-on-change]");
  field?.form?.requestSubmit();
});

// After an error the reader starts at the first field that is wrong (modules run when the page is parsed).
document.querySelector("main form[method=post] [aria-invalid=true]:not(fieldset)")?.focus();
