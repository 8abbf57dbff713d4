"""The Metrics pages with figures on them: drawn, clean in both themes and widths, and usable by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.company import Company
from tests.browser.test_every_page import look_at
from tests.browser.watch import watch
from tests.workspace.metrics_data import DAY, finish_nights, first_of_month, pays


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], company: Company, heard: list[str]) -> Page:
    """Two customers paid for 15 months; one of them left in the last whole month."""
    begin, month = first_of_month(15), first_of_month(1)
    finish_nights(begin)
    for name, moved in (("Grows", 1_300_000), ("Leaves", 0)):
        customer = factories.customer(name=name, segment="mid", owner=company.analyst, started_on=begin)
        pays(customer, (begin, 1_000_000), (month + 9 * DAY, moved))
    context = open_context(company.admin)
    watch(context)
    page = context.new_page()
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    return page


@pytest.mark.parametrize("url", ["/metrics/", "/metrics/nrr/", "/metrics/mrr/?by=owner&n=24&grain=quarter"])
def test_pages_with_figures_are_clean(page: Page, heard: list[str], url: str) -> None:
    wrong = look_at(page, url, heard)
    assert not wrong, "\n".join(wrong)


def test_the_waterfall_and_the_retention_lines_are_drawn_and_stand_as_tables(page: Page) -> None:
    page.goto("/metrics/")
    expect(page.locator("#moves svg text").filter(has_text="Opening")).to_be_attached()
    expect(page.locator("#retention svg path").first).to_be_attached()
    page.get_by_text("Show as table").first.click()
    expect(page.get_by_role("table").first).to_contain_text("−R$\u00a010,000")


def test_days_of_ones_own_are_chosen_with_the_keyboard(page: Page) -> None:
    month = first_of_month(1)
    page.goto("/metrics/")
    page.locator("summary", has_text=str(month.year)).first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("From", exact=True).fill(str(month))
    page.get_by_label("To, included").fill(str(month + 6 * DAY))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("first="))
    expect(page.get_by_role("article").first).to_contain_text("R$\u00a020,000")


def test_a_full_board_asks_which_figure_goes(page: Page) -> None:
    page.goto("/metrics/arpa/")
    page.get_by_role("button", name="Add to my board").click()
    page.get_by_role("button", name="Add “Quick ratio” to my board").click()
    expect(page.get_by_role("heading", name="Which one goes?")).to_be_visible()
    page.get_by_role("radio", name="Expansion").check()
    page.get_by_role("button", name="Exchange them").click()
    board = page.get_by_role("region", name="My board")
    expect(board).to_contain_text("Quick ratio")
    expect(board).not_to_contain_text("Expansion")
