"""A customer's plan on a day: its objectives with both attained values, its total, who said what."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import Q

from core import time
from customers.measures import FIGURES
from customers.models import Attained, Contact, Objective, SuccessPlan
from customers.success import Standing, Total, Way, one_voice, total
from metrics.models import ObjectiveDay

DECIDES = Contact.Role.DECISION_MAKER
Measured = Mapping[int, tuple[dt.date, Decimal]]


@dataclass(frozen=True)
class Voice:
    """What one person at the customer said last; `person` None: it was not written down who."""

    row: Attained
    person: Contact | None

    @property
    def decides(self) -> bool:
        """Whether a decision maker said it."""
        return self.row.role == DECIDES


@dataclass(frozen=True)
class Goal:
    """An objective on a day. `problem`: why it cannot be told; then it has no way and counts nowhere."""

    row: Objective
    day: dt.date
    voices: tuple[Voice, ...]
    customer: Fraction | None
    ours: Fraction | None
    ours_on: dt.date | None
    problem: str = ""

    @cached_property
    def way(self) -> Way | None:
        """The way from baseline to target; None where there is none to go."""
        try:
            return Way(
                Fraction(self.row.baseline), Fraction(self.row.target), self.row.starts_on, self.row.due_on
            )
        except ValueError:
            return None

    @cached_property
    def standing(self) -> Standing | None:
        """The objective as it counts."""
        if self.way is None:
            return None
        return Standing(
            weight=Fraction(self.row.weight),
            due=self.way.share_due(self.day),
            customer=None if self.customer is None else self.way.attainment(self.customer),
            ours=None if self.ours is None else self.way.attainment(self.ours),
        )

    @property
    def expected(self) -> Fraction | None:
        """What is due by the day, in the objective's unit."""
        return self.way.expected(self.day) if self.way else None

    @property
    def is_measured(self) -> bool:
        """Whether an event, a figure or a milestone measures it."""
        return bool(self.row.event or self.row.figure or self.row.milestone)


@dataclass(frozen=True)
class PlanOn:
    """A customer's plan on a day; `plan` None: nobody wrote down what was promised."""

    plan: SuccessPlan | None
    goals: tuple[Goal, ...]

    @cached_property
    def total(self) -> Total:
        """The plan's total."""
        return total([goal.standing for goal in self.goals if goal.standing])

    @property
    def weightless(self) -> bool:
        """Whether there are objectives of which none counts."""
        return bool(self.goals) and not any(goal.row.weight for goal in self.goals)

    @property
    def last_said(self) -> dt.date | None:
        """When the customer last said something."""
        return max((voice.row.stated_on for goal in self.goals for voice in goal.voices), default=None)


class Facts:
    """Customers' objectives and all that was said and measured of them; told as of any day without reading more.

    Four statements for any number of customers. `days`: of which days besides the last what was measured is needed.
    """

    def __init__(self, customers: Sequence[int], until: dt.date, days: Sequence[dt.date] = ()) -> None:
        self.customers = set(customers)
        plans = SuccessPlan.objects.filter(customer__in=self.customers).select_related("captured_by")
        self.plans = {plan.customer_id: plan for plan in plans}
        self.objectives = list(
            Objective.objects.filter(customer__in=self.customers, starts_on__lte=until).order_by(
                "due_on", "pk"
            )
        )
        said = Attained.objects.filter(objective__in=self.objectives, stated_on__lte=until)
        self.said: dict[int, list[Attained]] = defaultdict(list)
        for row in said.select_related("contact", "author", "objective").order_by("stated_on", "pk"):
            self.said[row.objective_id].append(row)
        last = Q(day__gt=until - dt.timedelta(days=40), day__lte=until)
        self.measured: dict[int, list[tuple[dt.date, Decimal]]] = defaultdict(list)
        found = ObjectiveDay.objects.filter(last | Q(day__in=days), objective__in=self.objectives)
        for objective, day, value in found.order_by("day").values_list("objective_id", "day", "value"):
            self.measured[objective].append((day, value))

    def on(self, customer_id: int, day: dt.date) -> PlanOn:
        """Return a customer's plan as it was at the end of a day."""
        end = time.day_start(day + dt.timedelta(days=1))
        live = [
            row
            for row in self.objectives
            if row.customer_id == customer_id
            and row.starts_on <= day
            and (row.archived_at is None or row.archived_at >= end)
        ]
        return PlanOn(self.plans.get(customer_id), tuple(self._goal(row, day) for row in live))

    def _goal(self, row: Objective, day: dt.date) -> Goal:
        said = [one for one in self.said[row.pk] if one.stated_on <= day]
        latest = {one.contact_id: one for one in said if one.side == Attained.Side.CUSTOMER}
        voices = tuple(Voice(one, one.contact) for one in latest.values())
        ours, ours_on = self._ours(row, day, said)
        return Goal(
            row=row,
            day=day,
            voices=tuple(
                sorted(voices, key=lambda voice: (not voice.decides, -voice.row.stated_on.toordinal()))
            ),
            customer=one_voice([one.value for one in latest.values()]),
            ours=ours,
            ours_on=ours_on,
            problem="" if not row.figure or row.figure in FIGURES else row.figure,
        )

    def _ours(
        self, row: Objective, day: dt.date, said: Sequence[Attained]
    ) -> tuple[Fraction | None, dt.date | None]:
        if row.event or row.figure or row.milestone:
            measured = [(when, value) for when, value in self.measured[row.pk] if when <= day]
            if measured:
                return Fraction(measured[-1][1]), measured[-1][0]
        assessed = [one for one in said if one.side == Attained.Side.OURS]
        return (Fraction(assessed[-1].value), assessed[-1].stated_on) if assessed else (None, None)
