"""What a page must not do: break the content policy, write errors to the console, overflow, shut people out (axe)."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
COLLECT = """
window.zeloViolations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.zeloViolations.push(
    `${event.violatedDirective}: ${event.blockedURI || event.sourceFile}:${event.lineNumber}`));
"""
MISSING_ICONS = """
async () => {
  const uses = [...document.querySelectorAll("use[href]")].map((use) => use.getAttribute("href"));
  const sprites = {}, missing = new Set();
  for (const href of new Set(uses)) {
    const [file, id] = href.split("#");
    sprites[file] ??= await (await fetch(file)).text();
    if (!sprites[file].includes(`id="${id}"`)) missing.add(id);
  }
  return [...missing];
}
"""
OVERFLOW = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > room + 1)
    .slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className}`);
}
"""
RUN_AXE = """
async (rules) => {
  const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const result = await axe.run(document, { ...only, resultTypes: ["violations"] });
  return result.violations.map((v) =>
    `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).join(" | ")}`);
}
"""


def watch(context: BrowserContext) -> list[str]:
    """Prepare a context for `complaints`; the returned list fills with what its pages write to the console."""
    heard: list[str] = []
    context.add_init_script(COLLECT)
    context.add_init_script(path=str(AXE))
    context.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: heard.append(str(error.error)))
    return heard


def complaints(page: Page, *, axe_rules: list[str] | None = None) -> list[str]:
    """Return what is wrong with the page as it stands: policy, overflow, icons that the sprite lacks, axe."""
    found: list[Any] = [f"csp {text}" for text in page.evaluate("() => window.zeloViolations ?? []")]
    found += [f"overflow {text}" for text in page.evaluate(OVERFLOW)]
    found += [f"axe {text}" for text in page.evaluate(RUN_AXE, axe_rules)]
    return found


def missing_icons(page: Page) -> list[str]:
    """Return the icons that the page asks for and the sprite does not have."""
    return [f"icon {name}" for name in page.evaluate(MISSING_ICONS)]
