"""The kinds of filters: how each is given in a query string, narrows the table and reads as a chip."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from core.money import to_cents
from workspace.portfolio.scope import Scope

MAX_DAYS = 3660


class BadValueError(ValueError):
    """A filter was given something it cannot understand; the text says what and how to mend it."""


@dataclass(frozen=True)
class Option:
    """A value a filter offers, and its name."""

    value: str
    label: str


@dataclass(frozen=True)
class Pick:
    """A filter somebody set: its values as given, and whether it is turned round (is not)."""

    filter: "Filter"
    values: tuple[str, ...]
    negated: bool = False

    def where(self, scope: Scope) -> Q:
        """Return the condition on the portfolio's rows."""
        condition = self.filter.where(self.values, scope)
        return ~condition if self.negated else condition

    def params(self) -> list[tuple[str, str]]:
        """Return the query parameters that say this."""
        return self.filter.params(self.values, self.negated)

    def reads_as(self, scope: Scope) -> tuple[str, str]:
        """Return the chip's two parts, such as ("Segment is", "Mid or High value")."""
        return self.filter.reads_as(self.values, self.negated, scope)


class Filter(ABC):
    """One filter, known by its key. A later app registers more of them (`registry.register`)."""

    template: ClassVar[str]
    needs_before: bool = False

    def __init__(self, key: str, label: Any) -> None:
        self.key = key
        self.label = label

    @abstractmethod
    def read(self, given: QueryDict) -> list[Pick]:
        """Return what a query string sets of this filter; raises `BadValueError`."""

    @abstractmethod
    def where(self, values: tuple[str, ...], scope: Scope) -> Q:
        """Return the condition for the values."""

    @abstractmethod
    def params(self, values: tuple[str, ...], negated: bool) -> list[tuple[str, str]]:
        """Return the query parameters for the values."""

    @abstractmethod
    def reads_as(self, values: tuple[str, ...], negated: bool, scope: Scope) -> tuple[str, str]:
        """Return the chip's two parts."""

    @abstractmethod
    def names(self) -> list[str]:
        """Return every query parameter this filter reads."""


@dataclass
class Choice(Filter):
    """One of several values, or none of them: `key=a&key=b`, `key__not=a`."""

    key: str
    label: Any
    narrow: Callable[[tuple[str, ...], Scope], Q]
    options: Callable[[Scope], Sequence[Option]]
    template: ClassVar[str] = "choice"
    needs_before: bool = False
    labels: Callable[[Iterable[str], Scope], dict[str, str]] | None = None
    negatable: bool = True

    def names(self) -> list[str]:
        return [self.key, f"{self.key}__not"]

    def read(self, given: QueryDict) -> list[Pick]:
        picks = []
        for name, negated in ((self.key, False), (f"{self.key}__not", True)):
            values = tuple(dict.fromkeys(v.strip() for v in given.getlist(name) if v.strip()))
            if values:
                picks.append(Pick(self, values, negated))
        return picks

    def where(self, values: tuple[str, ...], scope: Scope) -> Q:
        return self.narrow(values, scope)

    def params(self, values: tuple[str, ...], negated: bool) -> list[tuple[str, str]]:
        name = f"{self.key}__not" if negated else self.key
        return [(name, value) for value in values]

    def reads_as(self, values: tuple[str, ...], negated: bool, scope: Scope) -> tuple[str, str]:
        if self.labels is not None:
            known = self.labels(values, scope)
        else:
            known = {option.value: option.label for option in self.options(scope)}
        names = [str(known.get(value, value)) for value in values]
        says = _("%(filter)s is not") if negated else _("%(filter)s is")
        return says % {"filter": self.label}, one_of(names)


@dataclass
class Between(Filter):
    """A number from and to, both inclusive: `key__min=`, `key__max=`. Money is typed in the currency's units."""

    key: str
    label: Any
    column: str
    money: bool = False
    unit: Any = ""
    needs_before: bool = False
    template: ClassVar[str] = "between"

    def names(self) -> list[str]:
        return [f"{self.key}__min", f"{self.key}__max"]

    def read(self, given: QueryDict) -> list[Pick]:
        low, high = (given.get(name, "").strip() for name in self.names())
        for text in (low, high):
            if text:
                self._number(text)
        return [Pick(self, (low, high))] if low or high else []

    def where(self, values: tuple[str, ...], scope: Scope) -> Q:
        low, high = values
        condition = Q()
        if low:
            condition &= Q(**{f"{self.column}__gte": self._number(low)})
        if high:
            condition &= Q(**{f"{self.column}__lte": self._number(high)})
        return condition

    def params(self, values: tuple[str, ...], negated: bool) -> list[tuple[str, str]]:
        return [(name, value) for name, value in zip(self.names(), values, strict=True) if value]

    def reads_as(self, values: tuple[str, ...], negated: bool, scope: Scope) -> tuple[str, str]:
        low, high = (self._shown(value) if value else "" for value in values)
        label = str(self.label)
        if low and high:
            return _("%(filter)s from") % {"filter": label}, _("%(low)s to %(high)s") % {
                "low": low,
                "high": high,
            }
        if low:
            return _("%(filter)s at least") % {"filter": label}, low
        return _("%(filter)s at most") % {"filter": label}, high

    def _number(self, text: str) -> Any:
        number = parse_number(text, str(self.label))
        return to_cents(number) if self.money else number

    def _shown(self, text: str) -> str:
        number = parse_number(text, str(self.label))
        return formats.money(to_cents(number)) if self.money else formats.number(number)


@dataclass
class Days(Filter):
    """A number of days: `key=30`. `says` is the chip's first part, such as "Renewal within"."""

    key: str
    label: Any
    says: Any
    narrow: Callable[[int, Scope], Q]
    default: int = 30
    template: ClassVar[str] = "days"
    needs_before: bool = False

    def names(self) -> list[str]:
        return [self.key]

    def read(self, given: QueryDict) -> list[Pick]:
        text = given.get(self.key, "").strip()
        if not text:
            return []
        self._days(text)
        return [Pick(self, (text,))]

    def where(self, values: tuple[str, ...], scope: Scope) -> Q:
        return self.narrow(self._days(values[0]), scope)

    def params(self, values: tuple[str, ...], negated: bool) -> list[tuple[str, str]]:
        return [(self.key, values[0])]

    def reads_as(self, values: tuple[str, ...], negated: bool, scope: Scope) -> tuple[str, str]:
        days = self._days(values[0])
        return str(self.says), ngettext("%(n)s day", "%(n)s days", days) % {"n": days}

    def _days(self, text: str) -> int:
        number = parse_number(text, str(self.label))
        if number != int(number) or not 0 <= number <= MAX_DAYS:
            raise BadValueError(
                _("%(filter)s needs a whole number of days from 0 to %(most)s, not “%(text)s”.")
                % {"filter": self.label, "most": MAX_DAYS, "text": text}
            )
        return int(number)


def one_of(names: Sequence[str]) -> str:
    """Join names the way a chip says several values: "Mid or High value"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s or %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def parse_number(text: str, label: str) -> Decimal:
    """Return a number as typed with a point or, in the Brazilian way, with a comma; raises `BadValueError`."""
    plain = text.strip().replace("\xa0", "").replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > Decimal(10) ** 14:
        raise BadValueError(_("%(filter)s needs a number, not “%(text)s”.") % {"filter": label, "text": text})
    return number
