"""Who is meant by an id of a tracking call, and at which customer that person is."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Max, Min, Q

from core import time
from customers.erased import ErasedPeople
from customers.models import Contact
from ingest.apply import references
from ingest.intake.messages import Said
from ingest.models import HeldEvent, IntakePerson
from metrics.models import UsageDay, UsageEvent, UsageRolled
from metrics.scope import cell_of
from metrics.staleness import Late, mark_usage_stale

BACK = 400  # days in which usage that is not rolled up yet is looked for
HOPS = 3  # an alias of an alias; a circle ends there too
SIZE = 400  # keys a statement: SQLite takes a thousand parameters or more
_TABLE = IntakePerson._meta.db_table
Row = tuple[str, str, str, str, dt.datetime]


def remember_people(said: Iterable[Said]) -> None:
    """Keep what calls say about people; of two that say something about one person the later one stands.

    Who used to be anonymous and is somebody now has one name from then on, also in the usage there is already.
    The address of somebody who was erased is not kept again.
    """
    rows: list[Row] = []
    erased = ErasedPeople.load()
    for one in sorted(said, key=lambda each: each.at):
        if erased.find(0, one.user):
            continue
        email = "" if erased.find(0, one.email) else one.email
        rows.append((one.user, one.same_as, one.group, email, one.at))
        if one.anonymous:
            rows.append((one.anonymous, one.user, one.group, "", one.at))
    rows = [row for row in rows if row[0] and row[0] != row[1]]
    known = _known({row[0] for row in rows})
    _upsert(sorted(rows))
    changed = {row[0] for row in rows if row[1] and (row[0] not in known or known[row[0]].same_as != row[1])}
    _rename(changed)
    _find_customers({row[0] for row in rows} | {row[1] for row in rows if row[1]})


def told_by_events(events: Iterable[Said]) -> list[Said]:
    """Return of each kind of thing that events say about people one, where it is not known yet."""
    told: dict[tuple[str, str], Said] = {}
    for one in sorted(events, key=lambda each: each.at):
        if one.anonymous and (one.anonymous != one.user or one.group):
            told[one.anonymous, one.user] = one
    known = _known({key for key, _ in told})
    new = []
    for (key, user), one in told.items():
        there = known.get(key)
        says = there.same_as == user if there and key != user else bool(there and there.customer_key)
        if not says:
            new.append(replace(one, group=one.group if key == user else ""))
    return new


def _rename(users: set[str]) -> None:
    """Give usage that was recorded under these ids the names of who they are, at the customers these are at."""
    names = {user: name for user, name in names_of(users).items() if name != user}
    if not names:
        return
    firms = firms_of({*names, *names.values()})
    ids = references.customer_ids(set(firms.values()))
    late: list[Late] = []
    for user, name in sorted(names.items()):
        wanted = {ids[firm] for one in (user, name) if (firm := firms.get(one, "")) in ids}
        days = _days_of(wanted, user)
        rows = UsageEvent.objects.filter(day__in=days, customer__in=wanted, person=user)
        for customer, low, high in rows.order_by().values_list("customer").annotate(Min("day"), Max("day")):
            late.append(Late(customer, low, high))
        rows.update(person=name)
    if late:
        mark_usage_stale(late)


def _days_of(customers: set[int], user: str) -> set[dt.date]:
    """Return the days that may have usage under an id: those rolled up with it, and those not rolled up yet."""
    today = time.today()
    recent = {today - dt.timedelta(days=back) for back in range(-1, BACK)}
    days = set(UsageDay.objects.filter(customer__in=customers, person=user).values_list("day", flat=True))
    for cell in {cell_of(customer) for customer in customers}:
        rolled = UsageRolled.objects.filter(cell=cell, day__gte=min(recent))
        days |= recent - set(rolled.values_list("day", flat=True))
    return days


def names_of(users: Iterable[str]) -> dict[str, str]:
    """Map ids to the one name of the person they are: a browser's to who signed in there, an alias to whom it means."""
    names = {user: user for user in users}
    for _ in range(HOPS):
        known = _known(set(names.values()))
        further = {user: known[name].same_as for user, name in names.items() if name in known}
        further = {user: name for user, name in further.items() if name}
        if not further:
            break
        names |= further
    return names


def _find_customers(users: set[str]) -> None:
    """Tell held events of these people, and of those who are the same, whose they are."""
    keys = sorted(users)
    for start in range(0, len(keys), SIZE):
        part = keys[start : start + SIZE]
        same = IntakePerson.objects.filter(same_as__in=part).values("user_key")
        nobodys = HeldEvent.objects.filter(Q(person__in=part) | Q(person__in=same), customer_key="")
        waiting = sorted(set(nobodys.order_by().values_list("person", flat=True)))
        for user, firm in firms_of(waiting).items():
            HeldEvent.objects.filter(person=user, customer_key="").update(customer_key=firm)


def _upsert(rows: list[Row]) -> None:
    newer = f"excluded.said_at >= {_TABLE}.said_at"
    sets = ", ".join(
        f"{name} = CASE WHEN excluded.{name} <> '' AND ({newer} OR {_TABLE}.{name} = '')"
        f" THEN excluded.{name} ELSE {_TABLE}.{name} END"
        for name in ("same_as", "customer_key", "email")
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_TABLE} (user_key, same_as, customer_key, email, said_at) VALUES (%s, %s, %s, %s, %s)"
            f" ON CONFLICT (user_key) DO UPDATE SET {sets},"
            f" said_at = CASE WHEN {newer} THEN excluded.said_at ELSE {_TABLE}.said_at END",
            [(*row[:4], _moment(row[4])) for row in rows],
        )


def _moment(at: dt.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def firms_of(users: Iterable[str]) -> dict[str, str]:
    """Map people to the key of the customer they are at: as a call said, or as their contact; others are left out."""
    wanted = sorted(set(users))
    known = _known(wanted)
    known |= _known({one.same_as for one in known.values() if one.same_as} - known.keys())
    firms: dict[str, str] = {}
    names: dict[str, set[str]] = {}
    for user in wanted:
        one = known.get(user)
        other = known.get(one.same_as) if one and one.same_as else None
        firm = next((each.customer_key for each in (one, other) if each and each.customer_key), "")
        if firm:
            firms[user] = firm
        else:
            addresses = {each.email for each in (one, other) if each and each.email}
            names[user] = {user, user.lower()} | addresses | ({one.same_as} if one and one.same_as else set())
    return firms | _by_contact(names)


def _known(users: Iterable[str]) -> dict[str, IntakePerson]:
    keys = sorted(users)
    found: dict[str, IntakePerson] = {}
    for start in range(0, len(keys), SIZE):
        part = IntakePerson.objects.filter(user_key__in=keys[start : start + SIZE])
        found |= {one.user_key: one for one in part}
    return found


def _by_contact(names: dict[str, set[str]]) -> dict[str, str]:
    """Find people among the contacts, by id or address; somebody who is at two customers is nobody's."""
    wanted = sorted(set().union(*names.values()))
    at: dict[str, set[str]] = {}
    for start in range(0, len(wanted), SIZE):
        part = wanted[start : start + SIZE]
        found = Contact.objects.filter(Q(external_id__in=part) | Q(email__in=part), archived_at__isnull=True)
        for own, email, firm in found.order_by().values_list("external_id", "email", "customer__external_id"):
            at.setdefault(own or email, set()).add(firm)
            at.setdefault(email, set()).add(firm)
    firms = {}
    for user, known_as in names.items():
        places = set().union(*(at.get(name, set()) for name in known_as))
        if len(places) == 1:
            firms[user] = next(iter(places))
    return firms
