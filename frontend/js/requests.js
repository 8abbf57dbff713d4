/* htmx: 422 answers are swapped in (a form with its errors), a failed request says so, focus goes to the first error. */
import { all, one } from "./dom.js";
import { refreshRows } from "./rows.js";
import { armToasts, say } from "./toasts.js";

export function focusFirstError(within = document) {
  one("[aria-invalid=true]", within)?.focus();
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  refreshRows();
  armToasts();
  if (event.detail.xhr?.status === 422) focusFirstError(event.detail.elt);
});

const words = document.body.dataset;
document.addEventListener("htmx:sendError", () => say(words.offline));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401 || event.detail.xhr.status === 403) location.reload();
  else say(words.failed);
});

/* a select or box that asks for its form to be sent as soon as it changes; without script there is a button */
document.addEventListener("change", (event) => {
  const control = event.target.closest("[data-autosubmit]");
  if (control?.form) control.form.requestSubmit();
});

for (const element of all("[data-needs-script]")) element.hidden = false;
focusFirstError();
