"""The demo's success plans: two customers of one NPS and opposite gaps, one that leaves because we saw it otherwise."""

import datetime as dt
from random import Random

import pytest

from core import time
from customers.models import Attained, Contact, Objective, SuccessPlan
from surveys.models import Response
from tests import factories
from workspace.demo import load
from workspace.demo.facts import people, success
from workspace.demo.lives import Course, company_lives
from workspace.success.plan import Facts

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def lives():
    return company_lives(1, time.today())


def written(life, view=None):
    """Write one life's plan as the demo does; return the customer."""
    customer = factories.customer(started_on=life.starts_on)
    contacts = people.contact_rows(life, Random(1), time.today())
    ids = dict(
        zip(
            (row["email"] for row in contacts),
            load._write(Contact, contacts, {life.number: customer.pk}),
            strict=True,
        )
    )
    load._plan(life, contacts, ids, view, Random(life.number), {life.number: customer.pk}, time.today())
    return customer


def test_two_customers_with_the_same_nps_stand_opposite_to_what_is_due(lives):
    apart = success.opposites(lives)
    assert len(apart) == 2
    by_number = {life.number: life for life in lives}
    gaps = []
    for number, view in apart.items():
        customer = written(by_number[number], view)
        day = time.today()
        gaps.append(Facts([customer.pk], day).on(customer.pk, day).total.value_gap)
    assert gaps[0] is not None and gaps[1] is not None and gaps[0] > gaps[1] + 20
    assert set(Response.objects.values_list("survey", "score")) == {("nps", success.SAME_NPS)}


def test_of_customers_that_leave_the_team_believed_far_more_than_they_confirmed(lives):
    long_there = dt.timedelta(days=300)
    life = next(
        one
        for one in lives
        if one.course is Course.LEAVES
        and one.segment != "volume"
        and one.leaves_on
        and one.leaves_on - one.starts_on > long_there
    )
    customer = written(life)
    day = life.leaves_on - dt.timedelta(days=1)
    gap = Facts([customer.pk], day).on(customer.pk, day).total.perception_gap
    assert gap is not None and gap > 15


def test_what_is_written_is_of_the_past_and_small_customers_have_no_plan(lives):
    customer = written(next(one for one in lives if one.segment == "mid"))
    assert SuccessPlan.objects.filter(customer=customer).count() == 1
    assert Objective.objects.filter(customer=customer).count() >= 2
    assert not Attained.objects.filter(stated_on__gt=time.today()).exists()
    small = written(next(one for one in lives if one.segment == "volume"))
    assert not SuccessPlan.objects.filter(customer=small).exists()
