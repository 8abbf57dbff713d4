"""Take in the items of a call: one transaction, committed before the call is answered."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import OperationalError, connection, transaction

from core import time
from customers.erased import ErasedPeople
from ingest.apply import references
from ingest.apply.usage_store import UsageRow, insert_usage
from ingest.intake.messages import SEEN, Refused, Said, read_item
from ingest.intake.people import firms_of, names_of, remember_people, told_by_events
from ingest.models import HeldEvent
from ingest.problems.noting import Odd, note_problems
from metrics.models import UsageEvent
from metrics.staleness import Late, mark_usage_stale

TRIES = 5  # two calls that touch the same customers may lock each other out; PostgreSQL ends one of them
EVENTS = frozenset({"track", *SEEN})


def take(source: str, items: Sequence[Any]) -> None:
    """Record the items of a call; what cannot be read is counted among the source's problems.

    The same item twice (by `messageId`), in whatever calls, is one event. When this returns, all of it is durable.
    """
    now = time.now()
    said, odd = _read(items, now)
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                _record(source, said, odd, now)
            return
        except OperationalError:
            if not left or connection.vendor != "postgresql" or connection.in_atomic_block:
                raise


def _read(items: Sequence[Any], now: dt.datetime) -> tuple[list[Said], list[Odd]]:
    end = time.day_start(time.local_day(now) + dt.timedelta(days=1))
    said: list[Said] = []
    odd: list[Odd] = []
    equal: Counter[str] = Counter()
    for item in items:
        number = 0
        if isinstance(item, dict) and not item.get("messageId"):
            number = equal[repr(item)]
            equal[repr(item)] += 1
        try:
            said.append(read_item(item, now=now, end=end, number=number))
        except Refused as why:
            odd.append(why.odd(item))
    return said, odd


def _record(source: str, said: Sequence[Said], odd: list[Odd], now: dt.datetime) -> None:
    people = [one for one in said if one.type not in EVENTS]
    people += told_by_events(one for one in said if one.type in EVENTS and one.anonymous)
    if people:
        remember_people(people)
    events = {one.message_id: one for one in said if one.type in EVENTS}
    rows, held = settle(events.values())
    record_usage(rows)
    waiting = hold(held, now)
    note_problems(source, [*odd, *map(_homeless, waiting)], at=now)


def _homeless(one: Said) -> Odd:
    if one.group:
        return Odd("unknown_customer", one.group, one.event)
    return Odd("unknown_person", one.user, one.event)


def settle(events: Iterable[Said]) -> tuple[list[UsageRow], list[Said]]:
    """Return events as rows of the table, in the order of their keys, and those whose customer is not there."""
    events = sorted(events, key=lambda one: one.message_id)
    firms = firms_of(one.user for one in events if not one.group)
    keys = {one.group or firms.get(one.user, "") for one in events}
    ids = references.customer_ids(keys - {""})
    names = names_of(one.user for one in events)
    zone, erased = time.workspace_zone(), ErasedPeople.load()
    rows: list[UsageRow] = []
    held: list[Said] = []
    for one in events:
        customer = ids.get(one.group or firms.get(one.user, ""))
        if customer is None:
            held.append(one)
        else:
            day = one.at.astimezone(zone).date()
            gone = erased.find(customer, one.user) or erased.find(customer, names[one.user])
            login = names[one.user] if gone is None else gone.alias
            rows.append((customer, day, one.at, one.event, login, 1, one.message_id, None))
    return rows, held


def record_usage(rows: Sequence[UsageRow]) -> int:
    """Write rows that are new and mark the days they are late for; return how many were new."""
    made = insert_usage(rows)
    if made:
        days: dict[int, tuple[dt.date, dt.date]] = {}
        for row in rows:
            low, high = days.get(row[0], (row[1], row[1]))
            days[row[0]] = (min(low, row[1]), max(high, row[1]))
        mark_usage_stale(Late(customer, *span) for customer, span in sorted(days.items()))
    return made


def hold(held: Sequence[Said], now: dt.datetime) -> list[Said]:
    """Keep events until their customer appears; return those that were not kept or recorded before."""
    if not held:
        return []
    keys = [one.message_id for one in held]
    there = set(UsageEvent.objects.filter(message_id__in=keys).values_list("message_id", flat=True))
    there |= set(HeldEvent.objects.filter(message_id__in=keys).values_list("message_id", flat=True))
    new = [one for one in held if one.message_id not in there]
    HeldEvent.objects.bulk_create(
        [
            HeldEvent(
                message_id=one.message_id,
                customer_key=one.group,
                person=one.user,
                occurred_at=one.at,
                event=one.event,
                received_at=now,
            )
            for one in new
        ],
        ignore_conflicts=True,
        batch_size=100,
    )
    return new
