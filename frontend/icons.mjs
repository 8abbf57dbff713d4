/* The icon sprite: only the icons that templates and Python name, and those listed in icons.txt. */
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const SKIP = new Set(["node_modules", "static", "staticfiles", "var", "docs", "tests", "bench", "frontend", "locale"]);
const TAG = /\{%\s*icon\s+"([a-z0-9-]+)"/g; // {% icon "phone" %}
const LITERAL = /"((?:f-)?[a-z][a-z0-9-]+)"/g; // in a Python file that speaks of icons: any word that is one

async function* sources(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || SKIP.has(entry.name)) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(full);
    else if (/\.(html|py|svg)$/.test(entry.name)) yield full;
  }
}

const fileOf = (icons, name) =>
  name.startsWith("f-") ? path.join(icons, "filled", `${name.slice(2)}.svg`) : path.join(icons, "outline", `${name}.svg`);
const exists = (icons, name) => existsSync(fileOf(icons, name));

/** Return icon name → the file that asks for it first. */
async function wanted(root, icons) {
  const names = new Map();
  const list = await readFile(path.join(root, "frontend/icons.txt"), "utf8");
  for (const line of list.split("\n")) {
    const name = line.replace(/#.*/, "").trim();
    if (name) names.set(name, "frontend/icons.txt");
  }
  for await (const file of sources(root)) {
    const text = await readFile(file, "utf8");
    const python = file.endsWith(".py");
    if (python && !/icon/i.test(text)) continue;
    for (const [, name] of text.matchAll(python ? LITERAL : TAG))
      if (!names.has(name) && (!python || exists(icons, name))) names.set(name, path.relative(root, file));
  }
  return names;
}

async function symbol(icons, name, from) {
  const filled = name.startsWith("f-");
  if (!exists(icons, name)) throw new Error(`${from} names the icon "${name}", which @tabler/icons does not have.`);
  const text = await readFile(fileOf(icons, name), "utf8");
  const shapes = text.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s+/g, " ").trim();
  const paint = filled ? 'fill="currentColor" stroke="none"'
    : 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${shapes}</symbol>`;
}

export async function writeSprite({ root, icons, file }) {
  const names = [...(await wanted(root, icons))].sort(([a], [b]) => (a < b ? -1 : 1));
  const symbols = await Promise.all(names.map(([name, from]) => symbol(icons, name, from)));
  await writeFile(file, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}
