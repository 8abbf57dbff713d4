"""Facts that move customers to another stage and that only the apps above know: they register how to ask for them."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Q

Fact = Callable[[dt.date, int], Q]

_facts: dict[str, Fact] = {}


def stage_fact(basis: str, condition: Fact) -> None:
    """Register the condition on customers that a rule of this basis waits for: as of a day, with its days."""
    _facts[basis] = condition


def fact_holds(basis: str, day: dt.date, days: int) -> Q:
    """Return the condition that a fact holds for a customer on a day. Raises KeyError for one nobody registered."""
    return _facts[basis](day, days)
