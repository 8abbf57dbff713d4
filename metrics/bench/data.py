"""A company of any size and any length of history, up to the eve of the night that is measured.

Per customer: 1.35 subscription rows, 1.25 contracts, five contacts and, per 40 days of history, a payment, two
conversations, half a ticket; usage every other day by two people. Raw usage only of the measured day: that of the
days before is rolled up already.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from accounts.models import User, Workspace
from accounts.permissions import Role
from core import time
from core.bench_rows import days_before, insert, next_key, numbers, of, text
from core.models import WorkState
from customers.models import (
    Contact,
    Customer,
    CustomerHistory,
    Segment,
    Stage,
    Tag,
)
from metrics.figure_days import board_keys
from metrics.models import CustomerDay, FigureDay, MonthRecord, Night

OWNERS = 20
TAGS = 10
CONTACTS = 5
FIRST = ("Transportadora", "Padaria", "Óticas", "Clínica", "Colégio", "Metalúrgica", "Café", "Hotel")
SECOND = ("Vale Verde", "São Bento", "Boa Vista", "Três Rios", "Alto da Serra", "Água Clara", "Horizonte")
CITIES = ("Castro", "Londrina", "Goiânia", "Belém", "Natal")
REGIONS = ("PR", "PR", "GO", "PA", "RN")
INDUSTRIES = ("Retail", "Food", "Education", "Industry", "Health", "Logistics")


def customers(count: int, night: dt.date) -> None:
    """Write people, customers, their tags, contacts and history of segment, stage and owner."""
    Workspace.get()
    User.objects.create_user(email="manager@bench.test", name="Manager", role=Role.MANAGER)
    for n in range(OWNERS):
        User.objects.create_user(email=f"a{n}@bench.test", name=f"Analyst {n}")
    Tag.objects.bulk_create([Tag(name=f"tag{n}") for n in range(TAGS)])
    first_owner = User.objects.order_by("pk").values_list("pk", flat=True)[1]
    first_tag = Tag.objects.order_by("pk").values_list("pk", flat=True)[0]
    number = f"WITH RECURSIVE {numbers('n', 'i', count)} {{select}} FROM n"
    owner = f"{first_owner} + i * 7 %% {OWNERS}"
    insert(
        Customer,
        {
            "id": "i + 1",
            "external_id": f"'c' || {text('i')}",
            "name": f"{of(FIRST, 'i')} || ' ' || {of(SECOND, 'i / 8')} || ' ' || {text('i')}",
            "tax_id": f"{text('10000000 + i')} || '/0001-' || {text('10 + i %% 90')}",
            "domain": f"'c' || {text('i')} || '.example'",
            "industry": of(INDUSTRIES, "i * 5 / 3"),
            "city": of(CITIES, "i"),
            "region": of(REGIONS, "i"),
            "country": "'BR'",
            "segment": of(Segment.values, "i / 3"),
            "stage": of(Stage.values, "i / 5"),
            "owner_id": owner,
            "started_on": days_before(night, "i * 37 %% 1500"),
        },
        number,
    )
    next_key(Customer)
    insert(
        Customer.tags.through, {"customer_id": "i + 1", "tag_id": f"{first_tag} + i * 3 %% {TAGS}"}, number
    )
    insert(
        Contact,
        {
            "customer_id": "i + 1",
            "email": f"'person' || {text('k')} || '@c' || {text('i')} || '.example'",
            "name": f"'Person ' || {text('k')}",
        },
        f"WITH RECURSIVE {numbers('n', 'i', count)}, {numbers('m', 'k', CONTACTS)} {{select}} FROM n CROSS JOIN m",
    )
    insert(
        CustomerHistory,
        {
            "customer_id": "i + 1",
            "field": of(("segment", "stage", "owner"), "k"),
            "valid_from": days_before(night, "300 + i %% 100"),
            "value": f"CASE k WHEN 0 THEN {of(Segment.values, 'i / 3')} WHEN 1 THEN {of(Stage.values, 'i / 5')}"
            " ELSE '' END",
            "owner_id": f"CASE k WHEN 2 THEN {owner} END",
        },
        f"WITH RECURSIVE {numbers('n', 'i', count)}, {numbers('m', 'k', 3)} {{select}} FROM n CROSS JOIN m",
    )


def nights_before(night: dt.date, days: int, *, fading: bool = False) -> None:
    """Copy the rows of the night to the days before it, all nights being done then.

    With `fading` figures were a little higher each day before, so that changes over 30 days are there.
    """
    at = time.now()
    higher = {"opening_mrr_cents": (5, 100, 1), "mrr_cents": (5, 100, 1), "active_people_30": (3, 1, 10)}
    columns = [
        str(field.column) for field in CustomerDay._meta.concrete_fields if field.name not in ("id", "day")
    ]
    for back in range(days - 1, 0, -1):
        values = dict.fromkeys(columns, "")
        for name, (modulus, times, a_step) in higher.items() if fading else ():
            values[name] = f" + customer_id %% {modulus} * {times * (back // a_step)}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO metrics_customerday (day, {', '.join(columns)})"
                f" SELECT %s, {', '.join(f'{name}{more}' for name, more in values.items())}"
                " FROM metrics_customerday WHERE day = %s ORDER BY customer_id",
                [night - dt.timedelta(days=back), night],
            )
    Night.objects.bulk_create(
        [
            Night(
                day=night - dt.timedelta(days=back),
                state=WorkState.DONE,
                finished_at=at,
                told_at=at,
                checked_at=at,
            )
            for back in range(days)
        ],
        ignore_conflicts=True,
    )
    _told_before([night - dt.timedelta(days=back) for back in range(1, days)])


def _told_before(days: Sequence[dt.date]) -> None:
    """Write what was told of these days, so that the measured night has nothing to catch up with."""
    FigureDay.objects.bulk_create(
        (
            FigureDay(day=day, key=key, value=day.day, before=day.day % 7)
            for day in days
            for key in board_keys()
        ),
        ignore_conflicts=True,
    )
    MonthRecord.objects.bulk_create(
        (
            MonthRecord(month=month, kind=MonthRecord.Kind.PUBLISHED)
            for month in {day.replace(day=1) for day in days}
        ),
        ignore_conflicts=True,
    )
