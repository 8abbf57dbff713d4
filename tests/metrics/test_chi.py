"""The customer happiness index: what is learned, that it claims nothing of a few, and that it reads no future."""

import datetime as dt
from fractions import Fraction

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from config import pipeline
from customers.models import Contract, Customer, Milestone, Product, Subscription
from metrics import chi
from metrics.behaviours import Behaviour, Learned, index
from metrics.kpis import kpis
from metrics.models import ChiDay, CustomerDay, UsageDay
from metrics.periods import Period
from metrics.slices import EVERYBODY, Only
from tests import factories
from tests.nights import D, run

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 6, 30)


def test_the_example_of_the_definitions():
    weights = {("event", "report"): Fraction(4, 10), ("event", "export"): Fraction(1, 10)}
    assert index(weights, [("event", "report")]) == 80
    assert index(weights, []) == 0
    assert index({}, [("event", "report")]) is None


def test_a_behaviour_of_the_others_weighs_nothing_and_its_interval_is_told():
    less = Behaviour("event", "export", 2, 20, 30, 60)
    assert less.weight == 0 and not less.is_evidence
    more = Behaviour("event", "report", 18, 20, 12, 60)
    assert more.weight == Fraction(7, 10) and more.is_evidence
    assert more.limits is not None and 0.4 < more.limits[0] < 0.7 < more.limits[1]
    assert Learned(19, 61, (more,)).weights == {}
    assert Learned(20, 0, (more,)).mean is None


@pytest.fixture
def company():
    """Twenty customers that expanded in May, of whom eighteen report; sixty others, of whom twelve do."""
    Product.objects.create(product="Core", plan="Pro", feature="Reports", event="report")
    Product.objects.create(product="Core", plan="Pro", feature="Exports", event="export")
    Product.objects.create(product="Core", plan="Pro", feature="Approvals", event="approve")
    for n in range(80):
        customer = factories.customer(
            started_on=DAY - 200 * D, segment="mid" if n % 2 else "volume", segment_by="hand"
        )
        end = DAY - 40 * D if n < 20 else None
        factories.subscription(
            customer, starts_on=DAY - 200 * D, ends_on=end, mrr_cents=10_000, product="Core", plan="Pro"
        )
        if n < 20:
            factories.subscription(customer, starts_on=end, mrr_cents=20_000, product="Core", plan="Pro")
        if n < 18 or 20 <= n < 32:
            factories.usage(customer, day=DAY - 3 * D, event="report")
        if n < 4:
            factories.usage(customer, day=DAY - 2 * D, event="export")
        if n % 20 == 0:
            Milestone.objects.create(customer=customer, milestone="Live", reached_on=DAY - 9 * D)
    run(DAY - 60 * D, DAY)
    return Customer.objects.order_by("pk")


def by_name(found: Learned) -> dict[str, tuple[int, int]]:
    return {one.name: (one.hits, one.other_hits) for one in found.behaviours}


def test_it_is_learned_from_what_customers_that_expanded_or_renewed_do(company):
    found = chi.learn(DAY)
    assert (found.successful, found.rest) == (20, 60)
    assert by_name(found) == {"report": (18, 12), "export": (4, 0), "half": (4, 0), "Live": (1, 3)}
    assert {name: weight for (_kind, name), weight in found.weights.items()} == {
        "report": Fraction(7, 10),
        "export": Fraction(1, 5),
        "half": Fraction(1, 5),
    }
    assert float(found.mean or 0) == pytest.approx(100 * (30 * 0.7 + 8 * 0.2) / (80 * 1.1))


def test_a_renewal_known_by_the_day_is_a_success_and_later_ones_are_not(company):
    other = company[79]
    factories.contract(other, external_id="old", starts_on=DAY - 380 * D, ends_on=DAY - 20 * D)
    before = chi.learn(DAY).successful
    new = factories.contract(other, starts_on=DAY - 20 * D, ends_on=DAY + 340 * D, signed_on=DAY + D)
    assert chi.learn(DAY).successful == before
    Contract.objects.filter(pk=new.pk).update(signed_on=DAY)
    assert chi.learn(DAY).successful == before + 1


def test_the_figure_has_history_and_slices_that_add_up(company):
    assert kpis(first=DAY, end=DAY + D, keys=["chi"])["rows"][0]["values"]["chi"] is None
    pipeline.finish(["telling"])
    told = kpis(first=DAY - D, end=DAY + D, grain="day", keys=["chi"])["rows"]
    assert [row["values"]["chi"] is not None for row in told] == [True, True]
    whole = told[-1]["values"]["chi"]
    assert whole == pytest.approx(100 * (30 * 0.7 + 8 * 0.2) / (80 * 1.1))
    period = Period(DAY, DAY + D)
    parts = chi.read([period], "segment", EVERYBODY, DAY)
    assert {part for _period, part in parts} == {"mid", "volume"}
    shown = sum(one.shown for one in parts.values())
    assert shown == pytest.approx(chi.read([period], None, EVERYBODY, DAY)[period, None].shown)
    assert sum(one.customers for one in parts.values()) == 80
    mid = chi.read([period], None, Only(segment="mid"), DAY)[period, None]
    assert (mid.customers, mid.shown) == (40, parts[period, "mid"].shown)


