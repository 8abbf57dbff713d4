"""A read whose SQL is kept answers as the queryset does."""

import datetime as dt

import pytest
from django.db.models import QuerySet

from core.compiled import Compiled
from core.models import Event

pytestmark = pytest.mark.django_db


def _events(*, kind: str, customer_id: int) -> "QuerySet[Event, tuple[object, ...]]":
    found = Event.objects.filter(kind=kind, customer_id=customer_id, attempts=0)
    return found.order_by("pk").values_list("kind", "payload", "due_at")


def test_it_reads_with_other_values_and_converts_like_the_queryset():
    moment = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    for kind, customer in (("a", 1), ("b", 1), ("a", 2)):
        Event.objects.create(kind=kind, customer_id=customer, payload={"of": customer}, due_at=moment)
    read = Compiled(_events, kind="?", customer_id=-1)
    assert read.rows(kind="a", customer_id=1) == [("a", {"of": 1}, moment)]
    assert read.rows(kind="a", customer_id=2) == list(_events(kind="a", customer_id=2))
    assert read.rows(kind="b", customer_id=2) == []


def test_every_blank_wants_its_value():
    with pytest.raises(ValueError, match="customer_id"):
        Compiled(_events, kind="?", customer_id=-1).rows(kind="a")


def test_a_moment_is_a_blank_too():
    moments = [dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC) for day in (1, 2, 3)]
    for moment in moments:
        Event.objects.create(kind="a", payload={}, due_at=moment)

    def due(by: dt.datetime) -> "QuerySet[Event, tuple[object, ...]]":
        return Event.objects.filter(due_at__lte=by).order_by("due_at").values_list("due_at")

    read = Compiled(due, by=dt.datetime(1901, 2, 3, tzinfo=dt.UTC))
    assert read.rows(by=moments[1]) == [(moments[0],), (moments[1],)]
    assert read.rows(by=moments[2]) == list(due(moments[2]))
