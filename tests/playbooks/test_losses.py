"""The register of losses: what a night opens, what notice becomes, what a corrected day takes back."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from core import time
from customers.models import Subscription
from metrics.foreground import run_days
from metrics.models import CustomerDay
from playbooks.models import Loss, LossReason
from playbooks.services.losses import (
    loss_create,
    loss_reopen,
    loss_saved,
    loss_update,
    reason_create,
    reason_update,
)
from tests import factories

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 10)


def nights(first=DAY - dt.timedelta(days=1), last=DAY + dt.timedelta(days=3)):
    run_days(first, last, lambda done, total: None)


def lost():
    rows = Loss.objects.order_by("lost_on", "customer_id")
    return [(row.customer_id, row.lost_on, row.whole, row.mrr_cents) for row in rows]


def test_a_night_opens_a_line_for_each_loss_whole_or_part():
    left, less, stays = (factories.customer() for _ in range(3))
    factories.subscription(left, ends_on=DAY, mrr_cents=50_000)
    factories.subscription(less, mrr_cents=30_000)
    factories.subscription(less, ends_on=DAY + dt.timedelta(days=1), mrr_cents=20_000)
    factories.subscription(stays, mrr_cents=70_000)
    nights()
    known = [(left.pk, DAY, True, 50_000), (less.pk, DAY + dt.timedelta(days=1), False, 20_000)]
    assert lost() == known
    nights()
    assert lost() == known


def test_the_register_adds_up_to_the_movements():
    for n in range(6):
        customer = factories.customer()
        factories.subscription(customer, ends_on=DAY + dt.timedelta(days=n % 3), mrr_cents=1_000 * (n + 1))
        if n % 2:
            factories.subscription(customer, mrr_cents=500)
    nights()
    moved = CustomerDay.objects.values_list("mrr_churn_cents", "mrr_contraction_cents")
    assert sum(row.mrr_cents for row in Loss.objects.all()) == sum(map(sum, moved)) == 21_000


def test_an_open_notice_becomes_the_loss_it_announced(analyst):
    customer = factories.customer()
    factories.subscription(customer, ends_on=DAY, mrr_cents=50_000)
    price = LossReason.objects.get(key="price")
    notice = Loss.objects.create(
        customer=customer,
        noticed_on=DAY - dt.timedelta(days=20),
        mrr_cents=1,
        reason=price,
        tried="Half price",
    )
    nights()
    notice.refresh_from_db()
    assert Loss.objects.count() == 1
    assert (notice.state, notice.lost_on, notice.mrr_cents, notice.tried) == (
        "lost",
        DAY,
        50_000,
        "Half price",
    )


def test_a_notice_of_the_whole_stays_open_when_a_part_is_lost():
    customer = factories.customer()
    factories.subscription(customer, mrr_cents=50_000)
    factories.subscription(customer, ends_on=DAY, mrr_cents=10_000)
    notice = Loss.objects.create(customer=customer, noticed_on=DAY - dt.timedelta(days=20), mrr_cents=60_000)
    nights()
    notice.refresh_from_db()
    assert notice.state == "notice"
    assert Loss.objects.filter(state="lost", whole=False, mrr_cents=10_000).count() == 1


def test_a_corrected_day_takes_its_loss_back_unless_somebody_wrote_about_it():
    quiet, told = factories.customer(), factories.customer()
    for customer in (quiet, told):
        factories.subscription(customer, ends_on=DAY, mrr_cents=10_000)
    nights()
    Loss.objects.filter(customer=told).update(note="The invoice was wrong.")
    Subscription.objects.update(ends_on=None)
    nights()
    assert lost() == [(told.pk, DAY, True, 0)]


def test_who_comes_back_is_said_and_taken_back():
    customer = factories.customer()
    factories.subscription(customer, ends_on=DAY, mrr_cents=10_000)
    again = factories.subscription(customer, starts_on=DAY + dt.timedelta(days=2), mrr_cents=8_000)
    nights()
    assert Loss.objects.get().returned_on == DAY + dt.timedelta(days=2)
    again.delete()
    nights()
    assert Loss.objects.get().returned_on is None


def test_notice_is_taken_saved_and_opened_again_with_a_trail(analyst):
    customer = factories.customer(owner=analyst)
    row = loss_create(actor=analyst, customer=customer, mrr_cents=40_000, tried=" Called twice ")
    assert (row.state, row.noticed_on, row.tried) == ("notice", time.today(), "Called twice")
    with pytest.raises(ValidationError, match="open notice"):
        loss_create(actor=analyst, customer=customer)
    row = loss_saved(actor=analyst, loss=row)
    assert (row.state, row.saved_on) == ("saved", time.today())
    with pytest.raises(ValidationError, match="Only an open notice"):
        loss_saved(actor=analyst, loss=row)
    row = loss_reopen(actor=analyst, loss=row)
    assert (row.state, row.saved_on) == ("notice", None)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["loss.noticed", "loss.saved", "loss.reopened"]


def test_what_is_wrong_is_said_by_field(analyst):
    customer, tomorrow = factories.customer(), time.today() + dt.timedelta(days=1)
    with pytest.raises(ValidationError) as wrong:
        loss_create(actor=analyst, customer=customer, noticed_on=tomorrow, mrr_cents=-1)
    assert set(wrong.value.message_dict) == {"noticed_on", "mrr_cents"}
    gone = Loss.objects.create(customer=customer, state="lost", lost_on=DAY, mrr_cents=5)
    with pytest.raises(ValidationError, match="subscriptions"):
        loss_update(actor=analyst, loss=gone, changes={"mrr_cents": 6})
    with pytest.raises(ValidationError, match="before the loss"):
        loss_update(actor=analyst, loss=gone, changes={"noticed_on": DAY + dt.timedelta(days=1)})


@pytest.mark.parametrize(
    "wrong",
    [{"state": "lost"}, {"state": "saved"}, {"noticed_on": None}, {"mrr_cents": -1}],
)
def test_the_database_refuses_what_cannot_be(wrong):
    fields = {"noticed_on": DAY, **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Loss.objects.create(customer=factories.customer(), **fields)


def test_reasons_are_added_renamed_and_put_aside(admin):
    row = reason_create(actor=admin, name="  Moved to a group   contract ")
    assert str(row) == "Moved to a group contract"
    for taken in ("moved to a GROUP contract", "Price"):
        with pytest.raises(ValidationError, match="already"):
            reason_create(actor=admin, name=taken)
    price = LossReason.objects.get(key="price")
    price = reason_update(actor=admin, reason=price, name="Too dear", offered=False)
    assert str(price) == "Too dear" and price.retired_at is not None
    price = reason_update(actor=admin, reason=price, name="Too dear", offered=True)
    assert price.retired_at is None
