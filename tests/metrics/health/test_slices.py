"""The four-way split of slices and the portfolio: the same as the mean of the customers' own, and exact."""

import datetime as dt
import json

import numpy as np
import pytest

from core import time
from metrics.health import cards, explain, overrides, slice_split
from metrics.models import CustomerDay, HealthDay, HealthOverride, HealthPulse
from metrics.services.scorecards import draft_publish, draft_save
from tests import factories
from tests.nights import D, run
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

FIRST, SECOND = dt.date(2024, 6, 10), dt.date(2024, 6, 30)


@pytest.fixture
def company(monkeypatch, admin):
    """Nine customers of three segments with tickets, answers, pulses, overrides, and a new scorecard in between."""
    monkeypatch.setattr(time, "today", lambda: SECOND - 5 * D)
    start = FIRST - 400 * D
    factories.ticket(
        factories.customer(archived_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC)),
        opened_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    )
    for n in range(9):
        customer = factories.customer(
            name=f"C{n}", started_on=start, segment=["volume", "mid", ""][n % 3], segment_by="hand"
        )
        factories.subscription(customer, starts_on=start, ends_on=FIRST + n * D, mrr_cents=10_000)
        factories.subscription(customer, starts_on=FIRST + n * D, mrr_cents=8000 + 1000 * n)
        if n % 2:
            opened = dt.datetime(2024, 6, 5 + 2 * n, tzinfo=dt.UTC)
            factories.ticket(customer, opened_at=opened, due_at=opened + D)
        if n == 4:
            HealthPulse.objects.create(
                customer=customer, score=2000, reason="x", set_on=FIRST + D, expires_on=SECOND + 9 * D
            )
        if n in (5, 6):
            HealthOverride.objects.create(
                customer=customer,
                score=3000 * (n - 4),
                reason="x",
                set_on=FIRST - D if n == 5 else SECOND - D,
                expires_on=FIRST + D if n == 5 else SECOND + D,
            )
    definition = json.loads(json.dumps(cards.published()[0].version.definition))
    definition["factors"].append("pulse")
    definition["cells"][""]["pulse"] = {
        "weight": 1500,
        "curve": [[0, 0], [100_000, 10_000]],
        "fresh_for": None,
    }
    definition["edges"][""] = {"known": 3000}
    definition["cells"]["segment=mid"] = {"trouble": {"weight": 3000}}
    draft_save(actor=admin, definition=definition)
    draft_publish(actor=admin, note="More")
    monkeypatch.setattr(time, "today", lambda: SECOND + D)
    run(FIRST - D, FIRST)
    run(SECOND - D, SECOND)


def test_a_slice_moves_as_its_customers_do_and_the_parts_sum_exactly(company):
    found = slice_split.moved(FIRST, SECOND)
    each = explain.of_many(found.customer.tolist(), FIRST, SECOND)
    assert set(each) == set(found.customer.tolist())
    assert len(each) == 9
    for n, key in enumerate(found.customer.tolist()):
        alone = slice_split.mean(found, found.customer == key)
        assert alone is not None
        assert alone.total == each[key].total == found.after[n] - found.before[n]
        assert alone.causes == each[key].causes
        assert alone.parts == each[key].parts
    whole, theirs = slice_split.mean(found), explain.mean(list(each.values()))
    assert whole is not None
    assert theirs is not None
    assert whole.total == theirs.total
    for split in (whole, *(one for _n, one in slice_split.by_slice(found, "segment").values())):
        assert sum(split.causes.values()) == split.total
        assert {key: sum(of.values()) for key, of in split.parts.items()} == dict(split.causes)
    assert all(abs(whole.causes[key] - theirs.causes[key]) <= 1 for key in whole.causes)
    assert whole.causes["human"]
    assert whole.causes["configuration"]
    assert whole.causes["behaviour"]
    assert {name: n for name, (n, _one) in slice_split.by_slice(found, "segment").items()} == {
        "": 3,
        "volume": 3,
        "mid": 3,
    }


def test_owners_split_the_portfolio_as_their_customers_do(company, analyst):
    CustomerDay.objects.filter(day=SECOND, customer__name__in=["C1", "C2", "C5"]).update(owner_id=analyst.pk)
    found = slice_split.moved(FIRST, SECOND)
    owners = slice_split.by_owner(found, SECOND)
    assert {key: count for key, (count, _split) in owners.items()} == {None: 6, analyst.pk: 3}
    mine = [n for n, key in enumerate(found.customer.tolist()) if owner_of(key) == analyst.pk]
    mask = np.isin(np.arange(len(found.customer)), mine)
    assert owners[analyst.pk][1] == slice_split.mean(found, mask)
    for _count, split in owners.values():
        assert sum(split.causes.values()) == split.total
    assert slice_split.by_owner(slice_split.moved(FIRST - 90 * D, SECOND), SECOND) == {}


