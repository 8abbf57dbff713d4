"""Stripe's events: who is believed, what they come to, in whatever order and shape they come."""

import itertools
import random

import pytest
from django.test import Client

from config import pipeline
from customers.models import Customer, Payment, Subscription
from ingest.connected.services import connection_set
from ingest.models import Batch, Connection, Delivery, Problem
from tests import factories
from tests.ingest import stripe_events as s

pytestmark = pytest.mark.django_db
URL = "/hooks/stripe/"
DAYS = ["2026-01-01", "2026-01-11", "2026-01-21", "2026-01-31"]


@pytest.fixture
def connected(admin) -> Connection:
    return connection_set(actor=admin, kind="stripe", secret=s.SECRET, makes_customers=False)


@pytest.fixture
def acme(connected) -> Customer:
    return factories.customer(external_id="cus_1")


def send(*events, **headers):
    last = None
    for one in events:
        body = s.written(one)
        last = Client().post(URL, body, content_type="application/json", headers=headers or s.signed(body))
        assert headers or last.status_code == 200, last.content
    return last


def write(*events) -> None:
    send(*events)
    pipeline.finish(["deliveries"])


def spans() -> list[tuple]:
    rows = Subscription.objects.order_by("external_id", "starts_on")
    return [(r.external_id, str(r.starts_on), str(r.ends_on or ""), r.mrr_cents) for r in rows]


def problems() -> dict[str, int]:
    return {one.code: one.count for one in Problem.objects.all()}


# --- who is believed --------------------------------------------------------------------------------
def test_a_call_without_a_connection_is_nobodys():
    assert Client().post(URL, b"{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "no_signature"),
        ({"Stripe-Signature": "t=1"}, "no_signature"),
        ({"Stripe-Signature": "t=now,v1=00"}, "no_signature"),
        ({"secret": "whsec_of_somebody_else"}, "bad_signature"),
        ({"age": 301}, "old_signature"),
        ({"age": -301}, "old_signature"),
    ],
)
def test_wrong_signatures_and_old_times_are_refused_and_counted(connected, header, code):
    body = s.written(s.event("customer.created", s.customer()))
    plain = not header or "Stripe-Signature" in header
    headers = header if plain else s.signed(body, **header)
    answer = Client().post(URL, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert problems() == {code: 1} and not Delivery.objects.exists()


def test_a_changed_body_does_not_verify(connected):
    body = s.written(s.event("customer.created", s.customer()))
    headers = s.signed(body)
    chance = random.Random(2)
    for _ in range(100):
        at, bit = chance.randrange(len(body)), 1 << chance.randrange(8)
        flipped = body[:at] + bytes([body[at] ^ bit]) + body[at + 1 :]
        assert (
            Client().post(URL, flipped, content_type="application/json", headers=headers).status_code == 400
        )
    assert not Delivery.objects.exists()


def test_the_same_event_again_is_taken_and_changes_nothing(acme):
    one = s.event("invoice.paid", s.invoice())
    assert send(one).json()["new"] and not send(one).json()["new"]
    write(one)
    assert Payment.objects.count() == Batch.objects.count() == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"id": "evt_1", "type": "invoice.paid"}', b"\xff", b"{" * 9999]
)
def test_what_is_no_event_is_refused_and_kept_as_a_sample(connected, body):
    answer = Client().post(URL, body, content_type="application/json", headers=s.signed(body))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_event")
    assert problems() == {"bad_event": 1}


def test_a_huge_body_is_not_read(connected):
    body = b" " * 1_000_001
    assert (
        Client().post(URL, body, content_type="application/json", headers=s.signed(body)).status_code == 413
    )


def test_kinds_that_tell_nothing_are_answered_and_not_kept(connected):
    assert send(s.event("balance.available", {"id": "b"})).json() == {"received": True, "new": False}


