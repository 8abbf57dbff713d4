"""The pictures of the docs, taken from the demo company: `PICTURES=1 pytest tests/browser/test_pictures.py`."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count
from playwright.sync_api import BrowserContext

from accounts.models import User
from customers.models import Customer
from tests.browser.conftest import NARROW, ROOT

FOLDER = ROOT / "docs" / "pictures"
PICTURE = {"width": 1440, "height": 1100}
pytestmark = pytest.mark.skipif(
    os.environ.get("PICTURES") != "1", reason="writes docs/pictures only when asked to"
)


@pytest.mark.long
def test_take_the_pictures(open_context: Callable[..., BrowserContext], transactional_db: None) -> None:
    call_command("demo")
    analyst = User.objects.filter(role="analyst").order_by("pk")[0]
    User.objects.filter(pk=analyst.pk).update(
        theme="auto", language=os.environ.get("PICTURES_LANGUAGE", "pt-br")
    )
    talked_to = Customer.objects.filter(owner=analyst, archived_at=None).annotate(talks=Count("touchpoints"))
    customer = talked_to.order_by("-talks", "pk")[0]
    FOLDER.mkdir(parents=True, exist_ok=True)
    pages = {"portfolio": "/portfolio/", "customer": f"/customers/{customer.pk}/", "metrics": "/metrics/"}
    for name, path in pages.items():
        for suffix, scheme, size in (
            ("", "light", PICTURE),
            ("-dark", "dark", PICTURE),
            ("-mobile", "light", NARROW),
        ):
            page = open_context(analyst, color_scheme=scheme, viewport=size).new_page()
            answer = page.goto(path, wait_until="networkidle")
            assert answer is not None
            assert answer.ok
            picture = Path(FOLDER / f"{name}{suffix}.png")
            page.screenshot(path=str(picture), full_page=False)
            assert picture.stat().st_size > 10_000
