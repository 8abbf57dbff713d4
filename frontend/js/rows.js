/* Selecting rows: the box in the head selects the page, the bar at the bottom says how many and how much. */
import { all, one } from "./dom.js";

const boxes = (table) => all("tbody input[type=checkbox]", table);

function refresh(table) {
  const every = boxes(table);
  const chosen = every.filter((box) => box.checked);
  for (const box of every) box.closest("tr").setAttribute("aria-selected", String(box.checked));
  const head = one("thead input[type=checkbox]", table);
  if (head) {
    head.checked = chosen.length > 0;
    head.indeterminate = chosen.length > 0 && chosen.length < every.length;
  }
  const bar = one("[data-bulk]", table.closest("form, section") ?? document);
  if (!bar) return;
  const whole = one("[data-bulk-all]", bar);
  if (whole && chosen.length < every.length) whole.checked = false;
  bar.hidden = chosen.length === 0;
  const count = one("[data-bulk-n]", bar);
  if (count) count.textContent = whole?.checked ? whole.dataset.count : chosen.length;
  const sum = one("[data-bulk-sum]", bar);
  if (sum) {
    const own = chosen.reduce((total, box) => total + Number(box.dataset.cents || 0), 0);
    const cents = whole?.checked ? Number(whole.dataset.cents) : own;
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });
    sum.textContent = (sum.dataset.sign || "R$\u00a0") + number.format(cents / 100);
  }
}

document.addEventListener("change", (event) => {
  const table = event.target.closest("[data-rows]");
  if (!table || event.target.type !== "checkbox") return;
  if (event.target.closest("thead")) for (const box of boxes(table)) box.checked = event.target.checked;
  refresh(table);
});

/* "All 31 in this view" also ticks the page, so that one sees what is meant */
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-bulk-all]")) return;
  const table = one("[data-rows]", event.target.form ?? document);
  if (event.target.checked) for (const box of boxes(table)) box.checked = true;
  refresh(table);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-bulk-clear]")) return;
  for (const table of all("[data-rows]")) {
    for (const box of all("input[type=checkbox]", table)) box.checked = false;
    refresh(table);
  }
});

export const refreshRows = () => all("[data-rows]").forEach(refresh);
refreshRows();
