"""Reads of what customers were on a past day."""

import datetime as dt
from collections.abc import Collection

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from customers.models import Customer, CustomerHistory

SEPARATOR = "|"


def value_as_of(*, customer_id: int, field: str, day: dt.date) -> str | None:
    """Return a customer's segment, stage, owner's e-mail or tag list on a day, as we know it now.

    Before the first recorded value that value holds; None where nothing was ever recorded.
    """
    rows = CustomerHistory.objects.filter(
        customer_id=customer_id, field=field, superseded_at__isnull=True
    ).values_list("value", flat=True)
    then = rows.filter(valid_from__lte=day).order_by("-valid_from").first()
    return then if then is not None else rows.order_by("valid_from").first()


def tags_as_of(keys: Collection[int], day: dt.date) -> dict[int, list[str]]:
    """Return the tags of customers on a day, by customer; two queries, however many there are.

    Before the first recorded list that list holds; where none was ever recorded, today's tags are all that is known.
    """
    held: dict[int, str] = {}
    recorded = CustomerHistory.objects.filter(
        customer_id__in=keys, field=CustomerHistory.Field.TAG, superseded_at__isnull=True
    )
    for key, since, value in recorded.order_by("valid_from").values_list(
        "customer_id", "valid_from", "value"
    ):
        if since <= day or key not in held:
            held[key] = value
    found = {key: [name for name in value.split(SEPARATOR) if name] for key, value in held.items()}
    unrecorded = [key for key in keys if key not in held]
    pairs = Customer.tags.through.objects.filter(customer_id__in=unrecorded).order_by("tag__name")
    for key, name in pairs.values_list("customer_id", "tag__name"):
        found.setdefault(key, []).append(name)
    return found


def tag_list_as_of(day: dt.date) -> Coalesce:
    """Return the expression of a customer's tag list on a day, joined by `|`; null where none was ever recorded."""
    recorded = CustomerHistory.objects.filter(
        customer=OuterRef("pk"), field=CustomerHistory.Field.TAG, superseded_at__isnull=True
    )
    then = recorded.filter(valid_from__lte=day).order_by("-valid_from").values("value")
    return Coalesce(Subquery(then[:1]), Subquery(recorded.order_by("valid_from").values("value")[:1]))
