"""The public holidays of a country as days off, from the `holidays` package, plus those a company adds itself.

Optional holidays (in Brazil Carnival, Corpus Christi …) are chosen by their English name, which is how they are kept
whatever language the reader has.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from babel import Locale
from django.utils.translation import get_language, to_locale

ENGLISH = "en_US"
OPTIONAL = "optional"
PUBLIC = "public"
PRESELECTED: Mapping[str, tuple[str, ...]] = MappingProxyType({"BR": ("Carnival", "Corpus Christi")})

if TYPE_CHECKING:
    import holidays

Days = dict[dt.date, tuple[str, ...]]


def countries() -> list[tuple[str, str]]:
    """Return the countries whose holidays are known, as (ISO code, name in the reader's language), by name."""
    from holidays import list_supported_countries

    territories = Locale.parse(_locale()).territories
    codes = (code for code in list_supported_countries(include_aliases=False) if len(code) == 2)
    return sorted(((code, str(territories.get(code, code))) for code in codes), key=lambda pair: pair[1])


def subdivisions(country: str) -> list[tuple[str, str]]:
    """Return a country's states as (code, name), by name, and whatever else has holidays of its own there.

    Raises LookupError for a country that is not known.
    """
    known = _entity(country)
    names = {code: name for name, code in known.subdivisions_aliases.items()}
    return sorted(((code, names.get(code, code)) for code in known.subdivisions), key=lambda pair: pair[1])


def optional_holidays(country: str, subdivision: str, year: int) -> list[tuple[str, str]]:
    """Return the optional holidays of a year as (English name, name in the reader's language), by date.

    Raises LookupError for a country or a state that is not known.
    """
    english = _days(country, subdivision, OPTIONAL, (year,), ENGLISH)
    local = _days(country, subdivision, OPTIONAL, (year,), _locale())
    pairs = (
        pair
        for day in sorted(english)
        for pair in zip(english[day], local.get(day, english[day]), strict=False)
    )
    return list(dict(pairs).items())


@lru_cache(maxsize=64)
def holidays_between(
    country: str, subdivision: str, optional: tuple[str, ...], first: int, last: int, locale: str = ENGLISH
) -> Mapping[dt.date, str]:
    """Return the public holidays and the chosen optional ones of the years `first` to `last`, by day, with names.

    Without a country there are none. Raises LookupError for a country or a state that is not known.
    """
    if not country:
        return {}
    years = range(first, last + 1)
    chosen = set(optional)
    extra = _days(country, subdivision, OPTIONAL, years, ENGLISH) if chosen else {}
    labels = _days(country, subdivision, OPTIONAL, years, locale) if chosen else {}
    found = {day: labels.get(day, names) for day, names in extra.items() if chosen & set(names)}
    found |= _days(country, subdivision, PUBLIC, years, locale)
    return MappingProxyType({day: ", ".join(found[day]) for day in sorted(found)})


def days_off(
    country: str, subdivision: str, optional: Sequence[str], own: Iterable[dt.date], first: int, last: int
) -> frozenset[dt.date]:
    """Return the holidays of `holidays_between` and the company's own days, as a calendar takes them.

    Raises LookupError for a country or a state that is not known.
    """
    known = holidays_between(country, subdivision, tuple(sorted(optional)), first, last)
    return frozenset(known) | frozenset(own)


def _days(country: str, subdivision: str, category: str, years: Iterable[int], locale: str) -> Days:
    """Return the holidays of a category with their names; a category the country does not have is empty."""
    from holidays import country_holidays

    known = _entity(country, subdivision)
    if category not in known.supported_categories:
        return {}
    found = country_holidays(
        country,
        subdiv=subdivision or None,
        years=years,
        categories=(category,),
        language=_language(known.supported_languages, known.default_language, locale),
    )
    return {day: tuple(names.split("; ")) for day, names in found.items()}


@lru_cache(maxsize=256)
def _entity(country: str, subdivision: str = "") -> "holidays.HolidayBase":
    """Return the package's entry of a country. Raises LookupError where there is none."""
    import holidays

    try:
        return holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError as unknown:
        raise LookupError(str(unknown)) from unknown


def _language(supported: Sequence[str], default: str | None, locale: str) -> str | None:
    """Return the language of the package for a reader: theirs, a cousin of it, English, else the country's own."""
    tongue = locale.partition("_")[0]
    cousins = [known for known in supported if known.partition("_")[0] == tongue]
    english = [known for known in supported if known.startswith("en")]
    return next(iter([*([locale] if locale in supported else []), *cousins, *english]), default)


def _locale() -> str:
    return to_locale(get_language() or "en")
