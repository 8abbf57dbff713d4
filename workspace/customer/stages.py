"""The stage stepper: how a customer came through the stages, and how long each took."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from customers.models import CustomerHistory, Stage
from workspace.customer.asof import AsOf

DAYS_A_MONTH = 30.44


@dataclass(frozen=True)
class Step:
    """One stage on the way. `days` is how long it took, or has lasted so far; None where not known."""

    label: str
    number: int
    state: str  # "done", "now" or "next"
    entered: dt.date | None = None
    days: int | None = None

    @property
    def months(self) -> int:
        """The same in months, from three on; 0 for less, which is told in days."""
        months = (self.days or 0) / DAYS_A_MONTH
        return round(months) if months >= 3 else 0


def visits(customer_id: int, seen: AsOf) -> list[tuple[dt.date, str]]:
    """Return the stages a customer entered up to the day looked at, oldest first; one query."""
    rows = CustomerHistory.objects.filter(
        customer=customer_id,
        field=CustomerHistory.Field.STAGE,
        superseded_at__isnull=True,
        valid_from__lte=seen.day,
    )
    return list(rows.order_by("valid_from", "pk").values_list("valid_from", "value"))


def steps(
    *, stage: str, since: dt.date | None, entered: Iterable[tuple[dt.date, str]], day: dt.date
) -> list[Step]:
    """Return the three stages as seen on `day`: done (and how long), now (since when), next.

    `stage` is the one the customer is in, `since` when it came there (used where the history is silent);
    `entered` the moves in order. Of several visits to a stage the last one counts.
    """
    last: dict[str, tuple[dt.date, dt.date | None]] = {}
    current: tuple[dt.date, str] | None = None
    for at, name in entered:
        if current and current[1] == name:
            continue
        if current:
            last[current[1]] = (current[0], at)
        current = (at, name)
    if current:
        last[current[1]] = (current[0], None)
    order = list(Stage)
    here = order.index(Stage(stage)) if stage else -1
    result = []
    for at_index, name in enumerate(order):
        start, end = last.get(name, (None, None))
        if at_index == here:
            start = start or since
            state, days = "now", (day - start).days if start else None
        elif at_index < here:
            state, days = "done", (end - start).days if start and end else None
        else:
            state, start, days = "next", None, None
        result.append(Step(str(name.label), at_index + 1, state, start, days))
    return result
