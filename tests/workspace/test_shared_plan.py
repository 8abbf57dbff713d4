"""The page a contact sees of its plan: nobody else's, nothing internal, no login, no cookie, no script."""

import dataclasses
import datetime as dt
import secrets
from decimal import Decimal

import pytest

from core import time
from customers.models import Attained, Note, SuccessPlan
from metrics.models import ObjectiveDay
from surveys.models import Link
from surveys.services.plans import plan_link_create, plan_links_revoke
from tests import factories
from tests.surveys.altered import altered
from workspace.success.shared import Shared, SharedGoal, value_read

pytestmark = pytest.mark.django_db

SHOWN = {"lead", "promise", "next_steps", "goals"}
SHOWN_OF_A_GOAL = {"key", "name", "about", "way", "expected", "measured", "yours", "comment", "unit"}


@pytest.fixture
def plan(analyst):
    """A contact with a plan and, around it, everything that is nobody's business there, in words that can be found."""
    start = time.today() - dt.timedelta(days=50)
    customer = factories.customer(name="Vale Verde", owner=analyst, segment="high_value")
    person = factories.contact(customer, name="Helena", role="sponsor", locale="en")
    other = factories.contact(customer, name="Secret-Sergio", role="decision_maker")
    SuccessPlan.objects.create(
        customer=customer,
        promise="Five days",
        evidence="secret-evidence",
        in_their_words="secret-words",
        next_steps="Call",
    )
    due = start + dt.timedelta(days=100)
    objective = factories.objective(
        customer, name="Close", promise="No weekends", starts_on=start, due_on=due, weight=77
    )
    measured = factories.objective(customer, name="Send", event="secret-event", starts_on=start, due_on=due)
    ObjectiveDay.objects.create(objective=measured, day=time.today(), value=9)
    day = time.today()
    for fields in (
        {"side": "ours", "source": "assessment", "value": 4242, "evidence": "secret-assessment"},
        {
            "side": "customer",
            "source": "conversation",
            "value": 3131,
            "evidence": "secret-call",
            "contact": other,
        },
    ):
        Attained.objects.create(objective=objective, stated_on=day, **fields)
    factories.subscription(customer, mrr_cents=98_765_43, product="secret-product")
    Note.objects.create(customer=customer, body="secret-note")
    foreign = factories.objective(name="secret-foreign", starts_on=start)
    return {"customer": customer, "person": person, "objective": objective, "foreign": foreign}


@pytest.fixture
def token(plan, analyst):
    return plan_link_create(actor=analyst, contact=plan["person"])


def test_the_fields_of_the_page_are_these_and_no_others():
    assert {one.name for one in dataclasses.fields(Shared)} == SHOWN
    assert {one.name for one in dataclasses.fields(SharedGoal)} == SHOWN_OF_A_GOAL


def test_the_page_shows_the_plan_and_nothing_internal(client, plan, token, analyst):
    response = client.get(f"/plans/{token}/")
    text = response.content.decode()
    shown = (
        "Helena",
        "Vale Verde",
        "Five days",
        "Call",
        "Close",
        "No weekends",
        "From 10 h to 4 h",
        "7 h is",
    )
    assert not [word for word in shown if word not in text]
    assert "Measured in the product: 9 h" in text
    assert "secret" not in text.lower()
    for number in ("4242", "4,242", "3131", "3,131", "98,765", "98765", "77"):
        assert number not in text
    assert analyst.name not in text and analyst.email not in text
    assert not response.cookies and "script" not in text
    assert "script-src 'none'" in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "no-referrer" and response["Cache-Control"] == "no-store"


def test_a_look_records_nothing_and_a_post_records_what_was_said(client, plan, token):
    address = f"/plans/{token}/"
    before = Attained.objects.count()
    client.get(f"{address}?value=5")
    client.head(address)
    assert Attained.objects.count() == before
    said = client.post(address, {"objective": plan["objective"].pk, "value": "8,5", "comment": "Slow\x00"})
    assert said.status_code == 303
    row = Attained.objects.get(source="link")
    assert (row.side, row.value, row.role, row.evidence, row.contact) == (
        "customer",
        Decimal("8.5"),
        "sponsor",
        "Slow",
        plan["person"],
    )
    shown = client.get(said["Location"]).content.decode()
    assert "You said 8.5 h" in shown and "“Slow”" in shown and "who does what" in shown


