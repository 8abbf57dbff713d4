"""Renewals: found from the contracts by METRICS.md's rule, called by people, judged when they are decided."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from core import time
from core.models import Event
from customers.models import Contract, Customer
from metrics import renewals as figures
from metrics.foreground import run_days
from metrics.models import Night, RiskDay, RiskModel
from metrics.periods import Period
from metrics.scope import cell, cell_of
from metrics.slices import Only
from playbooks.models import Renewal, RenewalCall
from playbooks.renewals.calls import disagreement, error, right
from playbooks.renewals.night import evaluate, hear_facts_changed
from playbooks.services.renewals import renewal_update
from tests import factories

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def ends_in(days, customer=None, **fields):
    today = time.today()
    return factories.contract(
        customer or factories.customer(),
        starts_on=today - dt.timedelta(days=360),
        ends_on=today + dt.timedelta(days=days),
        value_cents=1_200_000,
        **fields,
    )


def look(day=None):
    night = day or time.today() - DAY
    for low in {cell_of(key) for key in Customer.objects.values_list("pk", flat=True)}:
        evaluate(night, night, cell(low))


def states():
    soon = time.today() + 100 * DAY
    return dict(Renewal.objects.filter(due_on__lt=soon).values_list("customer__name", "state"))


def test_contracts_of_a_day_are_one_renewal_with_their_values_summed():
    customer = factories.customer(name="Sol")
    ends_in(40, customer)
    ends_in(40, customer, auto_renews=True)
    look()
    row = Renewal.objects.get()
    assert (row.state, row.value_cents, row.auto_renews, row.decided_on) == ("open", 2_400_000, True, None)
    assert row.likelihood == 9_500  # nothing is known of its health: what is guessed of such ones
    look()
    assert Renewal.objects.count() == 1


def test_the_forecast_is_the_own_risk_where_a_model_tells_it_and_low_for_what_is_cancelled():
    near, far, band, ended = ends_in(45), ends_in(300), ends_in(45), ends_in(45, cancelled_on=time.today())
    night = time.today() - DAY
    model = RiskModel.objects.create(
        number=1, trained_on=night, state="used", auc=0.8, auc_low=0.7, auc_high=0.9, rows=1
    )
    for one in (near, far, ended):
        RiskDay.objects.create(
            day=night,
            customer=one.customer,
            model=model,
            within_30=100,
            within_60=700,
            within_90=900,
            within_180=1_500,
            within_360=4_000,
        )
    look()
    told = dict(Renewal.objects.values_list("customer", "likelihood"))
    keys = [one.customer_id for one in (near, far, band, ended)]
    assert [told[key] for key in keys] == [9_300, 6_000, 9_500, 500]


def test_won_lost_and_past_their_day_are_told_as_the_figure_tells_them():
    for name, days in (("ahead", 40), ("signed", 50), ("waits", -10), ("lost", -60), ("pays", -70)):
        customer = factories.customer(name=name)
        old = ends_in(days, customer)
        if name == "signed":
            factories.contract(
                customer,
                starts_on=old.ends_on,
                ends_on=old.ends_on + dt.timedelta(days=365),
                signed_on=time.today() - 3 * DAY,
                renews_external_id=old.external_id,
            )
        if name == "pays":
            factories.subscription(customer, starts_on=old.starts_on)
    last = time.today() - DAY
    run_days(last - dt.timedelta(days=80), last, lambda done, total: None)
    assert states() == {"ahead": "open", "signed": "won", "waits": "pending", "lost": "lost", "pays": "won"}
    period = Period(last - dt.timedelta(days=100), last + dt.timedelta(days=1))
    told = figures.read([period], None, Only(), last)[(period, None)]
    decided = Renewal.objects.filter(due_on__lte=last)
    assert (told.due, told.renewed, told.undecided) == (
        decided.count(),
        decided.filter(state="won").count(),
        decided.filter(state="pending").count(),
    )


def test_a_fact_that_comes_in_is_heard_at_once_and_a_contract_that_is_gone_leaves():
    quiet, told = ends_in(40), ends_in(50)
    look()
    Renewal.objects.filter(customer=told.customer).update(note="Asked for a discount")
    Contract.objects.all().delete()
    finished_night()
    hear_facts_changed(
        [
            Event(kind="fact.changed", customer_id=c.customer_id, payload={"what": "contract"})
            for c in (quiet, told)
        ]
    )
    assert list(Renewal.objects.values_list("customer", "state")) == [(told.customer_id, "gone")]


def finished_night():
    Night.objects.get_or_create(day=time.today() - DAY, state="done")


def test_forecast_and_call_are_kept_as_they_were_30_days_before(analyst):
    near, far = ends_in(20), ends_in(60)
    look()
    row = Renewal.objects.get(customer=far.customer)
    renewal_update(actor=analyst, renewal=row, changes={"call": "at_risk"})
    look()
    row.refresh_from_db()
    assert (row.early_call, row.early_likelihood) == ("at_risk", row.likelihood)
    late = Renewal.objects.get(customer=near.customer)
    renewal_update(actor=analyst, renewal=late, changes={"call": "renews"})
    look()
    late.refresh_from_db()
    assert (late.early_call, late.early_likelihood) == ("", None)


def test_every_call_is_kept_beside_the_forecast_of_that_moment(analyst):
    row = Renewal.objects.create(customer=factories.customer(), due_on=time.today() + DAY, likelihood=9_000)
    for call in ("renews", "renews", "leaves", "leaves"):
        row = renewal_update(actor=analyst, renewal=row, changes={"call": call, "stage": "contacted"})
    assert list(RenewalCall.objects.values_list("call", "likelihood")) == [
        ("leaves", 9_000),
        ("renews", 9_000),
    ]


def test_what_is_decided_takes_a_note_only(analyst):
    row = Renewal.objects.create(
        customer=factories.customer(), due_on=time.today() - DAY, state="lost", decided_on=time.today()
    )
    renewal_update(actor=analyst, renewal=row, changes={"note": "Price", "call": ""})
    with pytest.raises(ValidationError, match="decided"):
        renewal_update(actor=analyst, renewal=row, changes={"call": "leaves"})


def test_disagreement_and_being_right():
    assert disagreement("renews", 9_000) is None
    assert disagreement("at_risk", 9_000) == -5_000
    assert disagreement("", 9_000) is None
    assert [right(9_000, True), right(4_000, True), right(5_000, True), right(None, True)] == [
        True,
        False,
        None,
        None,
    ]
    assert error(10_000, True) == 0 and error(5_000, False) == 0.25
