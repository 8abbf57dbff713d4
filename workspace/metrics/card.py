"""A figure as a card of the board, and figures as lines of a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.models import User, Workspace
from accounts.permissions import Perm
from core import marks
from metrics.aim import Aim
from metrics.models import Target
from metrics.periods import Period
from metrics.registry import Figure, Good, Result, Unit
from metrics.slices import NO_OWNER, NONE
from metrics.standings import comparable
from metrics.targets import Targets, aim_of
from metrics.windows import Telling, window
from workspace.metrics import words
from workspace.metrics.aims import status_mark
from workspace.metrics.span import Span

SPARK_WIDTH, SPARK_HEIGHT = 240, 36
SPARK_LEAST = 0.05  # of the highest value, or five percentage points


@dataclass(frozen=True)
class Card:
    """A figure on the board. `mark`: how it stands to its target; "" without one. `error`: it could not be read.

    `restated`: when rows of its window changed after it was first published; "" where none did.
    """

    figure: Figure
    url: str
    value: str
    limits: str
    provisional: bool
    note: str
    change: SafeString
    spark: SafeString
    window: str
    before: str
    before_value: str
    target: str
    mark: SafeString | str
    aimed_at: Target | None = None
    error: str = ""
    restated: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart's data, the sentence that says what is seen, and its numbers as a table."""

    data: dict[str, Any]
    says: str
    table: dict[str, Any]


def sees_own_only(user: User) -> bool:
    """Tell whether a person's figures are of their own customers only, as the workspace restricts seeing."""
    return not user.may(Perm.CUSTOMERS_MANAGE) and Workspace.get().restrict_visibility


def slice_key(span: Span) -> str | None:
    """Return the slice looked at as targets write it; None where it is cut in two ways at once."""
    if len(span.cuts) > 1:
        return None
    if span.segment is not None:
        return f"segment={span.segment}"
    if span.stage is not None:
        return f"stage={span.stage}"
    if span.owner is None:
        return ""
    if span.owner == NO_OWNER:
        return f"owner={NONE}"
    mail = User.objects.filter(pk=span.owner).values_list("email", flat=True).first()
    return f"owner={mail}" if mail else None


def targets_of(span: Span, *, own_only: bool) -> Mapping[str, Target]:
    """Return the targets in force for what is looked at; there are none for a single person's customers."""
    slice_ = slice_key(span)
    if own_only or slice_ is None:
        return {}
    return Targets([span.period]).targets(slice_, span.period)


def card(figure: Figure, told: Telling, span: Span, periods: Sequence[Period], target: Target | None) -> Card:
    """Return a figure's card for the last of the periods."""
    period, before = periods[-1], periods[-2]
    now, then = told.result(figure, period), told.result(figure, before)
    seen = window(figure, period)
    aim = aim_of(target) if target else None
    return Card(
        figure=figure,
        url=f"{reverse('metric', args=[figure.key])}?{span.query()}",
        value=words.value(now.value, figure.unit),
        limits=words.limits(now, figure.unit),
        provisional=now.provisional and now.value is not None,
        note=str(now.note),
        change=words.change(figure, now, then),
        spark=spark(figure, told, periods, aim),
        window=words.length(seen) if seen != period else "",
        before=words.short(before, span.grain),
        before_value=words.value(then.value, figure.unit),
        target=aimed(figure, aim) if aim else "",
        mark=mark(figure, now, aim, period) if aim else "",
        aimed_at=target,
        error=told.failed.get(figure.family, ""),
    )


def aimed(figure: Figure, aim: Aim) -> str:
    """Write what a figure should be, with the side on which it is good."""
    sign = {Good.UP: "≥ ", Good.DOWN: "≤ "}.get(figure.good, "")
    return f"{sign}{words.value(aim.value, figure.unit)}"


def mark(figure: Figure, result: Result, aim: Aim, period: Period) -> SafeString | str:
    """Return how a result stands to its target at the end of a period; "" where the window is another one."""
    if not comparable(figure, period) or result.value is None:
        return ""
    return status_mark(aim.status(result.value, min(period.last, aim.due_on), figure.good))


def spark(figure: Figure, told: Telling, periods: Sequence[Period], aim: Aim | None = None) -> SafeString:
    """Return a figure's line over the periods, its target dotted; what hardly moves looks flat."""
    values = [words.plot(told.result(figure, period).value) for period in periods]
    highest = max((abs(value) for value in values if value is not None), default=0)
    least = SPARK_LEAST if figure.unit is Unit.RATE else highest * SPARK_LEAST
    target = words.plot(aim.value) if aim and comparable(figure, periods[-1]) else None
    return marks.spark(values, "data", least, SPARK_WIDTH, SPARK_HEIGHT, target)


def lines(
    figures: Sequence[Figure],
    told: Telling,
    span: Span,
    periods: Sequence[Period],
    says: str,
    aims: Mapping[str, Aim] | None = None,
) -> Chart:
    """Return figures over periods as lines and as a table; the figures share a unit. Targets are dashed beside them."""
    results = {figure.key: [told.result(figure, period).value for period in periods] for figure in figures}
    labels = [words.short(period, span.grain) for period in periods]
    unit = figures[0].unit
    aimed_at = {
        figure.key: line_of(aims[figure.key], periods)
        for figure in figures
        if aims and figure.key in aims and comparable(figure, periods[-1])
    }
    rows = zip(labels, *results.values(), strict=True)
    return Chart(
        data={
            "labels": labels,
            "series": [
                {"name": str(figure.name), "values": [words.plot(one) for one in results[figure.key]]}
                for figure in figures
            ],
            "targets": [
                {
                    "name": gettext("Target, %(name)s") % {"name": figure.name}
                    if len(figures) > 1
                    else gettext("Target"),
                    "values": aimed_at[figure.key],
                }
                for figure in figures
                if figure.key in aimed_at
            ],
            **words.axis(unit),
        },
        says=says,
        table={
            "head": [gettext("Period"), *(str(figure.name) for figure in figures)],
            "rows": [[label, *(words.value(one, unit) for one in told_)] for label, *told_ in rows],
        },
    )


def line_of(aim: Aim, periods: Sequence[Period]) -> list[float | int | None]:
    """Return where a target's line stands at the end of each period; flat where less than two points of it are seen."""
    stands = [aim.expected(period.last) for period in periods]
    if sum(one is not None for one in stands) < 2:
        return [words.plot(aim.value)] * len(periods)
    return [words.plot(one) for one in stands]
