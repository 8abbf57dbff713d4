/* Loaded in <head>, before the first paint. The server renders `data-bs-theme` from the person's profile;
   signed-out pages have no profile, so the last choice of this browser serves there. */
const root = document.documentElement;
const KEY = "zelo-theme";

if (!root.hasAttribute("data-theme-known")) {
  let stored = null;
  try {
    stored = localStorage.getItem(KEY);
  } catch {
    /* storage may be blocked */
  }
  if (stored === "dark" || stored === "light") root.setAttribute("data-bs-theme", stored);
}

window.zeloTheme = (value) => {
  if (value === "auto") root.removeAttribute("data-bs-theme");
  else root.setAttribute("data-bs-theme", value);
  try {
    localStorage.setItem(KEY, value);
  } catch {
    /* storage may be blocked */
  }
  document.dispatchEvent(new CustomEvent("zelo:theme"));
};
