"""What a person corrected since the last import is kept and listed, of every kind that people can correct."""

import datetime as dt
from decimal import Decimal

import pytest

from customers.models import (
    AcquisitionCost,
    Contact,
    Contract,
    Customer,
    Milestone,
    Objective,
    Payment,
    Product,
    Subscription,
    Ticket,
    Touchpoint,
)
from customers.services import catalogue, commercial, contacts, costs, service, success
from metrics.models import Target
from metrics.services import targets
from surveys.models import Response, Theme
from surveys.services.themes import read_some, response_sentiment_set, response_themes_set
from tests import factories
from tests.ingest.files import csv_text, run_import

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 3, 1)
NOON = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)

# kind, header, row, table, how a person corrects it, the field, what it then is, what is told of it
CORRECTIONS = [
    (
        "contacts",
        *("customer_external_id,email,name", "c1,rosa@acme.test,Rosa"),
        *(
            Contact,
            lambda actor, row: contacts.contact_update(actor=actor, contact=row, changes={"name": "Rosa L."}),
        ),
        *("name", "Rosa L.", "name"),
    ),
    (
        "products",
        *("product,plan,feature,event,price", "Core,Basic,Reports,report,10.00"),
        *(
            Product,
            lambda actor, row: catalogue.product_update(actor=actor, product=row, changes={"event": "seen"}),
        ),
        *("event", "seen", "event"),
    ),
    (
        "subscriptions",
        *("external_id,customer_external_id,starts_on,product,mrr", "s1,c1,2025-01-01,Core,10.00"),
        Subscription,
        lambda actor, row: commercial.subscription_update(
            actor=actor, subscription=row, changes={"mrr_cents": 2000}
        ),
        *("mrr_cents", 2000, "mrr"),
    ),
    (
        "contracts",
        *("external_id,customer_external_id,starts_on,ends_on", "k1,c1,2025-01-01,2026-01-01"),
        *(
            Contract,
            lambda actor, row: commercial.contract_update(
                actor=actor, contract=row, changes={"ends_on": DAY}
            ),
        ),
        *("ends_on", DAY, "ends_on"),
    ),
    (
        "payments",
        *("external_id,customer_external_id,paid_on,amount", "p1,c1,2025-01-01,10.00"),
        Payment,
        lambda actor, row: commercial.payment_update(actor=actor, payment=row, changes={"amount_cents": 900}),
        *("amount_cents", 900, "amount"),
    ),
    (
        "costs",
        *("month,category,amount", "2025-01,sales,10.00"),
        AcquisitionCost,
        lambda actor, row: costs.cost_update(actor=actor, cost=row, changes={"amount_cents": 900}),
        *("amount_cents", 900, "amount"),
    ),
    (
        "costs",
        *("month,category,amount", "2025-01,sales,10.00"),
        AcquisitionCost,
        lambda actor, row: catalogue.cost_set(
            actor=actor, month=row.month, category=row.category, amount_cents=900
        ),
        *("amount_cents", 900, "amount"),
    ),
    (
        "tickets",
        *("external_id,customer_external_id,opened_at,subject", "t1,c1,2025-01-01T10:00:00Z,Help"),
        *(
            Ticket,
            lambda actor, row: service.ticket_update(actor=actor, ticket=row, changes={"subject": "Login"}),
        ),
        *("subject", "Login", "subject"),
    ),
    (
        "milestones",
        *("customer_external_id,milestone,reached_on", "c1,live,2025-01-01"),
        Milestone,
        lambda actor, row: service.milestone_update(actor=actor, milestone=row, changes={"reached_on": DAY}),
        *("reached_on", DAY, "reached_on"),
    ),
    (
        "touchpoints",
        *(
            "external_id,customer_external_id,kind,happened_at,summary",
            "x1,c1,call,2025-01-01T10:00:00Z,Hello",
        ),
        Touchpoint,
        lambda actor, row: service.touchpoint_update(actor=actor, touchpoint=row, changes={"summary": "Bye"}),
        *("summary", "Bye", "summary"),
    ),
    (
        "objectives",
        *(
            "customer_external_id,name,baseline,target,starts_on,due_on",
            "c1,Faster,10,4,2025-01-01,2025-06-01",
        ),
        *(
            Objective,
            lambda actor, row: success.objective_update(
                actor=actor, objective=row, changes={"target": Decimal(3)}
            ),
        ),
        *("target", Decimal(3), "target"),
    ),
    (
        "targets",
        *("key,due_on,value", "mrr,2026-12-31,1000.00"),
        Target,
        lambda actor, row: targets.target_update(actor=actor, target=row, changes={"value": Decimal(7)}),
        *("value", Decimal(7), "value"),
    ),
]


