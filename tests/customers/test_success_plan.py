"""Writing success plans: what is refused and in which words, constraints, templates, pages and API."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from core import time
from customers.models import Attained, Objective, PlanTemplate, SuccessPlan, TemplateObjective
from customers.services.success import (
    attained_record,
    objective_archive,
    objective_create,
    plan_from_template,
    plan_save,
)
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)
GOOD = {
    "name": "Close in 5 days",
    "unit": "d",
    "baseline": Decimal(12),
    "target": Decimal(5),
    "starts_on": START,
    "due_on": dt.date(2026, 12, 31),
    "weight": Decimal(1),
}


@pytest.fixture
def customer(analyst):
    return factories.customer(owner=analyst)


def form(**changed):
    plain = {
        "name": "Close in 5 days",
        "unit": "d",
        "baseline": "12",
        "target": "5",
        "starts_on": "2026-01-01",
        "due_on": "2026-12-31",
        "weight": "1",
    }
    return {**plain, **changed}


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"target": Decimal(12)}, "target", "nothing to reach"),
        ({"due_on": START}, "due_on", "after the start"),
        ({"weight": Decimal(-1)}, "weight", "below zero"),
        ({"event": "report", "milestone": "Go-live"}, "event", "one way to measure"),
        ({"figure": "happiness"}, "figure", "no figure “happiness” any more"),
    ],
)
def test_an_objective_that_cannot_be_told_is_refused_at_its_field(admin, customer, changed, field, said):
    with pytest.raises(ValidationError) as refused:
        objective_create(actor=admin, customer=customer, **{**GOOD, **changed})
    assert said in " ".join(refused.value.message_dict[field])
    assert not Objective.objects.exists()


def test_the_page_says_the_same_and_keeps_what_was_typed(login, analyst, customer):
    response = login(analyst).post(f"/customers/{customer.pk}/objectives/new/", form(target="12"))
    text = response.content.decode()
    assert response.status_code == 422 and "nothing to reach" in text and 'value="Close in 5 days"' in text


def test_the_customers_view_needs_evidence_and_the_two_sides_stay_apart(admin, customer):
    objective = factories.objective(customer)
    for fields, wrong in (
        ({"side": "customer", "source": "conversation"}, "evidence"),
        ({"side": "customer", "source": "assessment"}, "source"),
        ({"side": "ours", "source": "link"}, "source"),
        ({"side": "ours", "source": "assessment", "contact": factories.contact()}, "contact"),
        ({"side": "ours", "source": "assessment", "stated_on": dt.date(2999, 1, 1)}, "stated_on"),
    ):
        with pytest.raises(ValidationError) as refused:
            attained_record(actor=admin, objective=objective, value=Decimal(5), **fields)
        assert wrong in refused.value.message_dict
    assert not Attained.objects.exists()


def test_the_database_keeps_the_sides_apart_too(customer):
    objective = factories.objective(customer)
    for side, source, evidence in (
        ("customer", "assessment", "x"),
        ("ours", "link", ""),
        ("customer", "conversation", ""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attained.objects.create(
                objective=objective, side=side, source=source, value=1, stated_on=START, evidence=evidence
            )
    SuccessPlan.objects.create(customer=customer, promise="One")
    template = PlanTemplate.objects.create(name="Mid")
    way = {"template": template, "position": 0, "days": 90, "baseline": 1, "target": 2, "name": "One"}
    TemplateObjective.objects.create(**way)
    for make in (
        lambda: SuccessPlan.objects.create(customer=customer, promise="Two"),
        lambda: SuccessPlan.objects.create(customer=factories.customer(), promise="Two", ask_every_days=0),
        lambda: factories.objective(customer, event="a", figure="seats"),
        lambda: TemplateObjective.objects.create(**way),
        lambda: TemplateObjective.objects.create(**{**way, "name": "Two", "target": 1}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_a_plan_is_written_once_and_changed_with_an_audit_trail(admin, customer):
    plan = plan_save(actor=admin, customer=customer, promise="Close the month in five days")
    again = plan_save(actor=admin, customer=customer, in_their_words="No more weekends")
    assert again.pk == plan.pk and again.promise == "Close the month in five days"
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["successplan.created", "successplan.updated"]
    plan_save(actor=admin, customer=customer, in_their_words="No more weekends")
    assert AuditEntry.objects.count() == 2
    with pytest.raises(ValidationError):
        plan_save(actor=admin, customer=customer, promise=" ")


def test_a_template_begins_a_plan_and_leaves_what_is_there(admin, customer, login):
    rows = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"}
    row = {"name": "Close faster", "unit": "d", "baseline": "12", "target": "5", "days": "180", "weight": "2"}
    data = {"name": "Mid", "promise": "Faster", **rows, **{f"form-0-{k}": v for k, v in row.items()}}
    client = login(admin)
    assert client.post("/settings/success-templates/new/", data).status_code == 302
    template = PlanTemplate.objects.get()
    factories.objective(customer, name="Close faster")
    plan_from_template(actor=admin, customer=customer, template=template, starts_on=START)
    assert Objective.objects.filter(customer=customer).count() == 1
    other = factories.customer()
    plan = plan_from_template(actor=admin, customer=other, template=template, starts_on=START)
    made = Objective.objects.get(customer=other)
    assert plan.promise == "Faster" and made.due_on == dt.date(2026, 6, 30) and made.weight == 2
    for wrong, said in (
        ({"form-0-target": "12"}, "nothing to reach"),
        ({"form-0-weight": "0"}, "weight above 0"),
        ({"form-0-days": ""}, "needed to tell"),
        ({}, "template of this name"),
    ):
        response = client.post("/settings/success-templates/new/", {**data, **wrong})
        assert response.status_code == 422 and said in response.content.decode()


def test_only_templates_for_the_customers_segment_and_product_are_offered(customer):
    customer.segment = "mid"
    customer.save()
    factories.subscription(customer, product="Core")
    for name, segment, product in (
        ("a", "", ""),
        ("b", "mid", "Core"),
        ("c", "volume", ""),
        ("d", "", "Other"),
    ):
        PlanTemplate.objects.create(name=name, segment=segment, product=product)
    assert [one.name for one in PlanTemplate.objects.for_customer(customer)] == ["a", "b"]


def test_both_views_are_recorded_on_the_page_and_shown_apart(login, analyst, customer, today):
    objective = factories.objective(
        customer, starts_on=today - dt.timedelta(days=50), due_on=today + dt.timedelta(days=50)
    )
    client = login(analyst)
    address = f"/customers/{customer.pk}/objectives/{objective.pk}/said/"
    decides = factories.contact(customer, role="decision_maker", name="Sérgio")
    sent = {"side": "customer", "value": "8", "stated_on": today.isoformat(), "contact": decides.pk}
    assert client.post(address, sent).status_code == 422  # no evidence
    assert client.post(address, {**sent, "evidence": "Quarterly review"}).status_code == 302
    ours = {"side": "ours", "value": "6", "stated_on": today.isoformat()}
    assert client.post(address, ours).status_code == 302
    assert Attained.objects.get(side="customer").role == "decision_maker"
    text = client.get(f"/customers/{customer.pk}/success/").content.decode()
    for word in (
        "33%",
        "67%",
        "33 pts",
        "says 8 h",
        "assessed 6 h",
        "Decides",
        "Sérgio",
        "Quarterly review",
        "17 pts behind",
    ):
        assert word in text, word
    assert "33 pts" in client.get(f"/customers/{customer.pk}/").content.decode()
    client.post(f"/customers/{customer.pk}/objectives/{objective.pk}/archive/")
    assert "Nobody wrote down" in client.get(f"/customers/{customer.pk}/success/").content.decode()
    assert Objective.objects.get().archived_at is not None


def test_a_figure_that_is_gone_and_weights_of_zero_leave_the_plan_readable(login, analyst, customer, today):
    start = today - dt.timedelta(days=10)
    factories.objective(customer, figure="happiness", weight=0, starts_on=start)
    text = login(analyst).get(f"/customers/{customer.pk}/success/").content.decode()
    assert "“happiness” no longer exists" in text and "No objective has a weight above 0" in text


def test_the_portfolio_shows_the_gap_and_only_what_one_may_see(login, analyst, customer):
    day = START + dt.timedelta(days=50)
    factories.subscription(customer, starts_on=START, mrr_cents=50_000)
    objective = factories.objective(customer)
    Attained.objects.create(
        objective=objective, side="customer", source="link", value=10, stated_on=START + dt.timedelta(days=1)
    )
    run(day)
    client = login(analyst)
    text = client.get("/success/").content.decode()
    assert customer.name in text and "-50" in text.replace("−", "-")
    assert client.get("/success/?segment=mid&page=2").status_code == 200


def test_the_number_of_queries_does_not_grow_with_customers_or_objectives(login, admin):
    client = login(admin)
    counts: list[int] = []
    for _ in range(2):
        for _ in range(3 if not counts else 27):
            customer = factories.customer()
            factories.objective(customer)
            SuccessPlan.objects.create(customer=customer, promise="x")
        run(START + dt.timedelta(days=50))
        for address in ("/success/", "/api/v1/success-plans/"):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_plans_and_objectives_over_http(login, analyst, customer, today):
    client = login(analyst)
    plans, json = "/api/v1/success-plans/", {"content_type": "application/json"}
    made = client.post(plans, {"customer": customer.pk, "promise": "Faster"}, **json)
    assert made.status_code == 201, made.content
    assert client.post(plans, {"customer": customer.pk, "promise": "Two"}, **json).status_code == 400
    objective = client.post(
        "/api/v1/objectives/",
        {
            "customer": customer.pk,
            "name": "Close",
            "baseline": "10",
            "target": "4",
            "starts_on": (today - dt.timedelta(days=50)).isoformat(),
            "due_on": (today + dt.timedelta(days=50)).isoformat(),
        },
        **json,
    )
    assert objective.status_code == 201, objective.content
    address = f"/api/v1/objectives/{objective.json()['id']}/attained/"
    body = {"side": "customer", "value": "8", "source": "conversation"}
    assert client.post(address, body, **json).status_code == 400
    body["evidence"] = "Call"
    assert client.post(address, body, **json).status_code == 201
    assert client.post(address, {**body, "source": "link"}, **json).status_code == 400
    assert len(client.get(address).json()) == 1
    plan = client.get(f"/api/v1/success-plans/{made.json()['id']}/").json()
    assert plan["attained_customer"] == pytest.approx(1 / 3) and plan["attained_ours"] is None
    assert plan["objectives"][0]["expected"] == pytest.approx(7)


def test_taking_out_an_objective_keeps_its_history(admin, customer):
    objective = factories.objective(customer)
    Attained.objects.create(objective=objective, side="ours", source="assessment", value=1, stated_on=START)
    objective_archive(actor=admin, objective=objective)
    assert Attained.objects.count() == 1


def test_an_objective_is_archived_on_its_own_page(login, admin, customer):
    objective = factories.objective(customer, name="Dropped", starts_on=START)
    team = login(admin)
    address = f"/customers/{customer.pk}/objectives/{objective.pk}"
    assert f'action="{address}/archive/"' in team.get(f"{address}/edit/").content.decode()
    assert team.post(f"{address}/archive/").status_code == 302
    objective.refresh_from_db()
    assert objective.archived_at is not None
    assert f'action="{address}/archive/"' not in team.get(f"{address}/edit/").content.decode()


@pytest.fixture
def today():
    return time.today()
