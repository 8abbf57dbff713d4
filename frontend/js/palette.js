/* The command palette: Ctrl/⌘ K or "/"; arrows walk through the results. Without script the button is a link to the search page. */
import { all, lettersOn, modified, one, typing } from "./dom.js";

const dialog = one("#palette");

export const paletteIsOpen = () => dialog !== null && dialog.open;

function open() {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  one("input", dialog).select();
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links = all("a, button:not([type=submit])", one("[data-palette-results]", dialog));
  if (!step || !links.length) return;
  event.preventDefault();
  const next = links.indexOf(document.activeElement) + step;
  if (next < 0) one("input", dialog).focus();
  else links[Math.min(next, links.length - 1)].focus();
}

if (dialog) {
  dialog.addEventListener("keydown", walk);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener("click", (event) => {
    if (modified(event) || !event.target.closest("[data-open=palette]")) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    const chord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && lettersOn() && !modified(event) && !typing(event.target);
    if (!chord && !slash) return;
    event.preventDefault();
    open();
  });
}
