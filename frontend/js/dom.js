/* Two short names for finding things, and when keys belong to a text field. */
export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const TEXT = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
export const typing = (target) => target instanceof Element && target.closest(TEXT) !== null;

/** Tell whether an event with modifier keys means something to the browser. */
export const modified = (event) => event.ctrlKey || event.metaKey || event.altKey;

/** Single-letter shortcuts can be switched off in the profile (WCAG 2.1.4). */
export const lettersOn = () => document.body.dataset.shortcuts !== "off";
