"""The page of all targets and action plans."""

import datetime as dt
from functools import cached_property

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Perm
from core import time
from metrics.models import ActionPlan, Target
from metrics.nights import last_finished_day
from metrics.registry import FIGURES, Figure
from metrics.standings import standings
from workspace.metrics.aims import (
    PlanRow,
    TargetRow,
    names_of_people,
    plan_rows,
    target_row,
    with_steps,
)
from workspace.metrics.card import sees_own_only

OPEN_SHOWN, OVER_SHOWN = 200, 50


class TargetsPage:
    """What the page shows to a reader: targets in force with their status, open plans, and what is over."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.today = time.today()
        self.may_edit = user.may(Perm.TARGETS_EDIT)

    @cached_property
    def night(self) -> dt.date | None:
        """The last finished night."""
        return last_finished_day()

    @cached_property
    def own_only(self) -> bool:
        """Whether the reader sees own customers only, and no figures of all."""
        return sees_own_only(self.user)

    @cached_property
    def people(self) -> dict[str, str]:
        """Names by e-mail."""
        return names_of_people()

    @cached_property
    def rows(self) -> list[TargetRow]:
        """The targets that are not ended, those due first in front."""
        found = list(Target.objects.filter(ended_on__isnull=True, key__in=FIGURES).order_by("due_on", "key"))
        stand = {} if self.night is None or self.own_only else standings(found, self.night)
        return [target_row(target, stand.get(target.pk), self.people) for target in found]

    @cached_property
    def ended(self) -> list[TargetRow]:
        """The targets that were given up, the latest first."""
        found = Target.objects.filter(ended_on__isnull=False, key__in=FIGURES).order_by("-ended_on", "key")
        return [target_row(target, None, self.people) for target in found[:OVER_SHOWN]]

    @cached_property
    def plans(self) -> list[PlanRow]:
        """The open plans, those due first in front."""
        return self._plans(ActionPlan.objects.filter(closed_on__isnull=True), OPEN_SHOWN)

    @cached_property
    def closed(self) -> list[PlanRow]:
        """The plans that are closed, the latest first."""
        latest = ActionPlan.objects.filter(closed_on__isnull=False).order_by("-closed_on", "-pk")[:OVER_SHOWN]
        rows = self._plans(ActionPlan.objects.filter(pk__in=[plan.pk for plan in latest]), OVER_SHOWN)
        return sorted(rows, key=lambda row: str(row.plan.closed_on), reverse=True)

    @property
    def figures(self) -> list[Figure]:
        """The figures a target can be set for, by name."""
        return sorted(FIGURES.values(), key=lambda one: str(one.name))

    def _plans(self, plans: QuerySet[ActionPlan], most: int) -> list[PlanRow]:
        shown = with_steps(plans)[:most]
        return plan_rows(shown, self.user, self.today, self.people, own_only=self.own_only)
