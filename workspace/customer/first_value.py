"""Time to first value of one customer: reached after how many days, or not yet and for how long."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from customers.models import Customer, Subscription
from metrics.first_value import reached_on, signs
from workspace.customer.asof import AsOf


@dataclass(frozen=True)
class FirstValue:
    """`days` since the customer's start until it reached first value, or until the day looked at."""

    reached_on: dt.date | None
    days: int


def first_value(
    customer: Customer, subscriptions: Iterable[Subscription], seen: AsOf, *, left_on: dt.date | None
) -> FirstValue | None:
    """Return when first value was reached; None where no sign of it is chosen or no start is known by that day.

    `subscriptions` are the customer's; three queries. A customer that left is counted until it did.
    """
    start = customer.started_on or min((sub.starts_on for sub in subscriptions), default=None)
    until = left_on or seen.day
    if start is None or start > until or not signs():
        return None
    day = reached_on(customer, start, until)
    return FirstValue(day, ((day or until) - start).days)
