"""A figure's target and action plans on its page."""

from dataclasses import replace
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import F

from accounts.models import User
from accounts.permissions import Perm
from core import time
from metrics.aim import Status
from metrics.models import ActionPlan, Target
from metrics.registry import Figure, Result
from metrics.standings import comparable
from metrics.targets import aim_of
from workspace.metrics import words
from workspace.metrics.aims import PlanRow, TargetRow, names_of_people, plan_rows, target_row, with_steps
from workspace.metrics.card import Card, slice_key
from workspace.metrics.span import Span

PLANS_SHOWN = 5


class FigureAims:
    """What a figure should be and what is done about it, for one reader, slice and period."""

    def __init__(
        self, user: User, figure: Figure, span: Span, now: Result, card: Card, *, own_only: bool
    ) -> None:
        self.user, self.figure, self.span = user, figure, span
        self.now, self.card, self.own_only = now, card, own_only

    @property
    def target(self) -> Target | None:
        """The target in force for what is looked at."""
        return self.card.aimed_at

    @cached_property
    def row(self) -> TargetRow | None:
        """The target in words: its line, and where it stands at the end of the period."""
        if self.target is None:
            return None
        row = target_row(self.target, None, self.people_by_mail)
        expected = aim_of(self.target).expected(min(self.span.period.last, self.target.due_on))
        return replace(row, expected=words.value(expected, self.figure.unit), mark=self.card.mark)

    @cached_property
    def people_by_mail(self) -> dict[str, str]:
        """Names by e-mail, for slices by owner."""
        return names_of_people()

    @cached_property
    def slice_key(self) -> str | None:
        """The slice looked at as targets and plans write it; None where it is cut in two ways at once."""
        return slice_key(self.span)

    @property
    def may_aim(self) -> bool:
        """Whether the reader may set targets and open plans for what is looked at."""
        return self.user.may(Perm.TARGETS_EDIT) and self.slice_key is not None

    @property
    def aim_query(self) -> str:
        """The query that chooses the slice on the form of a target or plan."""
        return f"?{urlencode({'slice': self.slice_key})}" if self.slice_key else ""

    @cached_property
    def plans(self) -> list[PlanRow]:
        """The plans for the figure and slice looked at, the open one first."""
        if self.slice_key is None:
            return []
        found = with_steps(ActionPlan.objects.filter(key=self.figure.key, slice=self.slice_key))
        latest = found.order_by(F("closed_on").desc(nulls_first=True), "-pk")[:PLANS_SHOWN]
        return plan_rows(latest, self.user, time.today(), self.people_by_mail, own_only=self.own_only)

    @property
    def has_open_plan(self) -> bool:
        """Whether somebody works on it already."""
        return any(row.plan.is_open for row in self.plans)

    @property
    def asks_for_plan(self) -> bool:
        """Whether the figure fell or its target is behind or missed, so that a plan is called for."""
        if self.has_open_plan:
            return False
        if (
            self.target is not None
            and self.now.value is not None
            and comparable(self.figure, self.span.period)
        ):
            day = min(self.span.period.last, self.target.due_on)
            status = aim_of(self.target).status(self.now.value, day, self.figure.good)
            if status in (Status.AT_RISK, Status.MISSED):
                return True
        return "cs-delta-bad" in self.card.change
