"""What the integrity page shows: each check with what fails, since when and how to mend it; the nights."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from accounts.permissions import Perm
from core import formats, time
from core.models import WorkState
from customers.models import Customer
from metrics.integrity import Check
from metrics.models import IntegrityResult, Night
from metrics.verdicts import NIGHT_DONE_BY, failing, wrong_nights

SHOWN_NIGHTS = 14
SHOWN_ROWS = 12

MEND = {
    Check.MOVEMENTS: gettext_lazy(
        "Repeat the night of the day: the rows are computed anew from the facts. If it fails again, the facts of these "
        "customers contradict each other: look at their subscriptions."
    ),
    Check.PARTS: gettext_lazy(
        "Repeat the night of the day: its sums are taken again from the rows of the customers."
    ),
    Check.ROLLUP: gettext_lazy(
        "Repeat the night of the day: its usage is rolled up anew from the raw events."
    ),
    Check.NIGHTS: gettext_lazy(
        "Run what is missing below. A night that keeps failing says which step and why; what it says is in the log too."
    ),
}
SAYS = {
    Check.MOVEMENTS: gettext_lazy(
        "For every slice opening + new + reactivation + expansion − contraction − lost = closing, and every customer "
        "opens a day with what it closed the day before."
    ),
    Check.PARTS: gettext_lazy(
        "Segments, stages and owners each add up to the whole, and the whole to the rows of the customers."
    ),
    Check.ROLLUP: gettext_lazy(
        "The usage of a sample of customers, another one every day, is counted again from the raw events."
    ),
    Check.NIGHTS: gettext_lazy("Every day since the first fact has a finished night."),
}


@dataclass(frozen=True)
class Wrong:
    """A row that does not hold, in words."""

    day: dt.date
    customer: Customer | None
    what: str
    expected: str
    found: str


@dataclass(frozen=True)
class CheckCard:
    """A check, and what is wrong by it."""

    check: Check
    says: str
    mend: str
    checked_at: dt.datetime | None
    days: int
    failing: list[IntegrityResult] = field(default_factory=list)
    rows: list[Wrong] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.check.label)

    @property
    def failures(self) -> int:
        """How many rows do not hold."""
        return sum(result.failures for result in self.failing)

    @property
    def since(self) -> dt.datetime | None:
        """Since when something fails."""
        return min((result.failed_at for result in self.failing if result.failed_at), default=None)

    @property
    def repeatable(self) -> list[dt.date]:
        """The days whose night to repeat."""
        return [] if self.check == Check.NIGHTS else [result.day for result in self.failing][:SHOWN_ROWS]


@dataclass(frozen=True)
class NightLine:
    """A night in the list."""

    night: Night | None
    day: dt.date
    state: str
    tone: str


class IntegrityPage:
    """The page for one reader, in a fixed number of queries."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.may_repeat = user.may(Perm.NIGHTS_RUN)

    @cached_property
    def cards(self) -> list[CheckCard]:
        """Every check."""
        wrong = failing()
        looked: dict[str, dict[str, Any]] = {
            row["check_name"]: dict(row)
            for row in IntegrityResult.objects.values("check_name")
            .annotate(last=Max("checked_at"), days=Count("pk"))
            .order_by("check_name")
        }
        keys = {row.get("customer_id") for results in wrong.values() for one in results for row in one.rows}
        customers = Customer.objects.visible_to(self.user).in_bulk([key for key in keys if key])
        return [
            CheckCard(
                check=check,
                says=str(SAYS[check]),
                mend=str(MEND[check]),
                checked_at=looked.get(check, {}).get("last"),
                days=looked.get(check, {}).get("days", 0),
                failing=wrong.get(check, []),
                rows=[
                    _wrong(row, customers)
                    for result in wrong.get(check, [])
                    for row in result.rows
                    if "expected" in row
                ][:SHOWN_ROWS],
            )
            for check in Check
        ]

    @property
    def all_well(self) -> bool:
        """Whether nothing fails."""
        return not any(card.failing for card in self.cards)

    @cached_property
    def wrong_nights(self) -> list[NightLine]:
        """Nights that are missing or failed."""
        rows = wrong_nights()[:SHOWN_NIGHTS]
        known = {night.day: night for night in Night.objects.filter(day__in=[row["day"] for row in rows])}
        return [NightLine(known.get(row["day"]), row["day"], _failed(row["what"]), "red") for row in rows]

    @cached_property
    def nights(self) -> list[NightLine]:
        """The newest nights."""
        return [_line(night) for night in Night.objects.order_by("-day")[:SHOWN_NIGHTS]]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many nights there are, and how many were restated."""
        found: dict[str, int] = Night.objects.aggregate(
            done=Count("pk", filter=Q(state=WorkState.DONE)),
            restated=Count("pk", filter=Q(restated_at__isnull=False)),
        )
        return found


def _line(night: Night) -> NightLine:
    if night.failed_step:
        return NightLine(night, night.day, _failed(night.failed_step), "red")
    if night.state != WorkState.DONE or night.finished_at is None:
        return NightLine(night, night.day, gettext("running"), "none")
    over = time.day_start(night.day + dt.timedelta(days=1))
    due = dt.datetime.combine(night.day + dt.timedelta(days=1), NIGHT_DONE_BY, tzinfo=time.workspace_zone())
    opened_in_time = night.opened_at < due
    if night.finished_at > due and opened_in_time and night.opened_at >= over:
        return NightLine(night, night.day, gettext("finished late"), "yellow")
    return NightLine(night, night.day, gettext("finished"), "green")


def _failed(what: str) -> str:
    return gettext("missing") if what == "missing" else gettext("failed at “%(step)s”") % {"step": what}


def _wrong(row: dict[str, Any], customers: dict[int, Customer]) -> Wrong:
    return Wrong(
        day=dt.date.fromisoformat(row["day"]),
        customer=customers.get(row.get("customer_id", 0)),
        what=" ".join(str(part) for part in (row.get("slice"), row.get("what")) if part),
        expected=formats.number(row["expected"]),
        found=formats.number(row["found"]),
    )
