/* app.js: small behaviours of the workspace; everything important also works without it. */
import "./palette.js";
import "./keys.js";
import "./rows.js";
import "./menus.js";
import "./toasts.js";
import "./requests.js";
import "./switches.js";
import "./slides.js";
import "./passkeys.js";
import "./lookup.js";
