"""Whole months on record: all figures of a calendar month, of the whole and of every segment, stage and owner."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import User
from core import time
from core.models import WorkState
from customers.models import Customer
from metrics.models import MonthRecord, MonthValue, Night
from metrics.periods import Period, add_months
from metrics.plain import plain
from metrics.registry import FIGURES, Figure, Number, Result
from metrics.slices import Only
from metrics.windows import tell

CUTS = (None, "segment", "stage", "owner")
LIVED = dt.timedelta(days=40)  # a night finished later than this after its month only moved old history in


def period_of(month: dt.date) -> Period:
    """Return the days of the month that begins on a day."""
    return Period(month, add_months(month, 1))


def due_months() -> list[dt.date]:
    """Return the months that are over, whose nights are all done and told, and that are not on record as published.

    Not those whose last night was finished long after: their history was moved in, and nobody saw it published.
    """
    ends = Night.objects.filter(state=WorkState.DONE, told_at__isnull=False).filter(
        day__in=_month_ends(time.today())
    )
    recorded = set(
        MonthRecord.objects.filter(kind=MonthRecord.Kind.PUBLISHED).values_list("month", flat=True)
    )
    found = []
    for night in ends.order_by("day"):
        month = night.day.replace(day=1)
        over = time.day_start(night.day + dt.timedelta(days=1))
        lived = night.finished_at is not None and night.finished_at - over <= LIVED
        if lived and month not in recorded and _whole(month):
            found.append(month)
    return found


def publish_due() -> int:
    """Put every month on record that is due; return how many."""
    months = due_months()
    for month in months:
        publish(month)
    return len(months)


def publish(month: dt.date) -> None:
    """Put a month on record as published, as it is told now; one that is there already stays as it is."""
    found = list(values(month))
    with transaction.atomic():
        there = MonthRecord.objects.filter(month=month, kind=MonthRecord.Kind.PUBLISHED)
        if not there.select_for_update().exists():
            write(MonthRecord(month=month, kind=MonthRecord.Kind.PUBLISHED), found)


def write(record: MonthRecord, of: Sequence[MonthValue]) -> MonthRecord:
    """Save a record with its values, inside the caller's transaction."""
    record.save()
    for value in of:
        value.record = record
    MonthValue.objects.bulk_create(of, batch_size=500)
    return record


def may_see(user: User | AnonymousUser) -> bool:
    """Tell whether a person may see recorded months: they are of all customers."""
    return Only.of(None, Customer.objects.visible_to(user)).is_everybody


def results(
    record: MonthRecord, keys: Sequence[str] = ()
) -> Mapping[tuple[str, str | None, str | None], Result]:
    """Return what a record says by (key, cut, part); cut and part are None for the whole."""
    rows = record.values.all()
    if keys:
        rows = rows.filter(key__in=keys)
    return {(row.key, row.cut or None, row.part or None): result(row) for row in rows}


def result(row: MonthValue) -> Result:
    """Return a recorded value as the result it was."""
    return Result(
        _number(row.value),
        _number(row.numerator),
        row.denominator,
        interval=None if row.low is None or row.high is None else (row.low, row.high),
        margin=row.margin,
        provisional=row.provisional,
    )


def plain_result(figure: Figure, of: Result) -> dict[str, object]:
    """Return a recorded result as `kpis` writes them: money a string, a rate a fraction."""
    told: dict[str, object] = {"value": plain(of.value, figure.unit)}
    if of.denominator is not None:
        told["numerator"] = plain(of.numerator, figure.counted_in[0])
        told["denominator"] = plain(of.denominator, figure.counted_in[1])
    if of.interval is not None:
        told["interval"] = [plain(limit, figure.unit) for limit in of.interval]
    return told | ({"provisional": True} if of.provisional else {})


def values(month: dt.date) -> Iterator[MonthValue]:
    """Yield all figures of a month as they are told now, not saved yet."""
    period = period_of(month)
    for by in CUTS:
        figures = [figure for figure in FIGURES.values() if by is None or by in figure.cuts]
        told = tell(figures, [period], by=by)
        for part in told.parts() if by else [None]:
            for figure in figures:
                yield _value(figure, told.result(figure, period, part), by, part)


def _value(figure: Figure, told: Result, by: str | None, part: str | None) -> MonthValue:
    low, high = told.interval or (None, None)
    return MonthValue(
        key=figure.key,
        cut=by or "",
        part=part or "",
        value=_text(told.value),
        numerator=_text(told.numerator),
        denominator=told.denominator,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        margin=told.margin,
        provisional=told.provisional,
    )


def _text(number: Number | None) -> str:
    """Write a number so that it can be read back exactly; very long fractions are cut to 12 digits."""
    if number is None:
        return ""
    exact = str(Fraction(number))
    return exact if len(exact) <= 80 else str(Fraction(number).limit_denominator(10**12))


def _number(text: str) -> Fraction | int | None:
    if not text:
        return None
    number = Fraction(text)
    return int(number) if number.denominator == 1 else number


def _whole(month: dt.date) -> bool:
    """Tell whether every night of a month is done, from the first night there is on."""
    period = period_of(month)
    nights = Night.objects.filter(day__gte=period.first, day__lt=period.end)
    return not nights.exclude(state=WorkState.DONE).exists()


def _month_ends(today: dt.date) -> list[dt.date]:
    """Return the last days of the months that were over within the last `LIVED` days and one month before."""
    first = today.replace(day=1)
    return [add_months(first, -back) - dt.timedelta(days=1) for back in range(3)]
