"""Activation by the example of METRICS.md, its edges, and versions that hold from a start on."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from customers.models import CustomerHistory, Milestone
from metrics.kpis import kpis
from metrics.models import ActivationCriteria
from metrics.services.activation import Asked, activation_publish, asked_by, versions
from tests import factories
from tests.nights import D, run

pytestmark = pytest.mark.django_db

MARCH, APRIL = dt.date(2024, 3, 1), dt.date(2024, 4, 1)
LAST = dt.date(2024, 3, 31)
LOGINS = Asked("login", "login", 3, 14)
GO_LIVE = Asked("milestone", "Go-live", 1, 10)


@pytest.fixture
def admin():
    return factories.user(role="admin")


def publish(admin, *asked: Asked, segment: str = "", applies_from: dt.date | None = None):
    return activation_publish(actor=admin, segment=segment, applies_from=applies_from, asked=asked)


def started(on: dt.date, *logins: int, milestone: int | None = None, **fields):
    """A customer that started on a day and logged in on these days after it."""
    customer = factories.customer(started_on=on, **fields)
    for after in logins:
        day = on + after * D
        at = dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)
        factories.usage(customer, event="login", day=day, occurred_at=at)
    if milestone is not None:
        Milestone.objects.create(customer=customer, milestone="Go-live", reached_on=on + milestone * D)
    return customer


def row(**asked):
    return kpis(**{"first": MARCH, "end": APRIL, "keys": ["activation_rate"], **asked})["rows"][0]


def test_4_closed_of_whom_2_activated_and_3_open_all_activated_are_50_per_cent(admin):
    publish(admin, LOGINS)
    for logins in ((0, 1, 2), (0, 5, 13), (0, 1), ()):
        started(MARCH, *logins)
    for _ in range(3):
        started(LAST - 5 * D, 0, 1, 2)
    run(MARCH, LAST)
    told = row()
    assert told["values"] == {"activation_rate": 0.5}
    assert told["counts"] == {"activation_rate": {"numerator": 2, "denominator": 4}}
    assert told["provisional"] == ["activation_rate"]
    assert told["notes"] == {"activation_rate": "Still open: 3 of 3 activated so far"}
    run(APRIL, APRIL + 20 * D)
    told = row()
    assert told["counts"] == {"activation_rate": {"numerator": 5, "denominator": 7}}
    assert "provisional" not in told


def test_day_d_is_outside_and_so_is_the_day_before_the_start(admin):
    publish(admin, LOGINS)
    started(MARCH, 0, 1, 14)
    started(MARCH + D, -1, 1, 2)
    run(MARCH - D, LAST)
    assert row()["values"] == {"activation_rate": 0.0}


def test_all_that_is_asked_for_must_be_there(admin):
    publish(admin, LOGINS, GO_LIVE)
    started(MARCH, 0, 1, 2, milestone=9)
    started(MARCH, 0, 1, 2, milestone=10)
    started(MARCH, 0, 1, milestone=1)
    run(MARCH, LAST)
    assert row()["counts"]["activation_rate"] == {"numerator": 1, "denominator": 3}


def test_the_window_closes_with_the_last_of_its_days(admin):
    publish(admin, LOGINS)
    started(LAST - 13 * D, 0, 1, 2)
    started(LAST - 12 * D, 0, 1, 2)
    run(MARCH, LAST)
    told = row()
    assert told["counts"]["activation_rate"] == {"numerator": 1, "denominator": 1}
    assert told["notes"]["activation_rate"] == "Still open: 1 of 1 activated so far"


def test_without_criteria_nobody_is_counted():
    started(MARCH, 0, 1, 2)
    run(MARCH, LAST)
    assert row()["counts"] == {"activation_rate": {"numerator": 0, "denominator": 0}}
    assert row()["values"] == {"activation_rate": None}


def test_a_segment_goes_by_its_own_criteria_until_they_are_taken_back(admin):
    publish(admin, LOGINS)
    publish(admin, Asked("login", "login", 1, 14), segment="mid")
    customer = started(MARCH, 0)
    started(MARCH, 0)
    CustomerHistory.objects.create(customer=customer, field="segment", valid_from=MARCH, value="mid")
    run(MARCH, LAST)
    assert row(segment="mid")["values"] == {"activation_rate": 1.0}
    assert row()["values"] == {"activation_rate": 0.5}
    publish(admin, segment="mid")
    assert row()["values"] == {"activation_rate": 0.0}


def test_a_version_holds_for_customers_that_start_from_its_day_on(admin):
    publish(admin, Asked("login", "login", 1, 14))
    publish(admin, LOGINS, applies_from=MARCH + 5 * D)
    started(MARCH + 4 * D, 0)
    started(MARCH + 5 * D, 0)
    run(MARCH, LAST)
    assert row()["counts"]["activation_rate"] == {"numerator": 1, "denominator": 2}


def test_versions_are_kept_numbered_and_audited(admin):
    publish(admin, LOGINS)
    publish(admin, LOGINS, GO_LIVE, applies_from=MARCH)
    assert publish(admin, LOGINS, GO_LIVE, applies_from=MARCH) is None
    newest, first = versions("")
    assert (newest.version, asked_by(newest)) == (2, [LOGINS, GO_LIVE])
    assert (first.version, asked_by(first)) == (1, [LOGINS])
    assert AuditEntry.objects.filter(action="activation.published", actor=admin).count() == 2


def test_nothing_to_ask_for_is_not_published_where_nothing_was(admin):
    assert publish(admin, segment="mid") is None
    assert not ActivationCriteria.objects.exists()


@pytest.mark.parametrize(
    ("asked", "segment"),
    [
        ([LOGINS], "tiny"),
        ([Asked("login", "", 1, 7)], ""),
        ([Asked("login", "login", 0, 7)], ""),
        ([Asked("milestone", "Go-live", 2, 7)], ""),
        ([LOGINS, Asked("login", "login", 5, 14)], ""),
    ],
)
def test_what_cannot_be_met_is_refused_and_nothing_is_kept(admin, asked, segment):
    with pytest.raises(ValidationError):
        publish(admin, *asked, segment=segment)
    assert not ActivationCriteria.objects.exists()
