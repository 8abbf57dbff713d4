"""What the timeline is made of: sources that all give the same columns, and the entries told from their rows."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from django.db.models import QuerySet
from django.utils.functional import Promise

Words: TypeAlias = str | Promise


class Row(NamedTuple):
    """One row of the UNION; what the free columns mean is the source's own affair.

    `day` is the workspace day it belongs to, `at` its moment (midnight UTC for facts that know only a day).
    """

    kind: str
    ref: int
    day: dt.date
    at: dt.datetime
    what: str
    who: str
    by: str
    text: str
    old: str
    lang: str
    a: int | None
    b: int | None


@dataclass(frozen=True)
class Entry:
    """One row in words. `tone` is "", "green", "yellow", "red" or "accent" and never stands alone.

    `quote` says that `text` is the customer's own words, in the language `lang` ("" where not known).
    `edit` names the page that changes it, taking the customer's and the row's key; `insight` what an insight of it is
    taken from (`comment`, `touchpoint`, `ticket`).
    """

    icon: str
    title: Words
    text: Words = ""
    tag: Words = ""
    tone: str = ""
    by: str = ""
    quote: bool = False
    lang: str = ""
    edit: str = ""
    insight: str = ""


@dataclass(frozen=True)
class Source:
    """A kind of happening.

    `facts` are its rows of one customer, unsorted; `moment` the column it is dated by, which is a time
    if `timed`, else a date; `show` fills the free columns of `Row` with expressions over the facts
    (the texts with text: cast what is none; the numbers with integers).
    """

    key: str
    group: str
    facts: Callable[[int], QuerySet[Any]]
    moment: str
    timed: bool
    tell: Callable[[Row], Entry]
    show: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """A filter of the timeline: the sources whose `group` names it."""

    key: str
    label: Words
