/* The theme button, dialogs opened by a button, and secrets that can be copied. */
import { all, one } from "./dom.js";

function isDark() {
  const chosen = document.documentElement.dataset.bsTheme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/* the form tells the server; the page need not wait for it */
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form) return;
  event.preventDefault();
  const next = isDark() ? "light" : "dark";
  window.zeloTheme(next);
  const body = new FormData(form);
  body.set("theme", next);
  fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
});

/* the sidebar is a dialog only while it lies over the page; then it needs a name */
document.addEventListener("show.bs.offcanvas", ({ target }) => target.setAttribute("aria-label", target.dataset.label));
document.addEventListener("hidden.bs.offcanvas", ({ target }) => target.removeAttribute("aria-label"));

for (const button of all("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = one(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    const label = one("span", button) ?? button;
    label.textContent = button.dataset.copied;
  });
}

/* one file field may show the chosen name in a drop area */
for (const area of all("[data-drop]")) {
  const input = one("input[type=file]", area);
  const name = one("[data-drop-name]", area);
  const show = () => {
    if (name && input.files.length) name.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  input.addEventListener("change", show);
  for (const kind of ["dragover", "dragleave", "drop"])
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      area.classList.toggle("is-over", kind === "dragover");
      if (kind !== "drop") return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
}
