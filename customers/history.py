"""Reads of what customers were on a past day."""

import datetime as dt

from customers.models import CustomerHistory


def value_as_of(*, customer_id: int, field: str, day: dt.date) -> str | None:
    """Return a customer's segment, stage, owner's e-mail or tag list on a day, as we know it now.

    Before the first recorded value that value holds; None where nothing was ever recorded.
    """
    rows = CustomerHistory.objects.filter(
        customer_id=customer_id, field=field, superseded_at__isnull=True
    ).values_list("value", flat=True)
    then = rows.filter(valid_from__lte=day).order_by("-valid_from").first()
    return then if then is not None else rows.order_by("valid_from").first()
