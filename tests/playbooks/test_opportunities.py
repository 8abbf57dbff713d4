"""Opportunities: on their way, handed over, won, and met by the movement of the MRR."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core import time
from core.models import OutgoingMail
from metrics.foreground import run_days
from playbooks.models import Opportunity
from playbooks.services.opportunities import (
    opportunity_create,
    opportunity_hand_over,
    opportunity_lost,
    opportunity_reopen,
    opportunity_update,
    opportunity_won,
)
from tests import factories

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 10)


def won(customer, on=DAY, **fields):
    return Opportunity.objects.create(
        customer=customer, title="Seats", mrr_cents=5_000, stage="won", decided_on=on, **fields
    )


def nights():
    run_days(DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=4), lambda done, total: None)


def grown(days_after, cents=7_000):
    customer = factories.customer()
    factories.subscription(customer, mrr_cents=10_000)
    more = factories.subscription(customer, starts_on=DAY + dt.timedelta(days=days_after), mrr_cents=cents)
    return customer, more


def test_a_win_meets_the_expansion_that_follows_and_lets_go_of_one_that_is_gone():
    (soon, more), (later, _other) = grown(2), grown(200)
    first, second = won(soon), won(later)
    nights()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.movement_on, first.movement_cents) == (DAY + dt.timedelta(days=2), 7_000)
    assert second.movement_on is None
    more.delete()
    nights()
    first.refresh_from_db()
    assert (first.movement_on, first.movement_cents) == (None, None)


def test_what_grew_before_the_win_is_not_its_own_unless_within_a_week():
    customer, _more = grown(0)
    early, late = won(customer, on=DAY + dt.timedelta(days=5)), won(customer, on=DAY + dt.timedelta(days=30))
    nights()
    early.refresh_from_db()
    late.refresh_from_db()
    assert early.movement_on == DAY and late.movement_on is None


def test_wins_without_a_movement_are_told_after_45_days():
    today, customer = time.today(), factories.customer()
    old, _new = (
        won(customer, on=today - dt.timedelta(days=46)),
        won(customer, on=today - dt.timedelta(days=45)),
    )
    assert list(Opportunity.objects.without_movement(today)) == [old]


def test_the_way_from_spotted_to_won_and_back(analyst):
    customer = factories.customer(owner=analyst, name="Padaria Sol")
    row = opportunity_create(actor=analyst, customer=customer, title=" Ten  seats ", mrr_cents=9_000)
    assert (row.title, row.owner, row.stage) == ("Ten seats", analyst, "spotted")
    row = opportunity_hand_over(actor=analyst, opportunity=row, to="sales@zelo.test")
    letter = OutgoingMail.objects.get()
    assert (row.stage, letter.to) == ("sales", "sales@zelo.test")
    assert "Ten seats" in letter.body_text and f"/opportunities/{row.pk}/" in letter.body_text
    row = opportunity_won(actor=analyst, opportunity=row, mrr_cents=12_000)
    assert (row.stage, row.decided_on, row.mrr_cents) == ("won", time.today(), 12_000)
    with pytest.raises(ValidationError, match="decided"):
        opportunity_update(actor=analyst, opportunity=row, changes={"title": "More"})
    row = opportunity_update(actor=analyst, opportunity=row, changes={"note": "Signed by both"})
    row = opportunity_reopen(actor=analyst, opportunity=row)
    assert (row.stage, row.decided_on) == ("sales", None)
    with pytest.raises(ValidationError, match="why"):
        opportunity_lost(actor=analyst, opportunity=row, why=" ")
    row = opportunity_lost(actor=analyst, opportunity=row, why="No budget")
    assert (row.stage, row.lost_why) == ("lost", "No budget")
    with pytest.raises(ValidationError, match="decided already"):
        opportunity_hand_over(actor=analyst, opportunity=row, to="sales@zelo.test")


def test_what_is_wrong_is_said_by_field(analyst):
    customer = factories.customer()
    with pytest.raises(ValidationError) as wrong:
        opportunity_create(actor=analyst, customer=customer, title=" ", mrr_cents=0)
    assert set(wrong.value.message_dict) == {"title", "mrr_cents"}
    with pytest.raises(ValidationError, match="own button"):
        opportunity_create(actor=analyst, customer=customer, title="Seats", mrr_cents=1, stage="won")
    row = opportunity_create(actor=analyst, customer=customer, title="Seats", mrr_cents=1)
    with pytest.raises(ValidationError, match="valid email"):
        opportunity_hand_over(actor=analyst, opportunity=row, to="sales")
    with pytest.raises(ValidationError, match="today or a day before"):
        opportunity_won(actor=analyst, opportunity=row, on=time.today() + dt.timedelta(days=1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "won"},
        {"stage": "lost", "decided_on": DAY},
        {"mrr_cents": 0},
        {"movement_on": DAY, "movement_cents": 1},
    ],
)
def test_the_database_refuses_what_cannot_be(wrong):
    fields = {"title": "Seats", "mrr_cents": 100, **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Opportunity.objects.create(customer=factories.customer(), **fields)
