/* <input data-lookup="address">: offers what matches while one types (a combobox with a list of its own).
   Without script the field takes the same text by hand. */
import { all } from "./dom.js";

const WAIT = 150;
const SHORTEST = 2;

class Lookup {
  constructor(input, number) {
    this.input = input;
    this.list = document.createElement("ul");
    this.list.id = `lookup-${number}`;
    this.list.className = "cs-lookup-list";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.lookupList);
    this.said = document.createElement("span");
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    this.arm();
  }

  arm() {
    const box = document.createElement("div");
    box.className = "cs-lookup";
    this.input.replaceWith(box);
    box.append(this.input, this.list, this.said);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]])
      this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
  }

  later() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const text = this.input.value.trim();
    if (text.length < SHORTEST) this.close();
    else this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    this.asked = new AbortController();
    const address = new URL(this.input.dataset.lookup, location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { signal: this.asked.signal, headers: { Accept: "application/json" } });
      if (answer.ok && document.activeElement === this.input) this.show((await answer.json()).found);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // what was typed still stands and can be sent
    }
  }

  show(found) {
    const { lookupNone, lookupSome } = this.input.dataset;
    this.said.textContent = found.length ? lookupSome.replace("%(n)s", found.length) : lookupNone;
    this.list.replaceChildren(...(found.length ? found.map((one, at) => this.option(one, at)) : [this.none(lookupNone)]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.mark(null);
  }

  option({ value, name, note }, at) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${at}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.value = value;
    const label = document.createElement("span");
    label.textContent = name;
    const about = document.createElement("small");
    about.textContent = [value.slice(name.length + 2, -1), note].filter(Boolean).join(" · ");
    item.append(label, about);
    return item;
  }

  none(text) {
    const item = document.createElement("li");
    item.className = "cs-lookup-none";
    item.setAttribute("role", "presentation");
    item.textContent = text;
    return item;
  }

  press(event) {
    if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      return this.close();
    }
    const options = all("[role=option]", this.list);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.list.hidden || !options.length) return;
    if (step) {
      event.preventDefault();
      const from = options.indexOf(this.marked);
      const next = from < 0 && step < 0 ? options.length - 1 : from + step;
      this.mark(options[(next + options.length) % options.length]);
    } else if (event.key === "Enter" && this.marked) {
      event.preventDefault();
      this.take(this.marked);
    }
  }

  mark(option) {
    this.marked?.setAttribute("aria-selected", "false");
    this.marked = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  take(option) {
    if (!option) return;
    this.input.value = option.dataset.value;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.mark(null);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}

for (const [number, input] of all("input[data-lookup]").entries()) {
  const focused = document.activeElement === input;
  new Lookup(input, number);
  if (focused) input.focus(); // moving a field takes its focus away
}