def owner_of(customer_id):
    return CustomerDay.objects.get(day=SECOND, customer=customer_id).owner_id


def test_the_heavy_part_of_the_page_is_loaded_by_itself_and_by_a_link_without_script(company, login, analyst):
    CustomerDay.objects.filter(day=SECOND, customer__name="C1").update(owner_id=analyst.pk)
    team = login(analyst)
    page = team.get("/portfolio/health/").content.decode()
    assert 'hx-get="/portfolio/health/moves/"' in page and "Fell the most" not in page
    whole = team.get(f"/portfolio/health/moves/?from={FIRST}&to={SECOND}").content.decode()
    assert (
        "Mix over time" in whole
        and "Fell the most" in whole
        and analyst.name in whole
        and "No owner" in whole
    )
    part = team.get("/portfolio/health/moves/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'id="movement"' in part


def test_without_two_days_there_is_nothing_to_tell(company):
    nothing = slice_split.moved(FIRST - 90 * D, SECOND)
    assert slice_split.mean(nothing) is None
    assert slice_split.by_slice(nothing, "stage") == {}
    some = slice_split.moved(FIRST, SECOND, among=slice_split.moved(FIRST, SECOND).customer.tolist()[:2])
    assert len(some.customer) == 2
    assert np.all(np.diff(some.customer) > 0)


def test_the_page_shows_mix_slices_movers_and_the_two_days_in_a_fixed_number_of_queries(
    company, client, admin
):
    client.force_login(admin)
    seen = client.get(f"/portfolio/health/?from={FIRST}&to={SECOND}").content.decode()
    for text in ("Mix over time", "9 customers with a band on both days", "score set by hand", "C5"):
        assert text in seen, text
    assert client.get("/portfolio/health/?from=x&to=2031-01-01").status_code == 200

    def more(count: int) -> None:
        row = HealthDay.objects.filter(day=SECOND).first()
        assert row is not None
        for _n in range(count):
            customer = factories.customer()
            CustomerDay.objects.create(day=SECOND, customer=customer)
            HealthDay.objects.create(
                day=SECOND,
                customer=customer,
                version=row.version,
                own=5000,
                score=5000,
                low=1,
                high=9000,
                band=2,
            )

    assert_constant_queries(client, f"/portfolio/health/?from={FIRST}&to={SECOND}", more)


def test_the_page_works_before_the_first_night(client, analyst):
    client.force_login(analyst)
    assert "Known after the first night" in client.get("/portfolio/health/").content.decode()


def test_scores_set_by_hand_are_judged_by_the_90_days_after(db):
    version = cards.published()[0].version
    last = dt.date(2024, 6, 30)

    def said(score: int, then: int, later: int, *, age: int = 100, left: bool = False) -> None:
        customer = factories.customer()
        day = last - age * D
        for at, own in ((day, then), (day + 20 * D, later)):
            HealthDay.objects.create(
                day=at, customer=customer, version=version, own=own, score=own, low=own, high=own, band=1
            )
        HealthOverride.objects.create(
            customer=customer, score=score, reason="x", set_on=day, expires_on=day + 30 * D
        )
        if left:
            CustomerDay.objects.create(
                day=day + 30 * D, customer=customer, opening_mrr_cents=100, mrr_cents=0, mrr_churn_cents=100
            )

    said(3000, 8000, 5500)
    said(3000, 8000, 5600)
    said(3000, 8000, 9000, left=True)
    said(9000, 5000, 7000)
    said(9000, 5000, 7000, left=True)
    said(5040, 5000, 9000)
    said(1000, 5000, 1000, age=89)
    found = overrides.accuracy(last)
    assert (found.lower, found.higher) == (overrides.Judged(2, 3), overrides.Judged(1, 2))
    assert (found.still_open, found.both.share) == (1, 0.6)
    assert overrides.accuracy(last, []).both.interval is None


def test_the_customers_page_compares_any_two_days_and_rolls_up_its_children(company, client, admin):
    client.force_login(admin)
    parent, child = HealthDay.objects.filter(day=SECOND, band__gt=0).select_related("customer")[:2]
    child.customer.parent = parent.customer
    child.customer.save()
    days = f"health_from={SECOND - D}&health_to={SECOND}"
    seen = client.get(f"/customers/{parent.customer_id}/?{days}").content.decode()
    assert "in 1 day" in seen
    assert f'value="{SECOND - D}"' in seen
    assert "by MRR; lowest:" in seen
    assert (
        client.get(f"/customers/{parent.customer_id}/?health_from=x&health_to=2031-01-01").status_code == 200
    )
