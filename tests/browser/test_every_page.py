"""Every page, wide and narrow, light and dark: no breach of the content policy, nothing axe minds, no overflow."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from tests.browser.company import Company
from tests.browser.conftest import NARROW, WIDE, signed_in_client
from tests.browser.pages import not_described, pages
from tests.browser.watch import complaints, missing_icons, watch

COLOURS = ["color-contrast", "link-in-text-block"]  # what changes with the theme; the document is the same
LAYOUT = [*COLOURS, "scrollable-region-focusable"]  # what changes with the width
ONE_IN = 1 if connection.vendor == "sqlite" else 8  # a document is the same on every database
Look = tuple[dict[str, int], str, list[str] | None]
LOOKS: list[Look] = [(WIDE, "light", None), (NARROW, "light", LAYOUT), (NARROW, "dark", COLOURS)]
ALL_LOOKS: list[Look] = [
    (size, theme, rules) for size in (WIDE, NARROW) for theme, rules in (("light", None), ("dark", COLOURS))
]


def set_theme(page: Page, theme: str) -> None:
    page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)


def look_at(page: Page, url: str, heard: list[str], looks: list[Look] = LOOKS) -> list[str]:
    """Return what is wrong with one page in these looks."""
    heard.clear()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(url, wait_until="load")
    wrong = missing_icons(page)
    for size, theme, rules in looks:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        set_theme(page, theme)
        wrong += [f"{size['width']} {theme}: {text}" for text in complaints(page, axe_rules=rules)]
    return [f"{url} {text}" for text in [*wrong, *(f"console {text}" for text in heard)]]


@pytest.mark.parametrize(("share", "shares"), [(0, 2), (1, 2)])
def test_pages_for_people_are_clean(
    open_context: Callable[..., BrowserContext], company: Company, share: int, shares: int
) -> None:
    urls, wrong = pages(signed_in_client(company.admin), company)
    context = open_context(company.admin)
    heard = watch(context)
    page = context.new_page()
    for url in urls[share :: shares * ONE_IN]:
        wrong += look_at(page, url, heard)
    assert urls
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
def test_pages_for_people_are_clean_by_every_rule_at_both_widths(
    open_context: Callable[..., BrowserContext], company: Company
) -> None:
    urls, wrong = pages(signed_in_client(company.admin), company)
    context = open_context(company.admin)
    heard = watch(context)
    page = context.new_page()
    for url in urls:
        wrong += look_at(page, url, heard, ALL_LOOKS)
    print(f"{len(urls)} pages in {len(ALL_LOOKS)} looks")
    assert not wrong, "\n".join(wrong)


def test_pages_for_nobody_are_clean(open_context: Callable[..., BrowserContext], company: Company) -> None:
    urls, wrong = pages(Client(), company)
    context = open_context()
    heard = watch(context)
    page = context.new_page()
    for url in urls:
        wrong += look_at(page, url, heard)
    assert "/accounts/login/" in urls
    assert not wrong, "\n".join(wrong)


def test_every_address_has_an_example(company: Company) -> None:
    missing = not_described(signed_in_client(company.admin), company)
    assert not missing, f"say in tests/browser/pages.py with which arguments to look at: {', '.join(missing)}"


@pytest.mark.parametrize("path", ["/nothing-here/", "/customers/999999/"])
def test_not_found_is_a_page_of_ours(
    open_context: Callable[..., BrowserContext], company: Company, path: str
) -> None:
    context = open_context(company.analyst)
    watch(context)
    page = context.new_page()
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404
    assert page.locator("h1").count() == 1
    assert not complaints(page)
