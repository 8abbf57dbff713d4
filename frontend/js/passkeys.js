/* django-allauth's scripts talk to the passkey; when that fails or is cancelled, we say so in the page. */
import { say } from "./toasts.js";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(document.body.dataset.passkeyFailed);
});
