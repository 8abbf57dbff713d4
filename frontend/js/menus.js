/* <details class="cs-menu">: closes on Esc, on a click elsewhere and when another opens; arrows walk; and
   inside a scrolling table the menu is placed on the window so that it is not cut off. */
import { all, one } from "./dom.js";

const OPEN = "details.cs-menu[open]";

function close(menu, refocus = false) {
  menu.open = false;
  if (refocus) one("summary", menu).focus();
}

function place(menu) {
  const list = one(".dropdown-menu", menu);
  if (!list || !menu.closest(".cs-scroll-x")) return;
  const button = menu.getBoundingClientRect();
  const room = window.innerHeight - button.bottom;
  list.style.position = "fixed";
  list.style.insetInlineEnd = `${document.documentElement.clientWidth - button.right}px`;
  list.style.top = room > list.offsetHeight + 8 ? `${button.bottom + 4}px` : `${button.top - list.offsetHeight - 4}px`;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof Element) || !menu.matches(OPEN)) return;
  for (const other of all(OPEN)) if (other !== menu && !other.contains(menu)) close(other);
  place(menu);
}, true);

document.addEventListener("click", (event) => {
  for (const menu of all(OPEN)) if (!menu.contains(event.target)) close(menu);
});

document.addEventListener("scroll", () => {
  for (const menu of all(`.cs-scroll-x ${OPEN}`)) close(menu);
}, { capture: true, passive: true });

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(OPEN);
  if (!menu) return;
  if (event.key === "Escape") return close(menu, true);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const items = all(".dropdown-item", menu);
  if (!step || !items.length || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
});
