"""Truth in constraints: each is broken here once."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from customers.models import (
    AcquisitionCost,
    Attained,
    Customer,
    CustomerHistory,
    DataRequest,
    DayOff,
    HandOver,
    Insight,
    InsightTold,
    Milestone,
    Objective,
    PlanTemplate,
    Product,
    SavedView,
    SuccessPlan,
    TemplateObjective,
    WorkingHours,
)
from tests import factories

pytestmark = pytest.mark.django_db
D = dt.date


def _self_parent():
    one = factories.customer()
    Customer.objects.filter(pk=one.pk).update(parent=one)


def _self_referrer():
    one = factories.customer()
    Customer.objects.filter(pk=one.pk).update(referred_by=one)


def _merged_alive():
    factories.customer(merged_into=factories.customer())


def _history_twice():
    one = factories.customer()
    for value in ("mid", "volume"):
        CustomerHistory.objects.create(customer=one, field="segment", valid_from=D(2026, 1, 1), value=value)


def _contact_twice():
    one = factories.customer()
    factories.contact(one, email="a@b.co")
    factories.contact(one, email="A@B.co")


def _subscription_twice():
    for _n in range(2):
        factories.subscription(external_id="s", starts_on=D(2026, 1, 1))


def _milestone_twice():
    one = factories.customer()
    for _n in range(2):
        Milestone.objects.create(customer=one, milestone="Live", reached_on=D(2026, 1, 1))


def _objective(**fields):
    known = {
        "customer": factories.customer(),
        "name": "Faster",
        "baseline": 10,
        "target": 4,
        "starts_on": D(2026, 1, 1),
        "due_on": D(2026, 7, 1),
    }
    return Objective.objects.create(**{**known, **fields})


def _objective_twice():
    one = _objective()
    _objective(customer=one.customer)


def _product_twice():
    for _n in range(2):
        Product.objects.create(product="Core", plan="Pro", feature="Export")


def _cost_twice():
    for _n in range(2):
        AcquisitionCost.objects.create(month=D(2026, 1, 1), category="sales", amount_cents=1)


def _view_twice(user):
    for _n in range(2):
        SavedView.objects.create(owner=user, name="Mine")


def _asked(**fields):
    fields = {"kind": "erase", "requested_on": D(2026, 1, 1), "due_on": D(2026, 1, 16), **fields}
    return DataRequest.objects.create(**fields)


def _asked_twice():
    one = factories.contact()
    for _n in range(2):
        _asked(contact=one)


def _plan(**fields):
    return SuccessPlan.objects.create(customer=factories.customer(), promise="Faster", **fields)


def _plan_twice():
    one = _plan()
    SuccessPlan.objects.create(customer=one.customer, promise="Again")


def _attained(**fields):
    known = {"side": "ours", "source": "assessment", "value": 8, "stated_on": D(2026, 3, 1)}
    return Attained.objects.create(objective=_objective(), **{**known, **fields})


def _template_objective(template=None, **fields):
    template = template or PlanTemplate.objects.create(name="Mid")
    known = {"position": 1, "name": "Faster", "baseline": 10, "target": 4, "days": 90}
    return TemplateObjective.objects.create(template=template, **{**known, **fields})


def _template_objective_twice():
    one = _template_objective()
    _template_objective(one.template, position=2)


def _hand_over_twice():
    one = factories.user()
    for _n in range(2):
        HandOver.objects.create(leaver=one)


def _told(**fields):
    one = factories.contact()
    made = {"theme": factories.insight_theme(), "customer": one.customer, "contact": one, "text": "Done"}
    return InsightTold.objects.create(**{**made, **fields})


def _told_twice():
    one = _told()
    _told(theme=one.theme, contact=one.contact)


def _repeats_itself():
    one = factories.insight()
    Insight.objects.filter(pk=one.pk).update(duplicate_of=one)


def _theme_twice():
    for _n in range(2):
        factories.insight_theme(name="Slow")


BREAKS = {
    "customers_insight_theme_once": _theme_twice,
    "customers_insight_theme_kind": lambda: factories.insight_theme(kind="praise"),
    "customers_insight_theme_team": lambda: factories.insight_theme(team="legal"),
    "customers_insight_theme_state_fits": lambda: factories.insight_theme(state="declined"),
    "customers_insight_kind": lambda: factories.insight(kind="praise"),
    "customers_insight_source": lambda: factories.insight(source="rumour"),
    "customers_insight_not_its_own_duplicate": _repeats_itself,
    "customers_insight_told_once": _told_twice,
    "customers_insight_helped_when": lambda: _told(helped=True),
    "customers_hand_over_of_one": HandOver.objects.create,
    "customers_hand_over_once": _hand_over_twice,
    "customers_objective_one_measure": lambda: _objective(event="export", milestone="Live"),
    "customers_one_success_plan": _plan_twice,
    "customers_plan_asks_now_and_then": lambda: _plan(ask_every_days=0),
    "customers_attained_sides_apart": lambda: _attained(side="customer"),
    "customers_attained_evidence": lambda: _attained(side="customer", source="conversation", evidence=""),
    "customers_template_objective_once": _template_objective_twice,
    "customers_template_objective_way": lambda: _template_objective(target=10),
    "customers_one_working_hours": lambda: WorkingHours.objects.create(pk=2),
    "customers_day_off_named": lambda: DayOff.objects.create(day=D(2026, 12, 24), name=""),
    "customers_request_kind": lambda: _asked(kind="forget"),
    "customers_request_due": lambda: _asked(due_on=D(2026, 1, 1)),
    "customers_request_open_once": _asked_twice,
    "customers_segment_known": lambda: factories.customer(segment="gold"),
    "customers_stage_known": lambda: factories.customer(stage="churned"),
    "customers_not_own_parent": _self_parent,
    "customers_not_own_referrer": _self_referrer,
    "customers_merged_is_archived": _merged_alive,
    "customers_history_once_a_day": _history_twice,
    "customers_contact_once": _contact_twice,
    "customers_subscription_once": _subscription_twice,
    "customers_subscription_mrr_positive": lambda: factories.subscription(mrr_cents=-1),
    "customers_subscription_span": lambda: factories.subscription(
        starts_on=D(2026, 2, 1), ends_on=D(2026, 1, 31)
    ),
    "customers_contract_span": lambda: factories.contract(starts_on=D(2026, 2, 1), ends_on=D(2026, 1, 31)),
    "customers_cost_once": _cost_twice,
    "customers_cost_first_of_month": lambda: AcquisitionCost.objects.create(
        month=D(2026, 1, 2), category="sales", amount_cents=1
    ),
    "customers_touchpoint_sentiment": lambda: factories.touchpoint(sentiment=3),
    "customers_milestone_once": _milestone_twice,
    "customers_objective_once": _objective_twice,
    "customers_objective_has_distance": lambda: _objective(target=10),
    "customers_objective_span": lambda: _objective(due_on=D(2026, 1, 1)),
    "customers_objective_weight": lambda: _objective(weight=-1),
    "customers_product_feature_once": _product_twice,
    "customers_view_name_once": lambda: _view_twice(factories.user()),
    "customers_builtin_view_once": lambda: [
        SavedView.objects.create(name=f"View {n}", key="same") for n in range(2)
    ],
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_what_breaks_the_constraint(name):
    with pytest.raises(IntegrityError), transaction.atomic():
        BREAKS[name]()


def test_every_constraint_of_the_app_is_broken_here():
    declared = {
        constraint.name
        for model in apps.get_app_config("customers").get_models()
        for constraint in model._meta.constraints
    }
    assert declared == set(BREAKS)


def test_unique_ids_stand():
    factories.customer(external_id="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.customer(external_id="x")