# --- subscriptions ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cost", "quantity", "cents"),
    [
        (s.price(10_000), 3, 30_000),
        (s.price(120_000, interval="year"), 1, 10_000),
        (s.price(30_000, every=3), 1, 10_000),
        (s.price(1_200, interval="week"), 1, 5_200),
        (s.price(100, interval="day", every=1), 12, 36_500),
        (s.price(0), 5, 0),
        (s.price(1, unit_amount=None, unit_amount_decimal="0.5"), 10, 5),
        (s.price(1_000, transform_quantity={"divide_by": 10, "round": "up"}), 11, 2_000),
    ],
)
def test_an_amount_is_by_the_month(acme, cost, quantity, cents):
    write(s.event("customer.subscription.created", s.subscription(s.item(price=cost, quantity=quantity))))
    row = Subscription.objects.get()
    assert (row.external_id, row.mrr_cents, row.seats, row.product, row.plan) == (
        "sub_1", cents, quantity, "prod_core", "Pro",
    )  # fmt: skip


def test_old_shapes_say_the_same(acme):
    write(s.event("customer.subscription.created", s.old_subscription(discount=s.discount())))
    assert spans() == [("sub_1", "2026-01-01", "", 18_000)]  # 2 × 1,200.00 a year, less 10 %


@pytest.mark.parametrize(
    ("said", "cents"),
    [
        (s.coupon(), 9_000),
        (s.coupon(percent_off=None, amount_off=2_500, currency="brl"), 7_500),
        (s.coupon(percent_off=None, amount_off=99_000, currency="brl"), 0),
        (s.coupon(duration="once"), 10_000),
        (s.coupon(duration="repeating", duration_in_months=3), 9_000),
    ],
)
def test_discounts_count_as_long_as_they_go_on(acme, said, cents):
    end = s.START + 90 * s.DAY if said["duration"] == "repeating" else None
    held = s.subscription(discounts=[s.discount(coupon=said, end=end)])
    write(s.event("customer.subscription.created", held))
    assert spans() == [("sub_1", "2026-01-01", "", cents)]
    if end:
        write(s.event("customer.subscription.updated", held, day=95))
        assert [row[3] for row in spans()] == [9_000, 10_000]


def test_discounts_that_are_only_named_are_looked_up_when_they_are_told(acme):
    named = s.subscription(discounts=["di_1"])
    write(s.event("customer.subscription.created", named))
    assert (spans(), problems()) == ([], {"discount_unknown": 1})
    new_shape = s.discount(coupon=None, source={"type": "coupon", "coupon": "TEN"})
    write(s.event("coupon.created", s.coupon()), s.event("customer.discount.created", new_shape))
    assert spans() == [("sub_1", "2026-01-01", "", 9_000)]


def test_an_amount_off_the_whole_is_shared_out_by_what_items_cost(acme):
    items = (s.item(1, price=s.price(30_000)), s.item(2, price=s.price(10_000)))
    off = s.discount(coupon=s.coupon(percent_off=None, amount_off=4_000, currency="brl"))
    write(s.event("customer.subscription.created", s.subscription(*items, discounts=[off])))
    assert [(row[0], row[3]) for row in spans()] == [("sub_1", 27_000), ("sub_1:si_2", 9_000)]


def test_a_change_ends_a_span_and_begins_the_next_and_an_item_that_goes_ends(acme):
    one, two = s.item(1), s.item(2, price=s.price(5_000))
    write(
        s.event("customer.subscription.created", s.subscription(one, two)),
        s.event("customer.subscription.updated", s.subscription(s.item(1, quantity=2), two), day=10),
        s.event("customer.subscription.updated", s.subscription(s.item(1, quantity=2)), day=20),
    )
    assert spans() == [
        ("sub_1", "2026-01-01", "2026-01-11", 10_000),
        ("sub_1", "2026-01-11", "", 20_000),
        ("sub_1:si_2", "2026-01-01", "2026-01-21", 5_000),
    ]


