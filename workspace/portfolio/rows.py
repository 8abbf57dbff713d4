"""What the table shows of each customer beside its figures, read for a whole page of them at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from core import formats, marks
from customers.details import Details, details_as_of, details_now
from customers.history import tags_as_of
from customers.models import Customer, Stage
from metrics.models import CustomerDay
from workspace.portfolio.columns import Column
from workspace.portfolio.scope import COMPARED_DAYS, Scope

LINE_COLUMN = "active"
SOON_DAYS = 30
LATE_DAYS = 10


@dataclass
class Row:
    """A customer of the table; its figures are the `at_…` attributes of `customer`."""

    customer: Any
    scope: Scope
    owner: User | None = None
    tags: list[str] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    editable: bool = False
    details: Details = field(default_factory=Details)

    @cached_property
    def url(self) -> str:
        """The customer's page, on the same day."""
        address = reverse("customer", args=[self.customer.pk])
        return f"{address}?as_of={self.scope.today.isoformat()}" if self.scope.past else address

    @property
    def about(self) -> str:
        """Industry and place: "Food · Castro, PR"."""
        place = ", ".join(part for part in (self.customer.city, self.customer.region) if part)
        return " · ".join(part for part in (self.details.industry, place) if part)

    @property
    def more_tags(self) -> int:
        """How many tags there are beside the two that are shown."""
        return max(len(self.tags) - 2, 0)

    @property
    def stage_label(self) -> str:
        """The stage in words, empty without one."""
        return str(Stage(self.customer.at_stage).label) if self.customer.at_stage else ""

    @property
    def mrr_delta(self) -> SafeString:
        """The change of MRR over 30 days, in units of the currency."""
        return marks.delta(self.customer.at_mrr_change / 100)

    @property
    def renewal_in(self) -> str:
        """How far the renewal is from the day looked at."""
        return formats.in_days(self.customer.at_renewal, self.scope.noon)

    @property
    def renews_soon(self) -> bool:
        """Whether the renewal is within 30 days, or past."""
        return bool((self.customer.at_renewal - self.scope.today).days <= SOON_DAYS)

    @property
    def touched(self) -> str:
        """How long ago the last conversation was."""
        said = formats.ago(self.customer.at_touch, self.scope.noon)
        return said[:1].upper() + said[1:]

    @property
    def touched_late(self) -> bool:
        """Whether there was none for ten days."""
        day = self.customer.at_touch
        return day is None or (self.scope.today - day).days > LATE_DAYS


def load_rows(
    customers: Sequence[Customer], scope: Scope, columns: Collection[Column], *, page: bool = True
) -> list[Row]:
    """Return the rows of these customers in a constant number of queries.

    `page` False leaves out what only the page shows (lines, what may be edited), for exports.
    """
    keys = [customer.pk for customer in customers]
    owners = User.objects.in_bulk({c.at_owner_id for c in customers if c.at_owner_id})  # type: ignore[attr-defined]
    tags = tags_as_of(keys, scope.today) if scope.past else _tags_of(keys)
    details = details_as_of(customers, scope.today) if scope.past else {}
    editable = set(_editable(keys, scope)) if page else set()
    with_lines = page and any(column.key == LINE_COLUMN for column in columns)
    lines = _lines(keys, scope) if with_lines else {}
    return [
        Row(
            customer,
            scope,
            owner=owners.get(customer.at_owner_id),  # type: ignore[attr-defined]
            tags=tags.get(customer.pk, []),
            line=lines.get(customer.pk, []),
            editable=customer.pk in editable,
            details=details.get(customer.pk) or details_now(customer),
        )
        for customer in customers
    ]


def _editable(keys: Collection[int], scope: Scope) -> Collection[int]:
    if scope.past:
        return []
    return list(Customer.objects.editable_by(scope.user).filter(pk__in=keys).values_list("pk", flat=True))


def _tags_of(keys: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    pairs = Customer.tags.through.objects.filter(customer_id__in=keys)
    for key, name in pairs.order_by("tag__name").values_list("customer_id", "tag__name"):
        found[key].append(name)
    return found


def _lines(keys: Collection[int], scope: Scope) -> dict[int, list[int]]:
    """Return the active people of each of the last 30 days, oldest first."""
    since = scope.night - dt.timedelta(days=COMPARED_DAYS)
    days = CustomerDay.objects.filter(customer_id__in=keys, day__gte=since, day__lte=scope.night)
    lines: dict[int, list[int]] = defaultdict(list)
    for key, people in days.order_by("customer_id", "day").values_list("customer_id", "active_people_30"):
        lines[key].append(people)
    return lines
