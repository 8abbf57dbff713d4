"""Targets and action plans as the Metrics pages show them: in words, with their status and what is overdue."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from accounts.models import User
from accounts.permissions import Perm
from core import formats, marks
from metrics.aim import Status
from metrics.models import ActionPlan, PlanStep, Target
from metrics.registry import FIGURES, Figure
from metrics.standings import Standing
from workspace.metrics import words
from workspace.metrics.target_form import slice_name, written

TONES = {
    Status.ON_TRACK: "green",
    Status.REACHED: "green",
    Status.AT_RISK: "yellow",
    Status.MISSED: "red",
}


def status_word(status: Status) -> str:
    """Return a target's status in words."""
    return {
        Status.ON_TRACK: gettext("On track"),
        Status.AT_RISK: gettext("Behind the line"),
        Status.REACHED: gettext("Reached"),
        Status.MISSED: gettext("Missed"),
        Status.NOT_BEGUN: gettext("Starts later"),
        Status.NO_VALUE: gettext("No value yet"),
        Status.NO_BASELINE: gettext("No baseline"),
    }[status]


def status_mark(status: Status) -> SafeString:
    """Return a target's status as a mark with its word."""
    return marks.status(TONES.get(status, "none"), status_word(status))


@dataclass(frozen=True)
class TargetRow:
    """A target as a row of a table or a card; `mark` is "" for who must not see figures of all customers."""

    target: Target
    figure: Figure
    slice: str
    value: str
    baseline: str
    current: str
    expected: str
    mark: SafeString | str
    url: str


@dataclass(frozen=True)
class PlanRow:
    """A plan as a card; `may_edit`: its owner may, and who may set targets."""

    plan: ActionPlan
    figure: Figure
    slice: str
    then: str
    steps: list[PlanStep]
    done: int
    overdue: bool
    late_steps: int
    may_edit: bool
    url: str

    @property
    def progress(self) -> str:
        """How many of the steps are done."""
        return gettext("%(done)d of %(all)d steps done") % {"done": self.done, "all": len(self.steps)}

    @property
    def late(self) -> str:
        """What is overdue, in words; "" when nothing is."""
        if self.overdue:
            return gettext("Overdue since %(day)s") % {"day": formats.day(self.plan.due_on)}
        if self.late_steps:
            return ngettext("%(n)d step is overdue", "%(n)d steps are overdue", self.late_steps) % {
                "n": self.late_steps
            }
        return ""


def names_of_people() -> dict[str, str]:
    """Return the names of all people by e-mail, for slices by owner."""
    return {mail: name or mail for mail, name in User.objects.values_list("email", "name")}


def figure_url(key: str, slice_: str = "") -> str:
    """Return the page of a figure, in the segment that a slice names."""
    segment = slice_.removeprefix("segment=") if slice_.startswith("segment=") else ""
    address = reverse("metric", args=[key])
    return f"{address}?segment={segment}" if segment else address


def target_row(target: Target, standing: Standing | None, people: dict[str, str]) -> TargetRow:
    """Return a target with its status; `standing` None: not told."""
    figure = FIGURES[target.key]
    return TargetRow(
        target=target,
        figure=figure,
        slice=slice_name(target.slice, people),
        value=written(target.value, figure),
        baseline=written(target.baseline, figure),
        current=words.value(standing.value, figure.unit) if standing else formats.UNKNOWN,
        expected=words.value(standing.expected, figure.unit) if standing else formats.UNKNOWN,
        mark=status_mark(standing.status) if standing else "",
        url=figure_url(target.key, target.slice),
    )


def with_steps(plans: QuerySet[ActionPlan]) -> QuerySet[ActionPlan]:
    """Return plans with owner and steps, those due first in front; two queries."""
    steps = Prefetch("steps", queryset=PlanStep.objects.order_by("position"))
    return plans.select_related("owner").prefetch_related(steps).order_by("due_on", "pk")


def plan_rows(
    plans: Iterable[ActionPlan], user: User, today: dt.date, people: dict[str, str], *, own_only: bool
) -> list[PlanRow]:
    """Return plans as they are shown to a reader; what the figure was is not told to who sees own customers only."""
    rows = []
    for plan in plans:
        if plan.key not in FIGURES:
            continue
        steps = list(plan.steps.all())
        figure = FIGURES[plan.key]
        late = [step for step in steps if step.done_on is None and step.due_on and step.due_on < today]
        rows.append(
            PlanRow(
                plan=plan,
                figure=figure,
                slice=slice_name(plan.slice, people),
                then=formats.UNKNOWN if own_only else written(plan.value, figure),
                steps=steps,
                done=sum(step.done_on is not None for step in steps),
                overdue=plan.is_open and plan.due_on < today,
                late_steps=len(late) if plan.is_open else 0,
                may_edit=plan.is_open and may_edit(user, plan),
                url=figure_url(plan.key, plan.slice),
            )
        )
    return rows


def may_edit(user: User, plan: ActionPlan) -> bool:
    """Tell whether a person may change a plan: who may set targets, and the plan's owner."""
    return user.may(Perm.TARGETS_EDIT) or plan.owner_id == user.pk
