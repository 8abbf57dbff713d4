"""The figures that are on somebody's board, written down every night over their usual window; sudden changes of them.

Kept as each night told them, with the value of a week before as known the same night, so that a change is of the
customers and not of what became known. Days of the last ten weeks that lack a figure (it is new on a board, or history
was moved in) are filled in, a few at a time.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from accounts.models import User
from core import events
from core.models import WorkState
from metrics.models import BoardFigure, FigureDay, Night, SliceDay, SuddenChange
from metrics.periods import Period
from metrics.registry import FIGURES, Figure, Good, Result
from metrics.services.board import SUGGESTED
from metrics.sudden import Sudden, Worth, sudden
from metrics.windows import tell
from metrics.worth import worth

WEEK = dt.timedelta(days=7)
REACH = dt.timedelta(days=70)  # how far back days are filled in: sixty changes, a week before them, and some
LONGEST = 180  # changes that a new one is compared with
AT_ONCE = 10  # days told together
MOST_A_NIGHT = 3


def board_keys() -> list[str]:
    """Return the keys of the figures that are on anybody's board, the suggested ones where somebody has no own."""
    people = User.objects.filter(is_active=True)
    chosen = set(BoardFigure.objects.filter(user__in=people).values_list("key", flat=True).distinct())
    if people.exclude(pk__in=BoardFigure.objects.values("user")).exists():
        chosen.update(SUGGESTED)
    return [key for key in FIGURES if key in chosen]


def due() -> bool:
    """Tell whether a figure of a board lacks one of the newest days."""
    return bool(_lacking())


def tell_figures() -> int:
    """Write down the figures of some days that lack them, the newest day last; return how many days.

    With the newest day sudden changes are looked for, in the same transaction.
    """
    lacking = _lacking()
    days = sorted(lacking)[:AT_ONCE]
    if not days:
        return 0
    newest = max(lacking)
    if newest in days and len(days) > 1:
        days.remove(newest)
    keys = sorted({key for day in days for key in lacking[day]})
    rows = [row for row in _rows([FIGURES[key] for key in keys], days) if row.key in lacking[row.day]]
    with transaction.atomic():
        FigureDay.objects.bulk_create(rows, ignore_conflicts=True)
        if days == [newest]:
            _mark(newest, rows)
    return len(days)


def _lacking() -> dict[dt.date, set[str]]:
    """Return the newest told days with the keys they lack."""
    told = Night.objects.filter(state=WorkState.DONE, told_at__isnull=False)
    newest = told.order_by("-day").values_list("day", flat=True).first()
    keys = set(board_keys()) if newest else set()
    if newest is None or not keys:
        return {}
    days = told.filter(day__gt=newest - REACH).values_list("day", flat=True)
    there: dict[dt.date, set[str]] = {}
    for day, key in FigureDay.objects.filter(day__gt=newest - REACH).values_list("day", "key"):
        there.setdefault(day, set()).add(key)
    lacking = {day: keys - there.get(day, set()) for day in days}
    return {day: missing for day, missing in lacking.items() if missing}


def _rows(figures: Sequence[Figure], days: Sequence[dt.date]) -> Iterable[FigureDay]:
    """Yield the figures of these days; figures with a window of the same length are told together."""
    newest = max(days)
    for length in sorted({figure.window_days for figure in figures}):
        of_length = [figure for figure in figures if figure.window_days == length]
        ends = sorted({*days, *(day - WEEK for day in days)})
        periods = {
            day: Period(day - dt.timedelta(days=length - 1), day + dt.timedelta(days=1)) for day in ends
        }
        told = tell(of_length, list(periods.values()), as_of=newest)
        for day in days:
            for figure in of_length:
                now, then = (told.result(figure, periods[one]) for one in (day, day - WEEK))
                yield FigureDay(
                    day=day,
                    key=figure.key,
                    value=_float(now),
                    before=_float(then),
                    margin=_margin(now, then),
                    basis=None if now.denominator is None else float(now.denominator),
                )


def _mark(day: dt.date, rows: Sequence[FigureDay]) -> None:
    """Mark the most sudden changes of a night; one that was marked within the week is not marked again."""
    mrr = SliceDay.objects.filter(day=day, cut="", is_current=True).values_list("closing", flat=True).first()
    marked = set(SuddenChange.objects.filter(day__gt=day - WEEK).values_list("key", flat=True))
    history = _history(day, [row.key for row in rows])
    found: list[tuple[Sudden, Worth, FigureDay]] = []
    for row in rows:
        if row.value is None or row.before is None or row.key in marked:
            continue
        change = row.value - row.before
        value = worth(FIGURES[row.key], change, row.basis, float(mrr or 0))
        how = sudden(change, history.get(row.key, []), margin=row.margin, worth=value)
        if how is not None and value is not None:
            found.append((how, value, row))
    found.sort(key=lambda one: (-one[0].beyond, one[2].key))
    for how, value, row in found[:MOST_A_NIGHT]:
        _write(row, how, value)


def _write(row: FigureDay, how: Sudden, value: Worth) -> None:
    if row.value is None or row.before is None:
        return
    change = SuddenChange.objects.create(
        day=row.day,
        key=row.key,
        value=row.value,
        before=row.before,
        centre=how.centre,
        deviation=how.deviation,
        worth=value.amount,
        worth_of=value.of.value,
    )
    events.emit(
        "figure.sudden_change",
        key=row.key,
        day=row.day.isoformat(),
        value=row.value,
        before=row.before,
        better=_better(FIGURES[row.key], row.value - row.before),
        worth=value.amount,
        worth_of=value.of.value,
        sudden_change_id=change.pk,
    )


def _better(figure: Figure, change: float) -> bool | None:
    """Tell whether a change is for the better; None where the figure has no good direction."""
    return None if figure.good is Good.NEITHER else (change > 0) is (figure.good is Good.UP)


def _history(day: dt.date, keys: Sequence[str]) -> Mapping[str, list[float]]:
    """Return the changes of each figure up to a week before a day, so that what is judged is not among them."""
    found: dict[str, list[float]] = {}
    rows = FigureDay.objects.filter(
        key__in=keys,
        day__lte=day - WEEK,
        day__gt=day - dt.timedelta(days=LONGEST),
        value__isnull=False,
        before__isnull=False,
    )
    for key, value, before in rows.values_list("key", "value", "before"):
        if value is not None and before is not None:
            found.setdefault(key, []).append(value - before)
    return found


def _float(result: Result) -> float | None:
    return None if result.value is None else float(result.value)


def _margin(now: Result, then: Result) -> float | None:
    """Return the margin of the difference of two results; an interval counts as twice its margin."""
    margins = [_half(one) for one in (now, then)]
    known = [margin for margin in margins if margin is not None]
    return math.hypot(*known) if known else None


def _half(result: Result) -> float | None:
    if result.margin is not None:
        return result.margin
    if result.interval is None or result.provisional:
        return None
    low, high = result.interval
    return float(high - low) / 2
