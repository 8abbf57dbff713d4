"""What the frame does: theme, palette, keys, menus, selection; and that pages work without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.company import Company
from tests.browser.conftest import NARROW
from tests.browser.watch import complaints, watch

Open = Callable[..., BrowserContext]


@pytest.fixture
def page(open_context: Open, company: Company) -> Page:
    """The portfolio of the admin, who reads English."""
    context = open_context(company.admin)
    watch(context)
    page = context.new_page()
    page.goto("/portfolio/")
    return page


def test_the_chosen_theme_is_kept(page: Page, company: Company) -> None:
    with page.expect_response("**/profile/theme/"):
        page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    company.admin.refresh_from_db()
    assert company.admin.theme == "dark"
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_palette_finds_a_customer_by_keyboard_alone(page: Page, company: Company) -> None:
    page.keyboard.press("Control+k")
    box = page.get_by_label("Search customers, people, pages and actions")
    expect(box).to_be_focused()
    page.keyboard.type("vale verde")
    expect(page.locator("#palette-results")).to_contain_text("Transportadora Vale Verde")
    assert not complaints(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/customers/{company.customer.pk}/"))


def test_single_letters_move_through_rows_and_can_be_switched_off(page: Page, company: Company) -> None:
    page.keyboard.press("j")
    expect(page.locator("[data-rows] tbody tr").first.locator("a").first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-rows] tbody tr").first).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-bulk]")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    assert not complaints(page)

    company.admin.shortcuts = False
    company.admin.save(update_fields=["shortcuts"])
    page.goto("/portfolio/")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_hidden()


def test_a_menu_closes_with_escape_and_gives_the_focus_back(page: Page) -> None:
    summary = page.locator(".cs-me summary")
    summary.click()
    assert not complaints(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".cs-me .dropdown-item").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".cs-me .dropdown-menu")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_menu_of_a_row_is_not_cut_off(page: Page) -> None:
    row = page.locator("[data-rows] tbody tr").last
    row.locator("details.cs-menu summary").click()
    menu = row.locator(".dropdown-menu").bounding_box()
    size = page.viewport_size
    assert menu is not None
    assert size is not None
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= size["width"]
    assert menu["y"] + menu["height"] <= size["height"]


def test_the_sidebar_opens_on_a_phone(page: Page) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    expect(page.locator("#sidebar")).to_be_hidden()
    page.get_by_role("button", name="Open menu").click()
    expect(page.locator("#sidebar").get_by_role("link", name="Settings")).to_be_visible()
    assert not complaints(page)


def test_a_failed_request_is_said(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.route("**/search/**", lambda route: route.abort())
    page.keyboard.type("vale")
    expect(page.locator("#toasts")).to_contain_text("You seem to be offline")


class TestWithoutScript:
    """JavaScript is off: every way is a link or a form."""

    @pytest.fixture
    def plain(self, open_context: Open, company: Company) -> Page:
        return open_context(company.admin, java_script_enabled=False).new_page()

    def test_the_portfolio_can_be_searched(self, plain: Page) -> None:
        plain.goto("/portfolio/")
        plain.locator("input[name=q]").first.fill("vale")
        plain.locator("input[name=q]").first.press("Enter")
        expect(plain).to_have_url(re.compile("q=vale"))
        expect(plain.locator("main")).to_contain_text("Transportadora Vale Verde")
        expect(plain.locator("main")).not_to_contain_text("Óticas Boa Vista")

    def test_a_filter_can_be_added_and_taken_away(self, plain: Page) -> None:
        plain.goto("/portfolio/")
        plain.locator("#add-filter summary").click()
        plain.locator("#add-filter").get_by_role("link", name="Stage").click()
        plain.get_by_label("Onboarding").first.check()
        plain.locator("form:has(input[type=checkbox][value=onboarding]) button[type=submit]").first.click()
        expect(plain.locator("main")).not_to_contain_text("Transportadora Vale Verde")
        plain.get_by_role("link", name=re.compile("Remove filter")).click()
        expect(plain.locator("main")).to_contain_text("Transportadora Vale Verde")

    def test_the_search_button_leads_to_a_page(self, plain: Page) -> None:
        plain.goto("/portfolio/")
        plain.locator(".cs-search-btn").click()
        expect(plain).to_have_url(re.compile("/search/"))
        plain.locator("main input[name=q]").fill("vale")
        plain.locator("main input[name=q]").press("Enter")
        expect(plain.locator("main")).to_contain_text("Transportadora Vale Verde")

    def test_the_sidebar_is_reached_on_a_phone(self, plain: Page) -> None:
        plain.set_viewport_size(NARROW)  # type: ignore[arg-type]
        plain.goto("/portfolio/")
        plain.get_by_role("button", name="Open menu").click()
        expect(plain.locator("#sidebar").get_by_role("link", name="Settings")).to_be_visible()

    def test_the_theme_can_be_changed_and_one_can_sign_out(self, plain: Page) -> None:
        plain.goto("/portfolio/")
        plain.get_by_role("button", name="Switch between light and dark").click()
        expect(plain.locator("html")).to_have_attribute("data-bs-theme", "dark")
        plain.locator(".cs-me summary").click()
        plain.get_by_role("button", name="Sign out").click()
        expect(plain).to_have_url(re.compile("/accounts/login/"))


def test_a_customer_is_looked_up_while_typing_and_chosen_by_keyboard(page: Page, company: Company) -> None:
    page.goto(f"/customers/{company.second.pk}/edit/")
    field = page.get_by_role("combobox", name="Parent company")
    field.press_sequentially("vale ver")
    option = page.get_by_role("option", name="Transportadora Vale Verde")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    page.keyboard.press("Enter")
    expect(field).to_have_value(f"Transportadora Vale Verde ({company.customer.external_id})")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert not complaints(page)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(f"/customers/{company.second.pk}/$"))
    company.second.refresh_from_db()
    assert company.second.parent == company.customer
