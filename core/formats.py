"""Money, numbers, days and moments as the reader's language writes them. `None` is "not known": "—"."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel import dates as babel_dates
from babel import numbers as babel_numbers
from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext, to_locale

from core import time

UNKNOWN = "—"
NBSP = "\u00a0"
WHOLE_FROM_CENTS = 100_00  # from R$ 100 on, cents are noise


def reader_locale() -> Locale:
    """Return the Babel locale of the language being spoken."""
    return _locale(get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


@lru_cache(maxsize=64)
def _signs(language: str) -> tuple[str, str]:
    """Return what a language puts between thousands and before decimals."""
    locale = _locale(language)
    return babel_numbers.get_group_symbol(locale), babel_numbers.get_decimal_symbol(locale)


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """Write a number with grouping and exactly `digits` decimals, rounded half-even; a true minus sign.

    A table writes hundreds of them, so only the signs come from Babel, and they are kept.
    """
    if value is None:
        return UNKNOWN
    exact = value if type(value) is int and not digits else _rounded(value, digits)
    text = f"{abs(exact):,}"
    group, point = _signs(get_language() or settings.LANGUAGE_CODE)
    if (group, point) != (",", "."):
        text = group.join(part.replace(".", point) for part in text.split(","))
    return f"−{text}" if exact < 0 else text


def _rounded(value: float | Decimal, digits: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits))


def money(cents: int | None, currency: str | None = None) -> str:
    """Write integer cents as money: no cents from 100 units on, a no-break space after the sign."""
    if cents is None:
        return UNKNOWN
    code = currency or settings.CURRENCY
    symbol = _symbol(code, "pt-br" if code == "BRL" else get_language() or settings.LANGUAGE_CODE)
    whole = abs(cents) >= WHOLE_FROM_CENTS or cents % 100 == 0
    text = number(Decimal(abs(cents)) / 100, 0 if whole else 2)
    return f"{'−' if cents < 0 else ''}{symbol}{NBSP}{text}"


@lru_cache(maxsize=64)
def _symbol(code: str, language: str) -> str:
    return str(babel_numbers.get_currency_symbol(code, locale=_locale(language)))


def percent(share: float | Decimal | None, digits: int = 0) -> str:
    """Write a share (0.123) as a percentage (12 %, written as the language does)."""
    if share is None:
        return UNKNOWN
    return f"{number(Decimal(str(share)) * 100, digits)}%"


def _as_day(value: dt.date | dt.datetime) -> dt.date:
    return time.local_day(value) if isinstance(value, dt.datetime) else value


def day(value: dt.date | dt.datetime | None) -> str:
    """Write a day: 12 Dec 2026, 12 dez 2026. A moment is taken on the workspace's calendar."""
    if value is None:
        return UNKNOWN
    return _written(_as_day(value), "d MMM y", get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=4096)  # a page names the same days again and again
def _written(value: dt.date, pattern: str, language: str) -> str:
    text: str = babel_dates.format_date(value, pattern, locale=_locale(language))
    return text.replace(".", "")


def short_day(value: dt.date | dt.datetime | None) -> str:
    """Write a day without its year: 12 Dec."""
    if value is None:
        return UNKNOWN
    return _written(_as_day(value), "d MMM", get_language() or settings.LANGUAGE_CODE)


def month(value: dt.date | None) -> str:
    """Write a month: Dec 2026."""
    if value is None:
        return UNKNOWN
    return _written(_as_day(value), "MMM y", get_language() or settings.LANGUAGE_CODE)


def clock(value: dt.datetime | None, time_format: str = "24h") -> str:
    """Write the time of a moment in the workspace's zone: 14:30, or 2:30 PM for `12h`."""
    if value is None:
        return UNKNOWN
    local = value.astimezone(time.workspace_zone())
    pattern, locale = ("h:mm a", "en") if time_format == "12h" else ("HH:mm", reader_locale())
    return babel_dates.format_time(local, pattern, locale=locale)


def moment(value: dt.datetime | None, time_format: str = "24h") -> str:
    """Write a moment: 12 Dec 2026, 14:30."""
    if value is None:
        return UNKNOWN
    return f"{day(value)}, {clock(value, time_format)}"


def ago(value: dt.date | dt.datetime | None, now: dt.datetime | None = None) -> str:
    """Say how long ago a day or moment was: today, yesterday, 6 days ago; minutes and hours for a moment of today."""
    if value is None:
        return UNKNOWN
    at = now or time.now()
    past = (time.local_day(at) - _as_day(value)).days
    if past < 0:
        return in_days(_as_day(value), at)
    if past == 0 and isinstance(value, dt.datetime):
        return _minutes_ago(int((at - value).total_seconds() // 60))
    return _days_ago(past)


def _minutes_ago(minutes: int) -> str:
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}


def _days_ago(past: int) -> str:
    if past == 0:
        return gettext("today")
    if past == 1:
        return gettext("yesterday")
    if past < 60:
        return ngettext("%(count)s day ago", "%(count)s days ago", past) % {"count": past}
    months = round(past / 30.44)
    if months < 24:
        return ngettext("%(count)s month ago", "%(count)s months ago", months) % {"count": months}
    years = past // 365
    return ngettext("%(count)s year ago", "%(count)s years ago", years) % {"count": years}


def in_days(value: dt.date | dt.datetime | None, now: dt.datetime | None = None) -> str:
    """Say how far ahead a day is: today, tomorrow, in 19 days; a past day as `ago` says it."""
    if value is None:
        return UNKNOWN
    ahead = (_as_day(value) - time.local_day(now or time.now())).days
    if ahead < 0:
        return _days_ago(-ahead)
    if ahead == 0:
        return gettext("today")
    if ahead == 1:
        return gettext("tomorrow")
    if ahead < 365:
        return ngettext("in %(count)s day", "in %(count)s days", ahead) % {"count": ahead}
    months = round(ahead / 30.44)
    return ngettext("in %(count)s month", "in %(count)s months", months) % {"count": months}


def country(code: str) -> str:
    """Write a country's ISO code as its name; what is no code stays as it is."""
    name: str | None = (
        reader_locale().territories.get(code.strip().upper()) if len(code.strip()) == 2 else None
    )
    return name or code


def file_size(size: int | None) -> str:
    """Write a number of bytes: 12 kB, 3.4 MB."""
    if size is None:
        return UNKNOWN
    if size < 1000:
        return f"{number(size)}{NBSP}B"
    if size < 1_000_000:
        return f"{number(size / 1000)}{NBSP}kB"
    return f"{number(size / 1_000_000, 1)}{NBSP}MB"
