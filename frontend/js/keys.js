/* Keys: g + letter goes to a page, j/k move through the rows, x selects; a link or button may name its own
   letter with data-key; "?" shows the help. */
import { all, lettersOn, modified, one, typing } from "./dom.js";
import { paletteIsOpen } from "./palette.js";

let before = "";

function move(key) {
  const rows = all("[data-rows] tbody tr");
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  if (key === "x") {
    if (at >= 0) one("input[type=checkbox]", rows[at])?.click();
    return;
  }
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + (key === "j" ? 1 : -1)))];
  one("a", next)?.focus();
}

document.addEventListener("keydown", (event) => {
  if (!lettersOn() || modified(event) || typing(event.target) || paletteIsOpen() || one("dialog[open]")) return;
  const key = event.key;
  if (before === "g") {
    before = "";
    const link = one(`[data-go="${CSS.escape(key)}"]`);
    if (link) link.click();
    return;
  }
  before = key === "g" ? "g" : "";
  if (key === "?") one("#keys-help")?.showModal();
  else if (/^[jkx]$/.test(key)) move(key);
  else if (/^[a-z]$/.test(key) && key !== "g") {
    const target = one(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  }
});
