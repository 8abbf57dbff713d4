"""Small portfolios for tests: customers with a row of the night looked at."""

import datetime as dt
from typing import Any

from core import time
from core.models import WorkState
from customers.models import Customer, Tag
from metrics.models import CustomerDay, Night
from tests import factories

FIGURES = {
    "mrr": "mrr_cents",
    "active": "active_people_30",
    "tickets": "open_tickets",
    "touch": "last_touch_on",
    "renewal": "renewal_on",
    "paid": "paid_cents",
    "nps": "nps_score",
    "seats": "seats",
}


def yesterday() -> dt.date:
    return time.today() - dt.timedelta(days=1)


def days_ago(days: int) -> dt.date:
    return time.today() - dt.timedelta(days=days)


def finished(day: dt.date) -> Night:
    return Night.objects.get_or_create(
        day=day, defaults={"state": WorkState.DONE, "finished_at": time.now()}
    )[0]


def figures(of: Customer, day: dt.date | None = None, **given: Any) -> CustomerDay:
    """Write a customer's row of a finished night; what is not given is taken from the customer."""
    day = day or yesterday()
    finished(day)
    values = {FIGURES.get(name, name): value for name, value in given.items()}
    values.setdefault("segment", of.segment)
    values.setdefault("stage", of.stage)
    values.setdefault("owner_id", of.owner_id)
    values["opening_mrr_cents"] = values.get("mrr_cents", 0)
    return CustomerDay.objects.create(customer=of, day=day, **values)


def customer(tags: tuple[str, ...] = (), **given: Any) -> Customer:
    """Make a customer with its row of last night; figures and fields are told apart by name."""
    shown = {name: given.pop(name) for name in list(given) if name in FIGURES}
    made = factories.customer(**given)
    made.tags.set([Tag.objects.get_or_create(name=name)[0] for name in tags])
    figures(made, **shown)
    return made


def names(response: Any) -> list[str]:
    """Return the names a portfolio page lists, in order."""
    return [row.customer.name for row in response.context["page"].rows]
