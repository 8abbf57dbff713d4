"""How figures stand to their targets: values of the window each is judged by, read for many targets at once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from metrics.aim import Status
from metrics.models import Target
from metrics.periods import Period, add_months
from metrics.registry import FIGURES, Figure, Kind, Number
from metrics.targets import aim_of
from metrics.windows import LONGEST_MONTH, tell

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """A target's figure in the period it is judged by, where the line stands there, and the status."""

    period: Period
    value: Number | None
    expected: Fraction | None
    status: Status


def judged_by(figure: Figure, due_on: dt.date, night: dt.date) -> Period:
    """Return the period by which a target is judged as of a finished night; once it is due, by the due day.

    A stock is judged by its last day, a flow by the last whole month; one due in the middle of a month by the month of
    days that ends then.
    """
    day = min(due_on, night)
    if figure.kind is Kind.STOCK:
        return Period(day, day + DAY)
    end = day + DAY
    if end.day == 1:
        return Period(add_months(end, -1), end)
    if day == due_on:
        return Period(day - 29 * DAY, end)
    first = day.replace(day=1)
    return Period(add_months(first, -1), first)


def comparable(figure: Figure, period: Period) -> bool:
    """Tell whether a figure of a period is told over the window its targets are set for.

    A flow told over a quarter cannot be held against a target for a month.
    """
    if figure.kind is Kind.STOCK:
        return True
    if figure.window_days > LONGEST_MONTH:
        return period.days < figure.window_days
    return 28 <= period.days <= LONGEST_MONTH


def standings(targets: Iterable[Target], night: dt.date) -> dict[int, Standing]:
    """Return by target's id how its figure stands as of a finished night; targets of unknown figures are left out.

    The number of statements depends on how the targets cut their figures, not on how many there are.
    """
    by_cut: dict[str | None, list[Target]] = {}
    for target in targets:
        if target.key in FIGURES:
            by_cut.setdefault(target.cut[0], []).append(target)
    return {pk: found for by, some in by_cut.items() for pk, found in _of_cut(by, some, night).items()}


def _of_cut(by: str | None, targets: list[Target], night: dt.date) -> dict[int, Standing]:
    periods = {target.pk: judged_by(FIGURES[target.key], target.due_on, night) for target in targets}
    figures = {target.key: FIGURES[target.key] for target in targets}
    told = tell(list(figures.values()), sorted(set(periods.values())), by=by, as_of=night)
    found = {}
    for target in targets:
        period, aim = periods[target.pk], aim_of(target)
        value = told.result(figures[target.key], period, target.cut[1]).value
        on = _judged_on(target, period, night)
        found[target.pk] = Standing(
            period, value, aim.expected(on), aim.status(value, on, figures[target.key].good)
        )
    return found


def _judged_on(target: Target, period: Period, night: dt.date) -> dt.date:
    """Return the day at which the line is read: the last of the period, so that a month is not held against today.

    Right after a target was set that period may be over already; the line is read where it starts then.
    """
    if target.due_on <= night:
        return target.due_on
    if target.starts_on is None or target.starts_on > night:
        return period.last
    return max(period.last, target.starts_on)


def value_now(key: str, slice_: str, due_on: dt.date, night: dt.date) -> Number | None:
    """Return what a figure is as of a finished night, over the window a target due on a day is judged by."""
    target = Target(key=key, slice=slice_, due_on=due_on)
    by, part = target.cut
    figure, period = FIGURES[key], judged_by(FIGURES[key], due_on, night)
    return tell([figure], [period], by=by, as_of=night).result(figure, period, part).value
