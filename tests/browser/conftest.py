"""A real Chromium against a live server: one browser for the whole run, a fresh context for each test."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from accounts.models import User
from tests.browser.company import Company, small_company

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


ONE_IN = 1 if connection.vendor == "sqlite" else 4  # what a browser shows is the same on every database


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark everything in this folder as needing the browser, which on a busy machine may come too late once.

    On the second database a sample is run.
    """
    here = [item for item in items if Path(str(item.fspath)).parent == Path(__file__).parent]
    for item in here:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.flaky(reruns=1))
    if left_out := set(here) - set(here[::ONE_IN]):
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def built() -> None:
    """See that `npm run build` has been run; `make test` does it."""
    for name in ("app.css", "app.js", "charts.js", "icons.svg"):
        if not (ROOT / "static" / "build" / name).exists():
            pytest.fail(f"static/build/{name} is missing: run `npm ci && npm run build` first.")


@pytest.fixture(scope="session")
def browser(built: None) -> Iterator[Browser]:
    """Start the system's Chromium once."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; in CI the browser tests are not skipped.")
        pytest.skip("Chromium is missing; `python scripts/chromium.py` says how to get it.")
    # Playwright keeps an event loop in this thread, which Django would take for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def company(transactional_db: None) -> Company:
    """One of everything that has a page."""
    return small_company()


@pytest.fixture
def open_context(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a browser context, signed in as somebody or as nobody."""
    contexts: list[BrowserContext] = []

    def open_one(user: User | None = None, **options: Any) -> BrowserContext:
        options.setdefault("viewport", WIDE)
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        if user is not None:
            context.add_cookies([signed_in_cookie(user, live_server.url)])
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Return a function that opens a page, signed in as somebody or as nobody."""

    def open_one(user: User | None = None, **options: Any) -> Page:
        return open_context(user, **options).new_page()

    return open_one


def signed_in_client(user: User) -> Client:
    """Return a client whose session knows that the password was given just now."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session  # what allauth writes when it asks for the password once more
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def signed_in_cookie(user: User, url: str) -> Any:
    """Return the session cookie of a person, without going through the sign-in page."""
    value = signed_in_client(user).cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}
