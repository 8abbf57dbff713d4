/* Builds everything the browser loads into static/build/ (git-ignored). Run by `npm run build`.
   A build is repeatable: same sources, same lock file, same bytes. */
import { build } from "esbuild";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { writeSprite } from "./icons.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const out = path.join(root, "static", "build");
const work = `${out}.new`;
const modules = path.join(root, "node_modules");
const common = { bundle: true, minify: true, legalComments: "none", logLevel: "warning", charset: "utf8" };

/** Copy a finished file of a package, without the pointer to a source map that we do not ship. */
async function vendor(from, to) {
  const text = await readFile(path.join(modules, from), "utf8");
  await writeFile(path.join(work, to), text.replace(/\/[*/][#@] sourceMappingURL=.*$/m, ""));
}

await rm(work, { recursive: true, force: true });
await mkdir(work, { recursive: true });

await Promise.all([
  build({
    ...common,
    entryPoints: { app: path.join(here, "css/app.css"), survey: path.join(here, "css/survey.css") },
    outdir: work,
    nodePaths: [modules],
    loader: { ".woff2": "file" },
    assetNames: "fonts/[name]",
  }),
  build({
    ...common,
    entryPoints: ["theme", "app", "charts"].map((name) => path.join(here, `js/${name}.js`)),
    outdir: work,
    nodePaths: [modules],
    format: "iife",
    target: "es2020",
  }),
  vendor("@tabler/core/dist/css/tabler.min.css", "tabler.css"),
  vendor("@tabler/core/dist/js/tabler.min.js", "tabler.js"),
  writeSprite({ root, icons: path.join(modules, "@tabler/icons/icons"), file: path.join(work, "icons.svg") }),
]);

/* swapped in at the end, so that a server never sees half a build */
await rm(out, { recursive: true, force: true });
await rename(work, out);