def test_a_trial_is_no_revenue_and_one_that_is_left_never_was_any(acme):
    trial = {"status": "trialing", "trial_start": s.START, "trial_end": s.START + 10 * s.DAY}
    write(s.event("customer.subscription.created", s.subscription(**trial)))
    assert spans() == [("sub_1", "2026-01-11", "", 10_000)]
    longer = {**trial, "trial_end": s.START + 20 * s.DAY}
    write(s.event("customer.subscription.updated", s.subscription(**longer), day=5))
    assert spans() == [("sub_1", "2026-01-11", "2026-01-11", 10_000), ("sub_1", "2026-01-21", "", 10_000)]
    left = {
        **longer,
        "status": "canceled",
        "canceled_at": s.START + 8 * s.DAY,
        "ended_at": s.START + 8 * s.DAY,
    }
    write(s.event("customer.subscription.deleted", s.subscription(**left), day=8))
    assert [row[1] == row[2] for row in spans()] == [True, True]


def test_a_cancellation_ends_with_the_paid_period_and_says_why(acme):
    details = {"comment": "Too dear", "feedback": "too_expensive", "reason": "cancellation_requested"}
    ending = {
        "cancel_at_period_end": True,
        "canceled_at": s.START + 2 * s.DAY,
        "cancellation_details": details,
    }
    write(
        s.event("customer.subscription.created", s.subscription()),
        s.event("customer.subscription.updated", s.subscription(**ending), day=2),
    )
    row = Subscription.objects.get()
    assert (str(row.ends_on), str(row.cancelled_on), row.cancel_reason) == (
        "2026-01-31",
        "2026-01-03",
        "Too dear",
    )
    write(s.event("customer.subscription.updated", s.subscription(), day=4))  # they stay after all
    row = Subscription.objects.get()
    assert (row.ends_on, row.cancelled_on, row.cancel_reason) == (None, None, "")


@pytest.mark.parametrize("status", ["incomplete", "incomplete_expired", "paused", "unpaid"])
def test_what_does_not_run_is_no_revenue(acme, status):
    write(s.event("customer.subscription.created", s.subscription(status=status)))
    assert spans() == []


def test_every_order_of_events_ends_as_the_same_rows(acme):
    trial = {"status": "trialing", "trial_end": s.START + 10 * s.DAY}
    over = {"status": "canceled", "ended_at": s.START + 30 * s.DAY}
    events = [
        s.event("customer.subscription.created", s.subscription(**trial)),
        s.event("customer.subscription.updated", s.subscription(s.item(quantity=2)), day=10),
        s.event("customer.subscription.updated", s.subscription(s.item(quantity=3)), day=20),
        s.event("customer.subscription.deleted", s.subscription(**over), day=30),
    ]  # fmt: skip
    ends = set()
    for order in itertools.permutations(events):
        Subscription.objects.all().delete()
        Delivery.objects.all().delete()
        for one in (*order, order[0]):
            write(one)
        ends.add(tuple(row for row in spans() if row[1] != row[2]))
    assert ends == {(("sub_1", DAYS[1], DAYS[2], 20_000), ("sub_1", DAYS[2], DAYS[3], 30_000))}


@pytest.mark.parametrize(
    ("cost", "code"),
    [
        (s.price(currency="usd"), "other_currency"),
        (s.price(unit_amount=None, unit_amount_decimal=None, billing_scheme="tiered"), "amount_unknown"),
        (s.price(interval="eon"), "interval_unknown"),
    ],
)
def test_what_cannot_be_told_is_a_problem_and_no_row(acme, cost, code):
    write(s.event("customer.subscription.created", s.subscription(s.item(price=cost))))
    assert (spans(), problems()) == ([], {code: 1})
    assert Problem.objects.get().about.startswith("sub_1 ")


