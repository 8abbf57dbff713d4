"""Signing in as people do: password, authenticator app, passkey; all under the strict content policy."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from tests.browser.company import PASSWORD, Company
from tests.browser.watch import complaints, watch

Open = Callable[..., BrowserContext]


def sign_in(page: Page, user: User, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def confirm(page: Page) -> None:
    """Give the password once more: a page that changes how one signs in asks for it."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    assert not complaints(page)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page) -> None:
    page.locator(".cs-me summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()


def codes_of(secret: str) -> list[str]:
    """Return the codes around now; each is accepted once."""
    return [format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()]


@pytest.fixture
def page(open_context: Open, company: Company) -> Page:
    """A signed-out page in English."""
    context = open_context(locale="en-GB")
    watch(context)
    return context.new_page()


def test_password_opens_my_day(page: Page, company: Company) -> None:
    sign_in(page, company.admin)
    expect(page).to_have_url(re.compile(r":\d+/$"))
    expect(page.locator(".cs-me")).to_contain_text("Ana Prado")


def test_a_wrong_password_keeps_the_address_and_says_so(page: Page, company: Company) -> None:
    sign_in(page, company.admin, "not the password")
    expect(page.get_by_label("Email")).to_have_value(company.admin.email)
    expect(page.get_by_role("alert")).to_be_visible()
    assert not complaints(page)


def test_an_authenticator_app_can_be_set_up_and_is_then_asked_for(
    page: Page, company: Company, settings: Any
) -> None:
    settings.MFA_TOTP_TOLERANCE = 1
    sign_in(page, company.admin)
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page)
    secret = page.locator("#secret").input_value()
    assert page.locator("img.cs-qr").evaluate("image => image.naturalWidth") > 0
    page.locator("#id_code").fill(codes_of(secret)[0])
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("main")).to_contain_text("Recovery codes")
    wrong = complaints(page)
    sign_out(page)

    sign_in(page, company.admin)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    wrong += complaints(page)
    page.locator("#id_code").fill(codes_of(secret)[-1])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))
    assert not wrong, "\n".join(wrong)


def test_a_passkey_can_be_added_used_renamed_and_removed(page: Page, company: Company) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    sign_in(page, company.admin)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    page.locator("#id_name").fill("Laptop")
    page.locator("#id_passwordless").check()
    page.get_by_role("button", name="Read the key and add it").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto("/accounts/2fa/webauthn/")
    wrong = complaints(page)
    page.get_by_role("link", name="Rename Laptop").click()
    wrong += complaints(page)
    page.locator("#id_name").fill("Work laptop")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Work laptop")
    sign_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove Work laptop").click()
    confirm(page)
    wrong += complaints(page)
    page.get_by_role("button", name="Remove the key").click()
    expect(page.locator("main")).not_to_contain_text("Work laptop")
    assert not wrong, "\n".join(wrong)


def test_a_cancelled_passkey_says_so_and_leaves_the_password(page: Page, company: Company) -> None:
    page.goto("/accounts/login/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("#toasts")).to_contain_text("The passkey was not read")
    expect(page.get_by_label("Password")).to_be_visible()


def test_joining_is_by_invitation(page: Page) -> None:
    page.goto("/accounts/signup/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Joining is by invitation")
