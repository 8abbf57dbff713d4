"""Charts are drawn under the strict content policy, follow the theme and the width, and show their numbers."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.company import Company
from tests.browser.conftest import NARROW
from tests.browser.watch import complaints, watch


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def page(
    open_context: Callable[..., BrowserContext], company: Company, settings: Any, heard: list[str]
) -> Page:
    settings.ROOT_URLCONF = "tests.browser.chart_page"
    context = open_context(company.admin)
    context.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    watch(context)
    page = context.new_page()
    page.goto("/charts/")
    expect(page.locator("#revenue svg path").first).to_be_attached()
    expect(page.locator("#features svg path").first).to_be_attached()
    return page


def line_colour(page: Page) -> str | None:
    return page.locator('#revenue svg path[fill="none"][stroke-width="2"]').first.get_attribute("stroke")


def test_are_drawn_without_breaking_the_policy(page: Page, heard: list[str]) -> None:
    page.locator("#revenue").hover()
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    expect(page.locator("#features svg")).to_be_attached()
    assert not complaints(page)
    assert not heard


def test_follow_the_theme(page: Page) -> None:
    light = line_colour(page)
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function(
        'was => document.querySelector(\'#revenue svg path[fill="none"][stroke-width="2"]\')'
        "?.getAttribute('stroke') !== was",
        arg=light,
    )
    assert line_colour(page) != light


def test_have_their_numbers_as_a_table(page: Page) -> None:
    page.get_by_text("Show as table").click()
    table = page.get_by_role("table")
    expect(table).to_contain_text("R$ 300")
    expect(table).to_contain_text("—")