def test_with_too_few_that_succeeded_it_claims_nothing(company):
    CustomerDay.objects.filter(customer=company[0]).update(
        mrr_expansion_cents=0, mrr_upsell_cents=0, mrr_cents=F("opening_mrr_cents")
    )
    pipeline.finish(["telling"])
    row = kpis(first=DAY, end=DAY + D, keys=["chi"])["rows"][0]
    assert row["values"]["chi"] is None
    assert "there are 19" in row["notes"]["chi"]


def test_nights_keep_what_was_learned_and_keep_it_anew_when_restated(company):
    pipeline.finish(["telling"])
    kept = ChiDay.objects.get(day=DAY)
    assert chi.learned(DAY) == chi.learn(DAY)
    days = set(ChiDay.objects.values_list("day", flat=True))
    assert days >= {*(DAY - n * D for n in range(31)), dt.date(2024, 5, 5), dt.date(2024, 5, 31)}
    assert dt.date(2024, 5, 14) not in days
    factories.usage(company[79], day=DAY, event="report")
    run(DAY)
    assert chi.due()
    pipeline.finish(["telling"])
    again = ChiDay.objects.get(day=DAY)
    assert again.computed_at > kept.computed_at
    assert by_name(chi.learned(DAY))["report"] == (18, 13)


@pytest.mark.parametrize("back", [1, 5, 17])
def test_nobody_reads_the_future(company, back):
    last = DAY - back * D
    before = chi.learn(last)
    assert before.successful == 20
    UsageDay.objects.filter(day__gt=last).delete()
    Milestone.objects.filter(reached_on__gt=last).delete()
    Milestone.objects.create(customer=company[40], milestone="Later", reached_on=last + D)
    CustomerDay.objects.filter(day__gt=last).delete()
    for customer in company[40:60]:
        factories.contract(
            customer, external_id=f"a{customer.pk}", starts_on=last - 365 * D, ends_on=last - D
        )
        factories.contract(
            customer,
            starts_on=last,
            ends_on=last + 365 * D,
            signed_on=last + D,
            renews_external_id=f"a{customer.pk}",
        )
    Subscription.objects.create(customer=company[41], external_id="x", starts_on=last + D, mrr_cents=99_000)
    assert chi.learn(last) == before


def test_the_report_tells_what_it_was_learned_from_in_a_fixed_number_of_queries(company, login, analyst):
    team = login(analyst)
    with CaptureQueriesContext(connection) as first:
        shown = team.get("/metrics/chi/behaviours/").content.decode()
    assert "report" in shown and "18 of 20" in shown and "12 of 60" in shown and "More than chance" in shown
    for n in range(30):
        Milestone.objects.create(customer=company[n], milestone=f"Step {n}", reached_on=DAY)
    with CaptureQueriesContext(connection) as more:
        assert "Step 29" in team.get("/metrics/chi/behaviours/").content.decode()
    assert len(more) <= len(first)
    assert "of 100" in team.get(f"/metrics/chi/behaviours/?day={DAY - 3 * D}").content.decode()
    assert "behaviours it was learned from" in team.get("/metrics/chi/").content.decode()


def test_few_customers_and_the_first_morning_are_said_plainly(login, analyst):
    team = login(analyst)
    assert "Known after the first night" in team.get("/metrics/chi/behaviours/").content.decode()
    factories.subscription(factories.customer(), starts_on=DAY - 9 * D, mrr_cents=100)
    run(DAY)
    assert "No index: fewer than 20" in team.get("/metrics/chi/behaviours/").content.decode()


def test_the_api_tells_the_same(company, login, analyst):
    team = login(analyst)
    told = team.get(f"/api/v1/behaviours/?date={DAY}").json()
    assert (told["successful"], told["rest"], told["day"]) == (20, 60, "2024-06-30")
    assert told["chi"] == pytest.approx(float(chi.learn(DAY).mean or 0))
    best = told["behaviours"][0]
    assert (best["name"], best["successful"], best["rest"], best["evidence"]) == ("report", 18, 12, True)
    assert best["weight"] == pytest.approx(0.7) and best["low"] < 0.7 < best["high"]
    assert team.get("/api/v1/behaviours/?date=x").status_code == 400
