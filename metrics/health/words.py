"""Raw values, factors and moves in words, in the reader's language."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from metrics.health import sources
from metrics.health.sources import Unit
from metrics.health.split import BEHAVIOUR, CONFIGURATION, DATA, HUMAN, OVERRIDE, Input, Split

TOLD = 3  # factors that a sentence names
LEAST = 50  # hundredths: less than half a point is not told


def name(factor: str) -> str:
    """Return what a factor is called."""
    if factor == OVERRIDE:
        return _("score set by hand")
    try:
        return str(sources.source(factor).name)
    except ValidationError:
        return factor


def raw(factor: str, value: int | None) -> str:
    """Return a raw value (thousandths) with its unit; "—" where it is not known."""
    if value is None:
        return formats.UNKNOWN
    number = value / 1000
    days = round(number)
    say: dict[Unit, Callable[[], str]] = {
        Unit.DAYS: lambda: ngettext("%(days)d day", "%(days)d days", abs(days)) % {"days": days},
        Unit.SHARE: lambda: formats.percent(number),
        Unit.RATIO: lambda: formats.percent(number),
        Unit.YEARS: lambda: _("%(years)s years") % {"years": formats.number(number, 1)},
    }
    told = say.get(sources.source(factor).unit)
    return told() if told else formats.number(number, 0 if value % 1000 == 0 else 1)


def points(hundredths: int | None, *, signed: bool = False) -> str:
    """Return a score or a difference with one decimal."""
    if hundredths is None:
        return formats.UNKNOWN
    text = formats.number(abs(hundredths) / 100, 1)
    sign = "−" if hundredths < 0 else "+" if signed and hundredths > 0 else ""
    return sign + text


def cause(key: str) -> str:
    """Return one of the four causes in words."""
    return {
        HUMAN: _("people"),
        CONFIGURATION: _("the scorecard"),
        DATA: _("data that arrived or grew old"),
        BEHAVIOUR: _("behaviour"),
    }[key]


def sentence(
    found: Split | None, before: Mapping[str, Input], after: Mapping[str, Input], *, days: int
) -> str:
    """Return one sentence on why a score moved within so many days."""
    span = ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    if found is None:
        return _("There is no difference to tell %(span)s: one of the two days has no score.") % {
            "span": span
        }
    reasons = _reasons(found, before, after)
    if abs(found.total) < LEAST and not reasons:
        return _("The score hardly moved %(span)s.") % {"span": span}
    if not reasons:
        return _("%(delta)s %(span)s, in many small steps.") % {
            "delta": points(found.total, signed=True),
            "span": span,
        }
    return _("%(delta)s %(span)s: %(reasons)s.") % {
        "delta": points(found.total, signed=True),
        "span": span,
        "reasons": ", ".join(reasons),
    }


def _reasons(found: Split, before: Mapping[str, Input], after: Mapping[str, Input]) -> list[str]:
    steps = [
        (abs(part), cause_key, factor, part)
        for cause_key, parts in found.parts.items()
        for factor, part in parts.items()
        if factor and abs(part) >= LEAST
    ]
    steps.sort(key=lambda step: -step[0])
    return [
        _reason(cause_key, factor, part, before, after) for _size, cause_key, factor, part in steps[:TOLD]
    ]


def _reason(
    cause_key: str, factor: str, part: int, before: Mapping[str, Input], after: Mapping[str, Input]
) -> str:
    was, now = before.get(factor), after.get(factor)
    values = {
        "points": points(part, signed=True),
        "factor": name(factor),
        "was": raw(factor, was.raw if was else None),
        "now": raw(factor, now.raw if now else None),
    }
    if factor == OVERRIDE:
        text = _("%(points)s from a %(factor)s")
    elif cause_key == CONFIGURATION:
        text = _("%(points)s from the weight or curve of %(factor)s")
    elif cause_key == DATA and was is None:
        text = _("%(points)s from %(factor)s, known since (%(now)s)")
    elif cause_key == DATA and now is None:
        text = _("%(points)s from %(factor)s, no longer known")
    elif cause_key == DATA:
        text = _("%(points)s from %(factor)s growing old")
    elif was is None or now is None or was.raw == now.raw:
        text = _("%(points)s from %(factor)s")
    else:
        text = _("%(points)s from %(factor)s (%(was)s → %(now)s)")
    return text % values


def freshness(day: dt.date, age: int, fresh_for: int | None) -> str:
    """Return of which day a value is that was so many days old on `day`, and whether it still counts in full."""
    told = formats.short_day(day - dt.timedelta(days=age))
    if fresh_for is None or age <= fresh_for:
        return told
    if age >= 2 * fresh_for:
        return _("%(ago)s, too old to count") % {"ago": told}
    return _("%(ago)s, fading") % {"ago": told}


def listed(factors: Sequence[str]) -> str:
    """Return factors' names, separated by commas."""
    return ", ".join(name(factor) for factor in factors)
