/* Toasts go after ten seconds (not while hovered or focused, and not errors); their cross closes them. */
import { all, one } from "./dom.js";

const LIFE = 10000;

function arm(toast) {
  if (toast.dataset.armed) return;
  toast.dataset.armed = "1";
  if (toast.hasAttribute("data-stays")) return;
  const held = () => toast.matches(":hover, :focus-within");
  const end = () => (held() ? setTimeout(end, 2000) : toast.remove());
  setTimeout(end, LIFE);
}

export const armToasts = () => all("#toasts > *").forEach(arm);

/** Show a sentence of our own, such as "You are offline". */
export function say(text) {
  const list = one("#toasts");
  if (!list) return;
  const toast = document.createElement("div");
  toast.className = "cs-toast";
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  list.append(toast);
  arm(toast);
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest(".cs-toast").remove();
});

armToasts();
