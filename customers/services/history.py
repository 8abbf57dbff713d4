"""What a customer was from a day on: each change of segment, stage, owner, tags or details is a row."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from accounts.principals import Principal
from core import time
from core.insert_many import insert_many
from customers.details import RECORDED, recorded_text
from customers.models import Customer, CustomerHistory
from customers.models.customer import Decided

BATCH = 1000


def history_record(
    *,
    customer: Customer,
    field: str,
    value: str,
    valid_from: dt.date,
    decided_by: str,
    actor: Principal | None,
    reason: str = "",
    before: str | None = None,
) -> CustomerHistory:
    """Record that a customer's `field` is `value` from a day on; a row of the same day is superseded and kept.

    `value` is a segment or stage key, the owner's e-mail ("" for none) or the tag list joined by `|`.
    `before` is what held until now: it is recorded first where nothing was, so that the past keeps it
    (before the first recorded value that value holds).
    """
    history_record_many(
        values={customer.pk: value},
        befores=None if before is None else {customer.pk: before},
        field=field,
        valid_from=valid_from,
        decided_by=decided_by,
        actor=actor,
        reason=reason,
    )
    return CustomerHistory.objects.get(
        customer=customer, field=field, valid_from=valid_from, superseded_at__isnull=True
    )


@transaction.atomic
def history_record_many(
    *,
    values: Mapping[int, str],
    field: str,
    valid_from: dt.date,
    decided_by: str,
    actor: Principal | None,
    reason: str = "",
    befores: Mapping[int, str] | None = None,
) -> None:
    """Do what `history_record` does for many customers, in a fixed number of statements a batch.

    `values` and `befores` map a customer's key to its value.
    """
    at = time.now()
    person = None if actor is None else actor.person  # who is nobody's is named by the audit trail alone
    keys = list(values)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        _baselines(batch, befores or {}, field, valid_from)
        CustomerHistory.objects.filter(
            customer_id__in=batch, field=field, valid_from=valid_from, superseded_at__isnull=True
        ).update(superseded_at=at)
    owners = _owner_keys(set(values.values())) if field == CustomerHistory.Field.OWNER else {}
    insert_many(
        CustomerHistory,
        ((key, value, owners.get(value.lower())) for key, value in values.items()),
        varying=("customer", "value", "owner"),
        same={
            "field": field,
            "valid_from": valid_from,
            "decided_by": decided_by,
            "actor": person.pk if person else None,
            "reason": reason[:300],
            "recorded_at": at,
        },
    )


def details_record(
    *,
    befores: Mapping[int, Mapping[str, Any]],
    afters: Mapping[int, Mapping[str, Any]],
    decided_by: str,
    actor: Principal | None,
    reason: str = "",
) -> None:
    """Record, from today on, which of customers' recorded details (`customers.details`) changed.

    Both map a customer's key to its columns; columns that are no detail are passed over. What a customer is at the
    end of the day it was first written down holds for the time before, so that day's changes are not recorded.
    """
    changed = {
        column: {
            key: recorded_text(column, befores[key][column])
            for key, after in afters.items()
            if column in after and after[column] != befores[key][column]
        }
        for column in RECORDED
    }
    keys = sorted({key for was in changed.values() for key in was})
    fresh: set[int] = set()
    for start in range(0, len(keys), BATCH):
        rows = Customer.objects.filter(
            pk__in=keys[start : start + BATCH], created_at__gte=time.day_start(time.today())
        )
        fresh.update(rows.values_list("pk", flat=True))
    for column, field in RECORDED.items():
        was = {key: value for key, value in changed[column].items() if key not in fresh}
        if was:
            history_record_many(
                values={key: recorded_text(column, afters[key][column]) for key in was},
                befores=was,
                field=field,
                valid_from=time.today(),
                decided_by=decided_by,
                actor=actor,
                reason=reason,
            )


def _baselines(keys: list[int], befores: Mapping[int, str], field: str, valid_from: dt.date) -> None:
    """Record what held until now for customers of which nothing was recorded yet."""
    wanted = [key for key in keys if key in befores]
    if not wanted:
        return
    new = (
        Customer.objects.filter(pk__in=wanted)
        .exclude(
            pk__in=CustomerHistory.objects.filter(field=field, customer_id__in=wanted).values("customer")
        )
        .values_list("pk", "started_on", "created_at")
    )
    owners = _owner_keys({befores[key] for key in wanted}) if field == CustomerHistory.Field.OWNER else {}
    eve = valid_from - dt.timedelta(days=1)
    rows = [
        (
            key,
            befores[key],
            owners.get(befores[key].lower()),
            min(started_on or time.local_day(created_at), eve),
        )
        for key, started_on, created_at in new
    ]
    insert_many(
        CustomerHistory,
        ((key, value, owner, connection.ops.adapt_datefield_value(day)) for key, value, owner, day in rows),
        varying=("customer", "value", "owner", "valid_from"),
        same={"field": field, "decided_by": Decided.RULE, "reason": "", "recorded_at": time.now()},
    )


def _owner_keys(emails: set[str]) -> dict[str, int]:
    """Map the e-mails (lower case) of people to their keys."""
    lowered = {email.lower() for email in emails if email}
    return {
        email.lower(): key for key, email in User.objects.filter(email__in=lowered).values_list("pk", "email")
    }
