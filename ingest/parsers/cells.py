"""From the text of a cell to a typed value, or the reason why not. Pure.

Every parser takes the text (never empty, stripped) and the file's form, and raises `BadCell`.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

Parser = Callable[[str, "Form"], Any]

LARGEST = Decimal(10) ** 13  # an amount or value above is a slip of the keyboard, and does not fit
LARGEST_INT = 2_000_000_000


@dataclass(frozen=True)
class Form:
    """How a file writes things: decimals, dates, and the zone of times that name none."""

    zone: ZoneInfo
    today: dt.date
    currency: str = "BRL"
    brazilian: bool = False  # decimals as 1.234,56
    dates: str = "iso"  # iso, dmy, mdy

    @property
    def date_example(self) -> str:
        """A date as this file should write it."""
        return {"dmy": "31/01/2026", "mdy": "01/31/2026"}.get(self.dates, "2026-01-31")

    @property
    def number_example(self) -> str:
        """A number as this file should write it."""
        return "1.234,56" if self.brazilian else "1234.56"


class BadCell(ValueError):  # noqa: N818
    """A cell that does not say what its column means; `code` and `params` as in `ingest.reasons`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


# --- text ----------------------------------------------------------------------------------------
def text(limit: int) -> Parser:
    """Text of at most `limit` characters."""

    def parse(cell: str, form: Form) -> str:
        if len(cell) > limit:
            raise BadCell("too_long", limit=limit)
        if "\x00" in cell:
            raise BadCell("bad_text")
        return cell

    return parse


def choice(*values: str) -> Parser:
    """One of a list of keys, in any case."""
    known = {value.lower(): value for value in values}

    def parse(cell: str, form: Form) -> str:
        found = known.get(cell.lower())
        if found is None:
            raise BadCell("bad_choice", value=cell, choices=", ".join(values))
        return found

    return parse


_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]+@[^@\s\"(),:;<>\[\]\\.]+(\.[^@\s\"(),:;<>\[\]\\.]+)+")


def email(cell: str, form: Form) -> str:
    """An e-mail address, in lower case."""
    if len(cell) > 254 or not _EMAIL.fullmatch(cell) or ".." in cell or cell.startswith("."):
        raise BadCell("bad_email", value=cell)
    return cell.lower()


_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}")


def locale(cell: str, form: Form) -> str:
    """A language, with a region where it matters: pt-BR."""
    if not _LOCALE.fullmatch(cell):
        raise BadCell("bad_locale", value=cell)
    return cell.replace("_", "-")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def time_zone(cell: str, form: Form) -> str:
    """The name of a time zone."""
    if cell not in _zones():
        raise BadCell("bad_time_zone", value=cell)
    return cell


TAG_LIMIT = 60


def tags(cell: str, form: Form) -> list[str]:
    """Labels separated by `|`, each once, sorted."""
    seen: dict[str, str] = {}
    for part in cell.split("|"):
        name = " ".join(part.split())
        if len(name) > TAG_LIMIT:
            raise BadCell("bad_tag", value=name, limit=TAG_LIMIT)
        if name:
            seen.setdefault(name.casefold(), name)
    return sorted(seen.values())


_YES = {"true", "1", "yes", "y", "sim", "s", "verdadeiro"}
_NO = {"false", "0", "no", "n", "não", "nao", "falso"}


def boolean(cell: str, form: Form) -> bool:
    """Yes or no, in English or Portuguese."""
    word = cell.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadCell("bad_bool", value=cell)


_SLICE = re.compile(r"(segment|stage|owner|tag|product)=.{1,100}")


def slice_of(cell: str, form: Form) -> str:
    """A slice of the figures such as `segment=mid`."""
    if not _SLICE.fullmatch(cell):
        raise BadCell("bad_slice", value=cell)
    return cell


# --- numbers -------------------------------------------------------------------------------------
_POINT = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)")
_BRAZILIAN = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
_ONE_GROUP = re.compile(r"[+-]?\d{1,3}\.\d{3}")
_CURRENCY = re.compile(r"(R\$|US\$|[$€£¥]|\b[A-Z]{3}\b)")


def decimal(cell: str, form: Form) -> Decimal:
    """A number: `1234.56`, or `1.234,56` in a Brazilian file, where `1.234` alone is ambiguous."""
    if not form.brazilian:
        if not _POINT.fullmatch(cell):
            raise BadCell("bad_number", value=cell, form=form.number_example)
        number = Decimal(cell)
    else:
        if _ONE_GROUP.fullmatch(cell):
            whole = cell.replace(".", "")
            raise BadCell("ambiguous_number", value=cell, thousand=whole, fraction=cell.replace(".", ","))
        if not _BRAZILIAN.fullmatch(cell):
            raise BadCell("bad_number", value=cell, form=form.number_example)
        number = Decimal(cell.replace(".", "").replace(",", "."))
    if abs(number) >= LARGEST:
        raise BadCell("too_large", value=cell)
    return number


def places(digits: int) -> Parser:
    """A number kept with so many decimals (half-even)."""
    step = Decimal(1).scaleb(-digits)

    def parse(cell: str, form: Form) -> Decimal:
        number: Decimal = decimal(cell, form)
        return number.quantize(step, rounding=ROUND_HALF_EVEN)

    return parse


def any_money(cell: str, form: Form) -> int:
    """An amount of the workspace's currency, as integer cents (half-even); below zero is possible."""
    sign = _CURRENCY.search(cell)
    if sign:
        own = {form.currency, {"BRL": "R$", "USD": "US$", "EUR": "€", "GBP": "£"}.get(form.currency)}
        if sign.group() in own:
            raise BadCell("currency_sign", value=cell)
        raise BadCell("other_currency", value=cell, currency=form.currency)
    amount = decimal(cell, form).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return int(amount * 100)


def money(cell: str, form: Form) -> int:
    """An amount of zero and more, as integer cents."""
    cents = any_money(cell, form)
    if cents < 0:
        raise BadCell("negative", value=cell)
    return cents


def weight(cell: str, form: Form) -> Decimal:
    """A number of zero and more, below a million."""
    number: Decimal = places(2)(cell, form)
    if number < 0:
        raise BadCell("negative", value=cell)
    if number >= 1_000_000:
        raise BadCell("too_large", value=cell)
    return number


def whole(cell: str, form: Form) -> int:
    """A whole number; `10.0` is one."""
    number = decimal(cell, form)
    if number != number.to_integral_value():
        raise BadCell("not_whole", value=cell)
    if abs(number) > LARGEST_INT:
        raise BadCell("too_large", value=cell)
    return int(number)


def count(cell: str, form: Form) -> int:
    """A whole number of zero and more."""
    number = whole(cell, form)
    if number < 0:
        raise BadCell("negative", value=cell)
    return number


def positive(cell: str, form: Form) -> int:
    """A whole number of one and more."""
    number = whole(cell, form)
    if number < 1:
        raise BadCell("not_positive", value=cell)
    return number


def within(low: int, high: int) -> Parser:
    """A whole number of a short scale."""
    values = ", ".join(str(n) for n in range(low, high + 1))

    def parse(cell: str, form: Form) -> int:
        number = whole(cell.replace("−", "-"), form)
        if not low <= number <= high:
            raise BadCell("bad_choice", value=cell, choices=values)
        return number

    return parse


def own_currency(cell: str, form: Form) -> str:
    """The workspace's currency; any other is refused."""
    if cell.upper() != form.currency:
        raise BadCell("other_currency", value=cell, currency=form.currency)
    return form.currency
