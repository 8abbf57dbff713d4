/* Sliders beside number fields (score lab): they move together, and the sum follows. */
import { all } from "./dom.js";

const field = (slide) => slide.form && slide.form.elements.namedItem(slide.dataset.slides);

function total(form) {
  const sum = form.querySelector("[data-lab-sum]");
  if (!sum) return;
  const weights = all("[data-slides]", form).map(field).filter(Boolean);
  sum.textContent = weights.reduce((all, one) => all + (parseFloat((one.value || one.placeholder).replace(",", ".")) || 0), 0).toFixed(1);
}

function show() {
  for (const slide of all("[data-slides]")) slide.hidden = false;
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
else show();

document.addEventListener("input", (event) => {
  const slide = event.target.closest("[data-slides]");
  if (slide) {
    const number = field(slide);
    if (number) number.value = slide.value;
  } else if (event.target.name && event.target.name.startsWith("w:")) {
    const own = all("[data-slides]", event.target.form).find((one) => one.dataset.slides === event.target.name);
    if (own) own.value = event.target.value || event.target.placeholder;
  }
  if (event.target.form) total(event.target.form);
});