def test_metered_items_are_left_out(acme):
    metered = s.price()
    metered["recurring"] = {**metered["recurring"], "usage_type": "metered"}
    write(s.event("customer.subscription.created", s.subscription(s.item(1), s.item(2, price=metered))))
    assert spans() == [("sub_1", "2026-01-01", "", 10_000)]


# --- money --------------------------------------------------------------------------------------------
def test_invoices_are_payments_due_paid_void_and_refunded(acme):
    due = {"status": "open", "amount_paid": 0, "due_date": s.START + 30 * s.DAY}
    write(s.event("invoice.finalized", s.invoice(**due)))
    row = Payment.objects.get()
    assert (row.external_id, row.amount_cents, row.paid_on, str(row.due_on)) == (
        "in_1",
        10_000,
        None,
        "2026-01-31",
    )
    write(s.event("invoice.paid", s.invoice(), day=1))
    assert str(Payment.objects.get().paid_on) == "2026-01-02"
    charge = {
        "id": "ch_1",
        "object": "charge",
        "customer": "cus_1",
        "currency": "brl",
        "amount_refunded": 4_000,
    }
    write(s.event("charge.refunded", charge, day=3))
    assert list(Payment.objects.order_by("pk").values_list("external_id", "amount_cents")) == [
        ("in_1", 10_000), ("ch_1:refund", -4_000),
    ]  # fmt: skip
    write(s.event("invoice.voided", s.invoice(id="in_2", status="void", amount_due=5_000)))
    assert Payment.objects.get(external_id="in_2").amount_cents == 0


def test_an_invoice_in_another_currency_is_refused(acme):
    write(s.event("invoice.paid", s.invoice(currency="eur")))
    assert (Payment.objects.count(), problems()) == (0, {"other_currency": 1})


# --- whose it is --------------------------------------------------------------------------------------
def test_what_is_nobodys_waits_until_its_customer_appears(connected):
    write(s.event("customer.subscription.created", s.subscription()))
    assert (spans(), problems()) == ([], {"unknown_customer": 1})
    assert Delivery.objects.get().waits and not pipeline.WORK["deliveries"].due()
    factories.customer(external_id="cus_1")
    assert pipeline.WORK["deliveries"].due()
    pipeline.finish(["deliveries"])
    assert len(spans()) == 1 and not Delivery.objects.filter(waits=True).exists()


@pytest.mark.parametrize("by", ["metadata", "address"])
def test_our_id_in_the_metadata_or_a_contact_tells_whose_it_is(connected, by):
    firm = factories.customer(external_id="acme")
    factories.contact(firm, email="fin@acme.example")
    told = (
        s.customer(metadata={"external_id": "acme"}, email="x@y.example")
        if by == "metadata"
        else s.customer()
    )
    write(s.event("customer.subscription.created", s.subscription()), s.event("customer.created", told))
    assert Subscription.objects.get().customer == firm


def test_an_address_at_two_customers_is_nobodys(connected):
    for key in ("a", "b"):
        factories.contact(factories.customer(external_id=key), email="fin@acme.example")
    write(s.event("customer.created", s.customer()), s.event("invoice.paid", s.invoice()))
    assert not Payment.objects.exists() and not pipeline.WORK["deliveries"].due()


def test_customers_are_made_where_that_is_wanted(admin):
    connection_set(actor=admin, kind="stripe", secret=s.SECRET, makes_customers=True)
    write(s.event("customer.created", s.customer()), s.event("invoice.paid", s.invoice()))
    assert Customer.objects.get().name == "Acme Ltda"
    assert Payment.objects.get().customer.external_id == "cus_1"


def test_a_row_edited_by_hand_stays_as_it_is(acme, admin):
    from customers.services.commercial import subscription_update

    write(s.event("customer.subscription.created", s.subscription()))
    subscription_update(actor=admin, subscription=Subscription.objects.get(), changes={"plan": "Gold"})
    write(s.event("customer.subscription.updated", s.subscription(), day=3))
    assert Subscription.objects.get().plan == "Gold"
