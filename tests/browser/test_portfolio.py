"""The portfolio in a real browser: keyboard, selecting, bulk change and undo, filters without a page load."""

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from tests import factories
from tests.workspace.portfolio_data import customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(open_page, transactional_db) -> Page:
    boss = factories.user(role="manager", language="en", name="Beatriz Amaral")
    for n in range(20):
        key = "abcdefghijklmnopqrst"[n]  # no digit: the tests search by those of the name
        customer(name=f"Customer {n:02}", external_id=key, segment="mid" if n % 2 else "volume", mrr=100_000)
    opened: Page = open_page(boss)
    opened.goto("/portfolio/")
    return opened


def test_keys_move_through_the_rows_select_and_open(page):
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("tbody tr[aria-selected=true]")).to_have_count(1)
    expect(page.locator("[data-bulk-n]")).to_have_text("1")
    expect(page.locator("[data-bulk-sum]")).to_have_text("R$\u00a01,000")
    page.locator("tbody a.cs-link-plain").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Customer 01")
    page.wait_for_load_state()  # keys are heard once the scripts are there
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.locator("h1")).to_have_text("Portfolio")
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()


def test_all_in_the_view_are_moved_and_one_undo_brings_them_back(page):
    page.locator("thead input[type=checkbox]").check()
    expect(page.locator("[data-bulk-n]")).to_have_text("15")
    page.locator("[data-bulk-all]").check()
    expect(page.locator("[data-bulk-n]")).to_have_text("20")
    page.locator(".cs-bulk summary", has_text="Stage").click()
    page.get_by_role("button", name="Support").click()
    expect(page.locator("#toasts")).to_contain_text("20 customers moved to Support")
    assert Customer.objects.filter(stage="support").count() == 20
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back.")
    assert not Customer.objects.filter(stage="support").exists()


def test_a_filter_narrows_without_loading_the_page_anew(page):
    page.evaluate("window.sameDocument = true")
    page.locator("#add-filter summary").click()
    page.locator("#add-filter").get_by_role("link", name="Segment").click()
    page.locator(".cs-filter-editor").get_by_label("Mid").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".cs-chip")).to_contain_text("Segment is Mid")
    expect(page.locator("#portfolio-sum")).to_contain_text("This view: 10 customers")
    assert "segment=mid" in page.url
    page.locator("#portfolio-q").fill("customer 07")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator(".cs-chip-x").click()
    expect(page.locator(".cs-chip")).to_have_count(0)
    assert page.evaluate("window.sameDocument") is True


def test_the_palette_finds_a_customer(page):
    page.keyboard.press("Control+k")
    page.locator("#palette input").type("customer 13")
    expect(page.locator("#palette-results a").first).to_contain_text("Customer 13")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Customer 13")


def test_without_script_everything_is_a_link_or_a_form(open_page, transactional_db):
    boss = factories.user(role="manager", language="en")
    made = customer(name="Alone", stage="onboarding")
    customer(name="Beside")
    page = open_page(boss, java_script_enabled=False)
    page.goto("/portfolio/")
    page.get_by_label("Select Alone").check()
    page.locator(".cs-bulk summary", has_text="Stage").click()
    page.get_by_role("button", name="Support").click()
    expect(page.locator("body")).to_contain_text("1 customer moved to Support")
    made.refresh_from_db()
    assert made.stage == "support"
