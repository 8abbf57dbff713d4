"""A portfolio of any size for `bench pages`, made in batches: the same customers every time."""

import datetime as dt
import random
import time as clock
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction

from accounts.models import User, Workspace
from accounts.permissions import Role
from core import time
from core.models import WorkState
from customers.models import (
    Contact,
    Contract,
    Customer,
    Payment,
    Segment,
    Stage,
    Subscription,
    Tag,
    Ticket,
    Touchpoint,
)
from metrics.models import CustomerDay, Night

BATCH = 2000
OWNERS = 20
TAGS = 10
CONTACTS = 5
FIRST = ("Transportadora", "Padaria", "Óticas", "Clínica", "Colégio", "Metalúrgica", "Café", "Hotel")
SECOND = ("Vale Verde", "São Bento", "Boa Vista", "Três Rios", "Alto da Serra", "Água Clara", "Horizonte")
CITIES = (("Castro", "PR"), ("Londrina", "PR"), ("Goiânia", "GO"), ("Belém", "PA"), ("Natal", "RN"))
INDUSTRIES = ("Retail", "Food", "Education", "Industry", "Health", "Logistics")


def fill(*, customers: int, days: int, seed: int = 1) -> float:
    """Fill an empty database and return the seconds it took."""
    start = clock.perf_counter()
    chance = random.Random(seed)  # noqa: S311 - data of a benchmark
    Workspace.get()
    User.objects.create_user(email="manager@bench.test", name="Manager", role=Role.MANAGER)
    owners = [User.objects.create_user(email=f"a{n}@bench.test", name=f"Analyst {n}") for n in range(OWNERS)]
    tags = Tag.objects.bulk_create([Tag(name=f"tag{n}") for n in range(TAGS)])
    today = time.today()
    _save(Customer, (_customer(n, owners, chance, today) for n in range(customers)))
    keys = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    through = Customer.tags.through
    _save(through, (through(customer_id=key, tag_id=chance.choice(tags).pk) for key in keys))
    _facts(keys, chance, today)
    _nights(keys, chance, today, days)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return round(clock.perf_counter() - start, 1)


def _save(model: Any, rows: Iterable[Any]) -> None:
    """Write rows in batches, one transaction each."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        with transaction.atomic():
            model.objects.bulk_create(batch)


def _customer(n: int, owners: list[User], chance: random.Random, today: dt.date) -> Customer:
    city, region = chance.choice(CITIES)
    return Customer(
        external_id=f"c{n}",
        name=f"{chance.choice(FIRST)} {chance.choice(SECOND)} {n}",
        tax_id=f"{n:08}/0001-{n % 100:02}",
        domain=f"c{n}.example",
        industry=chance.choice(INDUSTRIES),
        city=city,
        region=region,
        country="BR",
        segment=chance.choice(Segment.values),
        stage=chance.choice(Stage.values),
        owner=chance.choice(owners),
        started_on=today - dt.timedelta(days=chance.randrange(1500)),
    )


def _facts(keys: list[int], chance: random.Random, today: dt.date) -> None:
    """Write contacts, subscriptions, contracts, payments, tickets and conversations of every customer."""
    begin = today - dt.timedelta(days=400)
    now = time.now()

    def ago(days: int) -> dt.datetime:
        return now - dt.timedelta(days=chance.randrange(days))

    def of_each(times: int) -> Iterator[tuple[int, str]]:
        return ((key, f"{key}-{n}") for key in keys for n in range(times))

    _save(
        Contact,
        (
            Contact(
                customer_id=key, email=f"person{name.split('-')[1]}@c{key}.example", name=f"Person {name}"
            )
            for key, name in of_each(CONTACTS)
        ),
    )
    _save(
        Subscription,
        (
            Subscription(
                customer_id=key, external_id=f"s{name}", starts_on=begin, product="Core", mrr_cents=10_000
            )
            for key, name in of_each(1)
        ),
    )
    _save(
        Contract,
        (
            Contract(
                customer_id=key,
                external_id=f"k{name}",
                starts_on=begin,
                ends_on=today + dt.timedelta(days=90),
            )
            for key, name in of_each(1)
        ),
    )
    _save(
        Payment,
        (
            Payment(customer_id=key, external_id=f"p{name}", paid_on=begin, amount_cents=10_000)
            for key, name in of_each(2)
        ),
    )
    _save(
        Ticket,
        (
            Ticket(customer_id=key, external_id=f"t{name}", opened_at=ago(300), subject="Question")
            for key, name in of_each(2)
        ),
    )
    _save(
        Touchpoint,
        (
            Touchpoint(customer_id=key, external_id=f"tp{name}", kind="call", happened_at=ago(300))
            for key, name in of_each(3)
        ),
    )


def _nights(keys: list[int], chance: random.Random, today: dt.date, days: int) -> None:
    """Write a row of the last night for every customer, and copy it back over the nights before."""
    last = today - dt.timedelta(days=1)
    _save(CustomerDay, (_day(key, chance, last) for key in keys))
    changed = {"id", "day", "opening_mrr_cents", "mrr_cents", "active_people_30"}
    named = {"customer_id", "segment", "stage", "owner_id"}
    columns = [field.attname for field in CustomerDay._meta.concrete_fields]
    figures = ", ".join(column for column in columns if column not in changed | named)
    table = CustomerDay._meta.db_table
    with connection.cursor() as cursor:
        update = (
            f"UPDATE {table} SET segment = c.segment, stage = c.stage, owner_id = c.owner_id"
            f" FROM {Customer._meta.db_table} c WHERE c.id = {table}.customer_id"
        )
        cursor.execute(update)
        for back in range(1, days):
            # A little less each day, so that changes over 30 days are there.
            cursor.execute(
                f"INSERT INTO {table} (day, customer_id, segment, stage, owner_id, opening_mrr_cents,"
                f" mrr_cents, active_people_30, {figures})"
                " SELECT %s, customer_id, segment, stage, owner_id, opening_mrr_cents + customer_id %% 5 * %s,"
                " mrr_cents + customer_id %% 5 * %s, active_people_30 + customer_id %% 3 * %s,"
                f" {figures} FROM {table} WHERE day = %s",
                [last - dt.timedelta(days=back), back * 100, back * 100, back // 10, last],
            )
    Night.objects.bulk_create(
        [
            Night(day=last - dt.timedelta(days=back), state=WorkState.DONE, finished_at=time.now())
            for back in range(days)
        ]
    )


def _day(key: int, chance: random.Random, day: dt.date) -> CustomerDay:
    mrr = chance.randrange(20_000) * 100
    return CustomerDay(
        day=day,
        customer_id=key,
        opening_mrr_cents=mrr,
        mrr_cents=mrr,
        seats=chance.randrange(1, 50),
        active_people_30=chance.randrange(30),
        open_tickets=chance.randrange(4),
        last_touch_on=None if chance.random() < 0.1 else day - dt.timedelta(days=chance.randrange(90)),
        renewal_on=None if chance.random() < 0.1 else day + dt.timedelta(days=chance.randrange(365)),
        paid_cents=chance.randrange(100_000),
        nps_score=None if chance.random() < 0.4 else chance.randrange(11),
    )
