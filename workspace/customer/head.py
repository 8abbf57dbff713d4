"""The top of the page: who the customer is, and the strip of figures."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from customers.details import Details, details_as_of, details_now
from customers.history import tags_as_of
from customers.models import Customer
from metrics.models import CustomerDay
from workspace.customer.asof import AsOf

MONTH = dt.timedelta(days=30)


@dataclass(frozen=True)
class Identity:
    """What the customer is called and classed as on the day looked at."""

    segment: str
    stage: str
    owner: User | None
    tags: list[str]
    details: Details


@dataclass(frozen=True)
class Figures:
    """The strip, of one finished night; None is "not known".

    Money in cents a month (`mrr`) or for the term (`renewal_value`); `mrr_change` is the share by which
    the MRR differs from 30 days before.
    """

    night: dt.date | None
    mrr: int | None = None
    mrr_change: float | None = None
    renewal_on: dt.date | None = None
    renewal_days: int | None = None
    renewal_value: int | None = None
    seats: int | None = None
    active_people: int | None = None

    @property
    def mrr_change_points(self) -> float | None:
        """The change of the MRR in per cent."""
        return None if self.mrr_change is None else self.mrr_change * 100


def night_of(customer_id: int, seen: AsOf, last_night: dt.date | None) -> tuple[CustomerDay | None, Figures]:
    """Return the customer's row of the night looked at, and the figures made of it and of the one 30 days before.

    One query. Live pages read the last finished night; past days read their own.
    """
    day = last_night if seen.live else seen.day
    if day is None:
        return None, Figures(None)
    rows = {
        row.day: row for row in CustomerDay.objects.filter(customer=customer_id, day__in=(day, day - MONTH))
    }
    row, before = rows.get(day), rows.get(day - MONTH)
    if row is None:
        return None, Figures(None)
    change = None
    if before is not None and before.mrr_cents:
        change = (row.mrr_cents - before.mrr_cents) / before.mrr_cents
    return row, Figures(
        night=row.day,
        mrr=row.mrr_cents,
        mrr_change=change,
        renewal_on=row.renewal_on,
        renewal_days=(row.renewal_on - seen.day).days if row.renewal_on else None,
        renewal_value=row.renewal_value_cents,
        seats=row.seats,
        active_people=row.active_people_30,
    )


def identity(customer: Customer, row: CustomerDay | None, seen: AsOf) -> Identity:
    """Return segment, stage, owner, tags and details: today's own, or those of the past day's row and history."""
    if seen.live:
        tags = [tag.name for tag in customer.tags.all()]
        segment, stage, owner = customer.segment, customer.stage, customer.owner
        known = details_now(customer)
    else:
        tags = tags_as_of([customer.pk], seen.day).get(customer.pk, [])
        segment, stage = (row.segment, row.stage) if row else ("", "")
        owner = User.objects.filter(pk=row.owner_id).first() if row and row.owner_id else None
        known = details_as_of([customer], seen.day)[customer.pk]
    return Identity(segment, stage, owner, tags, known)
