"""The quarterly review of a customer, to print: figures, objectives, what was done, what comes next.

It is written to be handed to the customer: no health score, no words about them, no tasks. `inside` adds those for the
team. Everything is as of the quarter's last day, or of today where the quarter still runs.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Avg, Count, Q
from django.utils.translation import gettext as _

from core import formats, time
from customers.models import Customer, InsightTheme, Milestone, Objective, SuccessPlan, Ticket, Touchpoint
from metrics.models import CustomerDay, HealthDay
from metrics.periods import add_months
from playbooks.models import Task
from surveys.models import Response
from workspace.success.plan import Facts
from workspace.success.show import GoalRow, points, row, share

QUARTERS = 5
MOST = 12


@dataclass(frozen=True)
class Figure:
    """A figure at the end of the quarter, beside what it was before it."""

    name: str
    value: str
    before: str


@dataclass(frozen=True)
class Progress:
    """An objective, with what the customer saw before the quarter."""

    row: GoalRow
    before: str


class Review:
    """What the document says; the number of statements does not depend on what happened."""

    def __init__(self, customer: Customer, quarter: str, *, inside: bool = False) -> None:
        self.customer, self.inside = customer, inside
        self.today = time.today()
        self.first = first_of(quarter, self.today)
        self.end = add_months(self.first, 3)
        self.day = min(self.end - dt.timedelta(days=1), self.today)
        self.before = self.first - dt.timedelta(days=1)

    @property
    def title(self) -> str:
        """The quarter in words."""
        return _("Quarter %(n)s of %(year)s") % {"n": (self.first.month + 2) // 3, "year": self.first.year}

    @property
    def quarters(self) -> list[tuple[str, str, bool]]:
        """The quarters to choose from, the newest first: key, name, whether it is this one."""
        now = self.today.replace(month=(self.today.month - 1) // 3 * 3 + 1, day=1)
        firsts = [add_months(now, -3 * n) for n in range(QUARTERS)]
        return [(key_of(first), key_of(first), first == self.first) for first in firsts]

    @cached_property
    def facts(self) -> Facts:
        """The plan's facts on both days."""
        return Facts([self.customer.pk], self.day, [self.before])

    @property
    def plan(self) -> SuccessPlan | None:
        """What was promised."""
        return self.facts.plans.get(self.customer.pk)

    @cached_property
    def progress(self) -> list[Progress]:
        """Each objective at the end, and what the customer saw before the quarter."""
        was = {goal.row.pk: goal for goal in self.facts.on(self.customer.pk, self.before).goals}
        rows = []
        for goal in self.facts.on(self.customer.pk, self.day).goals:
            old = was.get(goal.row.pk)
            standing = old.standing if old else None
            rows.append(Progress(row(goal), share(standing.customer if standing else None)))
        return rows

    @property
    def total(self) -> dict[str, str]:
        """The plan as a whole: the customer's view, ours, what is due, the gap."""
        told = self.facts.on(self.customer.pk, self.day).total
        return {
            "customer": share(told.customer),
            "due": share(told.due),
            "value_gap": points(told.value_gap),
            "confirmed": share(told.confirmed),
        }

    @property
    def figures(self) -> list[Figure]:
        """What is paid and used, and what they said; those of the team only `inside`."""
        days = {
            one.day: one for one in CustomerDay.objects.filter(customer=self.customer, day__in=self._nights)
        }
        now, was = (days.get(night) for night in self._nights)
        figures = [
            Figure(_("MRR"), formats.money(_of(now, "mrr_cents")), formats.money(_of(was, "mrr_cents"))),
            Figure(
                _("People active in 30 days"),
                formats.number(_of(now, "active_people_30")),
                formats.number(_of(was, "active_people_30")),
            ),
            *self._support,
            self._nps,
        ]
        return [*figures, *(self._health if self.inside else [])]

    @cached_property
    def _nights(self) -> tuple[dt.date, dt.date]:
        newest = CustomerDay.objects.filter(customer=self.customer, day__lte=self.day).order_by("-day")
        found = newest.values_list("day", flat=True).first()
        return found or self.day, self.before

    @property
    def _support(self) -> list[Figure]:
        begins, ends, back = (
            time.day_start(day) for day in (self.first, self.end, add_months(self.first, -3))
        )
        told = Ticket.objects.filter(customer=self.customer).aggregate(
            opened=Count("pk", filter=Q(opened_at__gte=begins, opened_at__lt=ends)),
            opened_before=Count("pk", filter=Q(opened_at__gte=back, opened_at__lt=begins)),
            solved=Count("pk", filter=Q(solved_at__gte=begins, solved_at__lt=ends)),
            solved_before=Count("pk", filter=Q(solved_at__gte=back, solved_at__lt=begins)),
        )
        return [
            Figure(
                _("Tickets opened"), formats.number(told["opened"]), formats.number(told["opened_before"])
            ),
            Figure(
                _("Tickets solved"), formats.number(told["solved"]), formats.number(told["solved_before"])
            ),
        ]

    @property
    def _nps(self) -> Figure:
        begins, ends, back = (
            time.day_start(day) for day in (self.first, self.end, add_months(self.first, -3))
        )
        told = (
            Response.objects.counted()
            .filter(customer=self.customer, survey="nps")
            .aggregate(
                now=Avg("score", filter=Q(answered_at__gte=begins, answered_at__lt=ends)),
                was=Avg("score", filter=Q(answered_at__gte=back, answered_at__lt=begins)),
            )
        )
        return Figure(
            _("Mean NPS answer, 0 to 10"), formats.number(told["now"], 1), formats.number(told["was"], 1)
        )

    @property
    def _health(self) -> list[Figure]:
        rows = HealthDay.objects.filter(customer=self.customer, day__in=self._nights)
        scores = {one.day: one.score for one in rows}
        now, was = (scores.get(night) for night in self._nights)
        return [
            Figure(
                _("Health score"),
                formats.number(None if now is None else now / 100),
                formats.number(None if was is None else was / 100),
            )
        ]

    @property
    def conversations(self) -> list[tuple[str, int]]:
        """How often we spoke, by kind."""
        rows = self._within(Touchpoint.objects.filter(customer=self.customer), "happened_at")
        counted = rows.order_by().values_list("kind").annotate(n=Count("pk")).order_by("-n", "kind")
        return [(str(Touchpoint.Kind(kind).label), n) for kind, n in counted]

    @cached_property
    def milestones(self) -> list[Milestone]:
        """Steps reached in the quarter."""
        rows = Milestone.objects.filter(
            customer=self.customer, reached_on__gte=self.first, reached_on__lt=self.end
        )
        return list(rows.order_by("reached_on", "pk")[:MOST])

    @cached_property
    def asked(self) -> list[InsightTheme]:
        """What they told us, with what becomes of it."""
        rows = InsightTheme.objects.live().filter(
            insights__customer=self.customer,
            insights__removed_at__isnull=True,
            insights__said_on__lt=self.end,
        )
        return list(rows.distinct().order_by("name", "pk")[:MOST])

    @cached_property
    def done(self) -> list[Task]:
        """Tasks done in the quarter, for the team."""
        rows = Task.objects.filter(customer=self.customer, state=Task.State.DONE)
        return list(self._within(rows, "closed_at").order_by("closed_at", "pk")[:MOST])

    @cached_property
    def ahead(self) -> list[Objective]:
        """Objectives that are due within the next six months."""
        rows = Objective.objects.filter(
            customer=self.customer,
            archived_at__isnull=True,
            due_on__gt=self.day,
            due_on__lte=add_months(self.end, 6),
        )
        return list(rows.order_by("due_on", "pk")[:MOST])

    @cached_property
    def open_tasks(self) -> list[Task]:
        """Tasks still to be done, for the team."""
        rows = Task.objects.filter(customer=self.customer, state=Task.State.OPEN)
        return list(rows.order_by("due_on", "pk")[:MOST])

    def _within(self, rows: Any, column: str) -> Any:
        moments = {
            f"{column}__gte": time.day_start(self.first),
            f"{column}__lt": time.day_start(self.end),
        }
        return rows.filter(**moments)


def key_of(first: dt.date) -> str:
    """Return the key of a quarter by its first day: `2026-Q3`."""
    return f"{first.year}-Q{(first.month + 2) // 3}"


def first_of(key: str, today: dt.date) -> dt.date:
    """Return the first day of a quarter by its key; without a good one of the last whole quarter."""
    year, _sign, number = key.partition("-Q")
    if (
        year.isascii()
        and year.isdecimal()
        and number in ("1", "2", "3", "4")
        and 2000 <= int(year) <= today.year
    ):
        first = dt.date(int(year), int(number) * 3 - 2, 1)
        if first <= today:
            return first
    now = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return add_months(now, -3)


def _of(row: CustomerDay | None, name: str) -> int | None:
    value: int | None = getattr(row, name, None)
    return value