@pytest.mark.parametrize(
    ("kind", "header", "row", "table", "correct", "field", "value", "told"),
    CORRECTIONS,
    ids=[f"{n}-{case[0]}" for n, case in enumerate(CORRECTIONS)],
)
def test_a_correction_by_hand_is_kept_and_listed_unless_the_file_wins(
    tmp_path, manager, kind, header, row, table, correct, field, value, told
):
    factories.customer(external_id="c1")
    content = csv_text(header, row)
    run_import(tmp_path, kind, content)
    before = getattr(table.objects.get(), field)
    correct(manager, table.objects.get())
    kept = run_import(tmp_path, kind, content)
    assert kept.counts() == (0, 0, 1, 0)
    assert f"line 2 {told}" in kept.out
    assert getattr(table.objects.get(), field) == value
    won = run_import(tmp_path, kind, content, "--file-wins")
    assert won.counts() == (0, 1, 0, 0)
    assert (getattr(table.objects.get(), field), table.objects.get().hand_edited) == (before, [])
    again = run_import(tmp_path, kind, content)
    assert again.counts() == (0, 0, 1, 0)
    assert "line 2" not in again.out


def test_what_a_person_wrote_first_is_kept_too(tmp_path, manager):
    acme = factories.customer(external_id="c1")
    commercial.payment_create(actor=manager, customer=acme, external_id="p1", paid_on=DAY, amount_cents=500)
    costs.cost_create(actor=manager, month=DAY, category="sales", amount_cents=500)
    targets.target_create(actor=manager, key="mrr", due_on=DAY, value=Decimal(5))
    for kind, header, row in (
        ("payments", "external_id,customer_external_id,amount", "p1,c1,9.00"),
        ("costs", "month,category,amount", "2025-03,sales,9.00"),
        ("targets", "key,due_on,value", "mrr,2025-03-01,9"),
    ):
        done = run_import(tmp_path, kind, csv_text(header, row))
        assert done.counts() == (0, 0, 1, 0), kind
    assert Payment.objects.get().amount_cents == AcquisitionCost.objects.get().amount_cents == 500
    assert Target.objects.get().value == 5


def test_what_a_file_leaves_as_a_person_wrote_it_stays_by_hand(tmp_path, manager):
    acme = factories.customer(external_id="c1")
    commercial.payment_create(actor=manager, customer=acme, external_id="p1", paid_on=DAY, amount_cents=500)
    run_import(
        tmp_path, "payments", csv_text("external_id,customer_external_id,amount", "p1,c1,5.00"), "--file-wins"
    )
    assert "amount_cents" in Payment.objects.get().hand_edited
    assert Customer.objects.get() == acme


def test_what_a_person_says_an_answer_is_about_outlives_a_corrected_file_and_the_rest_is_read_again(
    tmp_path, manager
):
    factories.customer(external_id="c1")
    parking, weather = (
        Theme.objects.create(name=word, keywords={"en": [word]}) for word in ("parking", "weather")
    )
    header = "external_id,customer_external_id,survey,score,answered_at,comment"
    run_import(tmp_path, "responses", csv_text(header, "r1,c1,nps,3,2025-01-02,Hello"))
    read_some()
    response_themes_set(actor=manager, response=Response.objects.get(), themes=[parking])
    response_sentiment_set(actor=manager, response=Response.objects.get(), value=1)
    corrected = csv_text(header, "r1,c1,nps,4,2025-01-02,The weather is bad")
    assert run_import(tmp_path, "responses", corrected, "--file-wins").counts() == (0, 1, 0, 0)
    read_some()
    row = Response.objects.get()
    assert (row.score, row.comment) == (4, "The weather is bad")
    assert (row.sentiment, row.sentiment_by_hand) == (1, True)
    assert {one.theme for one in row.themes.all()} == {parking, weather}
