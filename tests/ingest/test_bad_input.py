"""Bad input by file, by API and by hand: a clear error that names the place, and nothing lost beside it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from core import time
from customers.models import AcquisitionCost, Payment
from customers.services.catalogue import cost_set
from customers.services.costs import cost_create
from metrics.models import Target
from tests import factories
from tests.ingest.files import csv_text, run_import

pytestmark = pytest.mark.django_db


@pytest.fixture
def next_month() -> dt.date:
    return (time.today().replace(day=1) + dt.timedelta(days=40)).replace(day=1)


def test_a_payment_for_an_unknown_customer_is_told_and_the_others_go_in(tmp_path):
    factories.customer(external_id="c1")
    content = csv_text("external_id,customer_external_id,amount", "p1,nobody,5", "p2,c1,6", "p3,c1,7")
    done = run_import(tmp_path, "payments", content)
    assert (done.code, done.counts()) == (1, (2, 0, 0, 1))
    assert done.err.startswith("line 2, customer_external_id: there is no customer “nobody”")
    assert "p1,nobody,5" in done.errors, "the row can be mended and imported again"
    assert Payment.objects.count() == 2


def test_a_cost_in_the_future_is_told_and_the_others_go_in(tmp_path, next_month):
    content = csv_text("month,category,amount", f"{next_month:%Y-%m},sales,5", "2025-01,sales,6")
    done = run_import(tmp_path, "costs", content)
    assert (done.code, done.counts()) == (1, (1, 0, 0, 1))
    assert "line 2, month:" in done.err and "has not begun yet" in done.err
    assert AcquisitionCost.objects.get().month == dt.date(2025, 1, 1)


def test_a_cost_in_the_future_is_refused_by_hand(admin, next_month):
    for write in (
        lambda: cost_create(actor=admin, month=next_month, category="sales", amount_cents=5),
        lambda: cost_set(actor=admin, month=next_month, category="sales", amount_cents=5),
    ):
        with pytest.raises(ValidationError, match="has not begun yet"):
            write()
    assert not AcquisitionCost.objects.exists()


def posted(client: Client, path: str, sent: dict[str, object]) -> dict[str, object]:
    """Send what is wrong and return the problem that comes back."""
    answer = client.post(f"/api/v1/{path}/", sent, content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem: dict[str, object] = answer.json()
    return problem


def test_the_api_names_the_field(admin, login, next_month):
    client = login(admin)
    assert "due_on" in str(posted(client, "targets", {"key": "mrr", "value": "5"}))
    assert "has not begun yet" in str(
        posted(client, "costs", {"month": f"{next_month}", "category": "sales", "amount": "5.00"})
    )
    assert "customer" in str(
        posted(client, "payments", {"customer": 0, "amount": "5.00", "paid_on": "2025-01-01"})
    )
    assert not (Target.objects.exists() or AcquisitionCost.objects.exists() or Payment.objects.exists())