def test_what_is_wrong_is_said_kindly_and_recorded_nowhere(client, plan, token):
    before = Attained.objects.count()
    own = plan["objective"].pk
    for data in (
        {"objective": own, "value": "much"},
        {"objective": own, "value": ""},
        {"objective": own, "value": "1e9"},
        {"objective": plan["foreign"].pk, "value": "5"},
        {"objective": "x", "value": "5"},
        {"objective": "9" * 40, "value": "5"},
        {},
    ):
        response = client.post(f"/plans/{token}/", data)
        assert response.status_code == 422 and "Write a number" in response.content.decode()
    assert Attained.objects.count() == before


def test_a_flood_from_one_link_ends(client, plan, token):
    for _ in range(25):
        client.post(f"/plans/{token}/", {"objective": plan["objective"].pk, "value": "5"})
    assert Attained.objects.filter(source="link").count() == 20


def test_revoked_replaced_expired_and_foreign_links_open_nothing(client, plan, token, analyst):
    fresh = plan_link_create(actor=analyst, contact=plan["person"])
    nothing = client.get(f"/plans/{token}/")
    assert nothing.status_code == 404 and client.get(f"/plans/{fresh}/").status_code == 200
    assert client.get(f"/s/{fresh}/").status_code == 404
    answer = client.get(f"/plans/{secrets.token_urlsafe(24)}/")
    assert answer.status_code == 404 and answer.content == nothing.content
    Link.objects.filter(revoked_at__isnull=True).update(expires_at=time.now() - dt.timedelta(seconds=1))
    over = client.get(f"/plans/{fresh}/")
    assert over.status_code == 410 and "Vale Verde" not in over.content.decode()
    Link.objects.update(expires_at=None)
    plan_links_revoke(actor=analyst, contact=plan["person"])
    assert client.get(f"/plans/{fresh}/").status_code == 404


def test_a_person_or_customer_put_aside_sees_nothing_any_more(client, plan, token):
    plan["person"].archived_at = time.now()
    plan["person"].save()
    assert client.get(f"/plans/{token}/").status_code == 404
    assert (
        client.post(f"/plans/{token}/", {"objective": plan["objective"].pk, "value": "5"}).status_code == 404
    )


@pytest.mark.parametrize("count", [60, pytest.param(100_000, marks=pytest.mark.long)])
def test_no_altered_token_shows_anything(client, plan, token, count):
    seen = set()
    for other in altered(token, count):
        response = client.get(f"/plans/{other}/")
        seen.add((response.status_code, response.content))
    assert len(seen) == 1 and next(iter(seen))[0] == 404


def test_the_analyst_makes_and_closes_a_link_on_the_plans_page(client, plan, login, analyst):
    team = login(analyst)
    address = f"/customers/{plan['customer'].pk}/success/links/{plan['person'].pk}/"
    shown = team.post(address, {"do": "make"}).content.decode()
    assert "/plans/" in shown
    path = shown[shown.index("/plans/") :].split("<", maxsplit=1)[0]
    assert client.get(path).status_code == 200
    assert "link open until" in team.get(f"/customers/{plan['customer'].pk}/success/").content.decode()
    team.post(address, {"do": "revoke"})
    assert client.get(path).status_code == 404
    foreign = f"/customers/{plan['customer'].pk}/success/links/{factories.contact().pk}/"
    assert team.post(foreign, {"do": "make"}).status_code == 404


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8", 8),
        (" 8,5 ", 8.5),
        ("-3.25", -3.25),
        ("−2", -2),
        ("1.234,5", None),
        ("8 h", None),
        ("٣", None),
        ("", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text, value):
    assert value_read(text) == value
