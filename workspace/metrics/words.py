"""Figures, changes and periods as people read them. `None` is "—"."""

from collections.abc import Callable

from babel import dates as babel_dates
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from core import formats, marks
from metrics.periods import Period, months_between
from metrics.registry import Figure, Good, Number, Result, Unit
from metrics.slices import NONE
from metrics.statistics import no_real_change, whole
from workspace.metrics.definitions import SIDES

GOOD = {Good.UP: 1, Good.DOWN: -1, Good.NEITHER: 0}


def value(number: Number | None, unit: Unit) -> str:
    """Write a figure's value in its unit; money comes in cents, a rate as a share."""
    return formats.UNKNOWN if number is None else WRITTEN[unit](number)


def _days(number: Number) -> str:
    days = round(number)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": formats.number(days)}


WRITTEN: dict[Unit, Callable[[Number], str]] = {
    Unit.MONEY: lambda number: formats.money(round(number)),
    Unit.COUNT: lambda number: formats.number(float(number)),
    Unit.RATE: lambda number: formats.percent(float(number), 1),
    Unit.RATIO: lambda number: formats.number(float(number), 2),
    Unit.POINTS: lambda number: formats.number(whole(number)),
    Unit.SCORE: lambda number: formats.number(float(number), 2),
    Unit.HOURS: lambda number: gettext("%(n)s h") % {"n": formats.number(float(number), 1)},
    Unit.DAYS: _days,
}


def change(figure: Figure, result: Result, previous: Result) -> SafeString:
    """Return how a figure changed, coloured by its good direction; money is compared in per cent.

    "—" when one of both is not known or money was zero before; in words where the margins of error are wider.
    """
    now, before = result.value, previous.value
    if now is None or before is None:
        return marks.delta(None)
    margins = result.margin, previous.margin
    if None not in margins and no_real_change(float(now - before), *(float(one or 0) for one in margins)):
        return marks.status("none", gettext("No real change"))
    good = GOOD[figure.good]
    if figure.unit is Unit.MONEY:
        if not before:
            return marks.delta(None)
        return marks.delta(float(now - before) / abs(float(before)) * 100, "%", good, 1)
    suffix, digits = {
        Unit.RATE: (f" {pgettext('percentage points', 'pp')}", 1),
        Unit.POINTS: (f" {pgettext('score points', 'pts')}", 0),
        Unit.COUNT: ("", 0),
        Unit.HOURS: (f" {pgettext('hours', 'h')}", 1),
        Unit.DAYS: (f" {pgettext('days', 'd')}", 0),
    }.get(figure.unit, ("", 2))
    if figure.unit is Unit.POINTS:
        return marks.delta(whole(now) - whole(before), suffix, good, digits)
    scale = 100 if figure.unit is Unit.RATE else 1
    return marks.delta(float(now - before) * scale, suffix, good, digits)


def limits(result: Result, unit: Unit) -> str:
    """Return a result's margin of error or range, "" without one."""
    if result.value is None or result.interval is None:
        return ""
    low, high = (value(limit, unit) for limit in result.interval)
    return gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def counts(figure: Figure, result: Result) -> tuple[str, str]:
    """Return what a figure was divided from and by, in their units; "—" where it is no share."""
    above, below = figure.counted_in
    return value(result.numerator, above), value(result.denominator, below)


def sum_done(figure: Figure, result: Result) -> str:
    """Return the formula with its numbers put in, as far as they are known."""
    told = value(result.value, figure.unit)
    if result.value is None:
        return ""
    above, below = counts(figure, result)
    if result.numerator is None or not result.denominator:
        return f"= {told}"
    share = float(result.numerator) / result.denominator
    divided = " ÷ ".join(
        f"{number} {word}".strip()
        for number, word in zip((above, below), SIDES.get(figure.key, ("", "")), strict=True)
    )
    if abs(share - float(result.value)) < 1e-9:
        return f"{divided} = {told}"
    if figure.unit is Unit.POINTS and abs(100 * share - float(result.value)) < 1e-9:
        return f"100 × {divided} = {told}"
    return f"= {told}"


def title(period: Period, grain: str) -> str:
    """Name a period: October 2026, Q4 2026, 2026, or its first and last day."""
    if grain == "month":
        name = babel_dates.format_skeleton("yMMMM", period.first, locale=formats.reader_locale())
        return name[:1].upper() + name[1:]
    return short(period, grain)


def short(period: Period, grain: str) -> str:
    """Name a period in little room: Oct 2026."""
    if grain == "month":
        return formats.month(period.first)
    if grain == "quarter" and period.first.month % 3 == 1:
        return str(babel_dates.format_date(period.first, "QQQ y", locale=formats.reader_locale()))
    if grain == "year" and period.first.month == 1:
        return str(period.first.year)
    if grain in ("quarter", "year"):  # of a fiscal year that is not the calendar's
        return f"{formats.month(period.first)} – {formats.month(period.last)}"
    if period.days == 1:
        return formats.day(period.first)
    return f"{formats.short_day(period.first)} – {formats.day(period.last)}"


def length(period: Period) -> str:
    """Say how long a window is: 12 months, 90 days."""
    if period.first.day == 1 and period.end.day == 1:
        months = months_between(period.first, period.end)
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s day", "%(n)s days", period.days) % {"n": period.days}


def grain(key: str) -> str:
    """Name a length that a period can have."""
    return {
        "day": gettext("Day"),
        "week": gettext("Week"),
        "month": gettext("Month"),
        "quarter": gettext("Quarter"),
        "year": gettext("Year"),
    }[key]


def missing(nights: int) -> str:
    """Say that a period cannot be told yet."""
    return ngettext(
        "%(n)s night of this period is not finished, so it has no figure yet.",
        "%(n)s nights of this period are not finished, so it has no figure yet.",
        nights,
    ) % {"n": formats.number(nights)}


def cut(by: str) -> str:
    """Name a way to cut figures."""
    return {
        "segment": gettext("Segment"),
        "stage": gettext("Stage"),
        "owner": gettext("Owner"),
        "tag": gettext("Tag"),
        "product": gettext("Product"),
        "member": gettext("Team member"),
        "driver": gettext("Driver"),
    }.get(by, by)


def drivers() -> dict[str, str]:
    """Name what drives expansion."""
    return {
        "new_product": pgettext("driver", "New product"),
        "plan": pgettext("driver", "Plan"),
        "seats": pgettext("driver", "Seats"),
        "price": pgettext("driver", "Price"),
    }


def part_name(part: str, names: dict[str, str]) -> str:
    """Name a part of a cut by what it is called; `none` holds those that have none."""
    return gettext("None") if part == NONE else names.get(part, part)


def plot(number: Number | None) -> float | int | None:
    """Return a value as a chart takes it: money in cents, a rate as a share."""
    return None if number is None else round(float(number), 6)


def axis(unit: Unit) -> dict[str, object]:
    """Say to a chart how its values are written."""
    format_ = {Unit.MONEY: "money", Unit.RATE: "percent"}.get(unit, "number")
    digits = {Unit.HOURS: 1, Unit.RATIO: 2, Unit.SCORE: 2}.get(unit, 0)
    return {"format": format_, "digits": digits, "currency": settings.CURRENCY}
