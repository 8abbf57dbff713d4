"""Every kind of file goes in, comes out as it was, and does nothing the second time."""

import datetime as dt

import pytest

from customers.models import AttributeDefinition, Contact, Customer, CustomerHistory, Subscription, Ticket
from ingest.parsers.catalogue import KINDS
from metrics.models import UsageEvent
from surveys.models import Response
from tests import factories
from tests.ingest.files import FILES, run_import

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(db):
    AttributeDefinition.objects.create(key="size", label="Size", kind="number")
    return factories.user(email="ana@zelo.test")


def test_there_is_a_file_for_every_kind():
    assert list(FILES) != [] and set(FILES) == set(KINDS)


def test_every_kind_is_taken_whole_and_changes_nothing_the_second_time(ana, tmp_path):
    for kind, content in FILES.items():
        rows = content.count("\n") - 1
        first = run_import(tmp_path, kind, content)
        assert (first.code, first.counts()) == (0, (rows, 0, 0, 0)), (kind, first.err, first.out)
        second = run_import(tmp_path, kind, content)
        assert (second.code, second.counts()) == (0, (0, 0, rows, 0)), (kind, second.err, second.out)


def test_what_a_file_says_is_what_is_stored(ana, tmp_path):
    for kind, content in FILES.items():
        run_import(tmp_path, kind, content)
    acme, beta = Customer.objects.get(external_id="c1"), Customer.objects.get(external_id="c2")
    assert (acme.segment, acme.segment_by, acme.stage, acme.owner) == ("mid", "file", "ongoing", ana)
    assert acme.attributes == {"size": "10.5"}
    assert (acme.parent, beta.referred_by) == (beta, acme)
    assert sorted(acme.tags.values_list("name", flat=True)) == ["big", "north"]
    rosa = Contact.objects.get(email="rosa@acme.com")
    assert (rosa.role, rosa.active_until) == ("champion", dt.date(2026, 1, 1))
    spans = Subscription.objects.order_by("starts_on").values_list("mrr_cents", "ends_on")
    assert list(spans) == [(123456, dt.date(2025, 6, 1)), (150000, None)]
    assert Ticket.objects.get().contact == rosa
    assert sorted(Response.objects.values_list("survey", "score")) == [("csat", 4), ("csat", 4), ("nps", 9)]
    assert sorted(UsageEvent.objects.values_list("count", flat=True)) == [1, 1, 2]


def test_history_replaces_our_guess_and_the_customers_own_row_holds_from_its_arrival(ana, tmp_path):
    for kind in ("customers", "history"):
        run_import(tmp_path, kind, FILES[kind])
    acme = Customer.objects.get(external_id="c1")
    rows = CustomerHistory.objects.filter(customer=acme, field="segment", superseded_at__isnull=True)
    came = acme.created_at.astimezone(dt.UTC).date()
    told = list(rows.order_by("valid_from").values_list("valid_from", "value"))
    assert told[:2] == [(dt.date(2025, 1, 2), "volume"), (dt.date(2025, 6, 1), "mid")]
    assert told[2][1] == "mid" and abs((told[2][0] - came).days) <= 1
