"""The history of customers' segment, stage, owner and tags as an import writes it."""

import datetime as dt
from typing import Any

from accounts.models import User
from accounts.principals import Principal
from customers.models import Customer, CustomerHistory
from customers.models.customer import Decided
from customers.services.history import history_record_many
from ingest.apply.context import Run
from ingest.apply.ledger import PER_STATEMENT

HISTORY = {"segment": "segment", "stage": "stage", "owner_id": "owner", "tags": "tag"}  # attribute → field


def decided_by_hand(keys: list[int]) -> dict[int, set[str]]:
    """Tell for each customer which of segment, stage, owner and tags a person decided on last."""
    latest = CustomerHistory.objects.filter(
        customer_id__in=keys, field__in=HISTORY.values(), superseded_at__isnull=True
    )
    last: dict[tuple[int, str], str] = {}
    for key, field, decided in latest.order_by("valid_from").values_list(
        "customer_id", "field", "decided_by"
    ):
        last[key, "tags" if field == "tag" else field] = decided
    by_hand: dict[int, set[str]] = {}
    for (key, name), decided in last.items():
        if decided == Decided.HAND:
            by_hand.setdefault(key, set()).add(name)
    return by_hand


def record_history(
    *, actor: Principal | None, today: dt.date, histories: dict[str, tuple[dict[int, Any], dict[int, Any]]]
) -> None:
    """Record changes from today on: attribute of `HISTORY` → (values, befores) by customer."""
    for name, (values, befores) in histories.items():
        emails = _emails({*values.values(), *befores.values()}) if name == "owner_id" else {}
        history_record_many(
            values={
                key: emails.get(value, "") if name == "owner_id" else value for key, value in values.items()
            },
            befores={
                key: emails.get(value, "") if name == "owner_id" else value for key, value in befores.items()
            },
            field=HISTORY[name],
            valid_from=today,
            decided_by=Decided.FILE,
            actor=actor,
        )


def first_history(run: Run, new: list[tuple[Customer, str]]) -> None:
    """Record what new customers (with their tag lists) are, from their start, or today, on."""
    emails = _emails({customer.owner_id for customer, _ in new})
    rows = []
    for customer, tags in new:
        told = {
            "segment": customer.segment,
            "stage": customer.stage,
            "owner": emails.get(customer.owner_id, ""),
            "tag": tags,
        }
        rows += [
            CustomerHistory(
                customer=customer,
                field=name,
                value=value,
                valid_from=min(customer.started_on or run.form.today, run.form.today),
                owner_id=customer.owner_id if name == "owner" else None,
                decided_by=Decided.FILE,
                actor=run.person,
                recorded_at=run.at,
            )
            for name, value in told.items()
            if value
        ]
    CustomerHistory.objects.bulk_create(rows, batch_size=PER_STATEMENT)


def _emails(owners: set[Any]) -> dict[Any, str]:
    return dict(User.objects.filter(pk__in=owners - {None}).values_list("pk", "email"))
