"""Parents and children: which companies belong to a customer."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from customers.details import detail_as_of
from customers.models import Customer, CustomerHistory
from customers.querysets import CustomerQuerySet

DEPTH = 10


def descendants(customer: Customer, day: dt.date | None = None) -> set[int]:
    """Return the keys of a customer's children, and theirs, ten levels down, today or on a past day.

    One query a level.
    """
    found: set[int] = set()
    level = {customer.pk}
    for _step in range(DEPTH):
        rows = Customer.objects.filter(merged_into=None)
        rows = rows.filter(parent_id__in=level) if day is None else _children(rows, level, day)
        level = set(rows.values_list("pk", flat=True)) - found - {customer.pk}
        if not level:
            break
        found |= level
    return found


def _children(rows: CustomerQuerySet, parents: Collection[int], day: dt.date) -> CustomerQuerySet:
    """Keep those that belonged to one of the parents on a day; looked for among those that ever did."""
    keys = [str(key) for key in parents]
    once = CustomerHistory.objects.filter(
        field=CustomerHistory.Field.PARENT, value__in=keys, superseded_at__isnull=True
    )
    ever = rows.filter(Q(parent_id__in=parents) | Q(pk__in=once.values("customer")))
    return ever.alias(at_parent=detail_as_of("parent_id", day)).filter(at_parent__in=keys)
