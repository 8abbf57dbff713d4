"""What the pages of recorded months show: which months there are, and one month beside what is known of it now."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from accounts.models import User
from accounts.permissions import Perm
from core import time
from customers.models import Segment, Stage
from metrics.models import MonthRecord
from metrics.months import period_of, results
from metrics.nights import first_day, last_finished_day
from metrics.periods import Period, add_months, months_between
from metrics.publishing import restated
from metrics.registry import FIGURES, Figure, Result
from metrics.slices import NONE
from metrics.windows import tell
from workspace.metrics import words

SHOWN = 24
CUTS = ("", "segment", "stage", "owner")


@dataclass(frozen=True)
class MonthLine:
    """A month in the list: its records, newest first, and whether rows of it changed since the newest."""

    month: dt.date
    frozen: MonthRecord | None
    published: MonthRecord | None
    restated_at: dt.datetime | None

    @property
    def changed(self) -> bool:
        """Whether the month was restated after it was frozen."""
        return bool(self.frozen and self.restated_at and self.restated_at > self.frozen.recorded_at)


def month_lines() -> list[MonthLine]:
    """Return the months that are over, newest first, as far back as there are nights; in three queries."""
    night, begun = last_finished_day(), first_day()
    if night is None or begun is None:
        return []
    end = (night + dt.timedelta(days=1)).replace(day=1)
    count = min(SHOWN, months_between(begun.replace(day=1), end))
    months = [add_months(end, -back) for back in range(1, count + 1)]
    changed = restated([period_of(month) for month in months])
    records: dict[tuple[dt.date, str], MonthRecord] = {}
    for record in (
        MonthRecord.objects.filter(month__in=months).select_related("recorded_by").order_by("edition")
    ):
        records[record.month, record.kind] = record
    return [
        MonthLine(
            month,
            records.get((month, MonthRecord.Kind.FROZEN)),
            records.get((month, MonthRecord.Kind.PUBLISHED)),
            changed[period_of(month)],
        )
        for month in months
    ]


@dataclass(frozen=True)
class Row:
    """A figure of the month: on record, now, and whether the two differ."""

    figure: Figure
    part: str
    kept: str
    now: str
    differs: bool


class MonthPage:
    """One month for one reader: a record of it (the newest frozen, else the published one) beside what is told now."""

    def __init__(self, user: User, month: dt.date, params: Mapping[str, str]) -> None:
        self.user = user
        self.month = month
        self.period: Period = period_of(month)
        self.cut = params.get("by", "") if params.get("by", "") in CUTS else ""
        self.only_changed = params.get("changed") == "1"
        self.asked = params.get("record", "")

    @property
    def title(self) -> str:
        """The month's name."""
        return words.title(self.period, "month")

    @property
    def is_over(self) -> bool:
        """Whether the month has ended."""
        return self.period.end <= time.today()

    @property
    def may_freeze(self) -> bool:
        """Whether the reader may freeze it now."""
        return self.is_over and self.user.may(Perm.MONTHS_FREEZE)

    @property
    def may_export(self) -> bool:
        """Whether the reader may take the figures out."""
        return self.record is not None and self.user.may(Perm.EXPORT_RUN)

    @cached_property
    def records(self) -> list[MonthRecord]:
        """What is on record of the month: frozen editions first, newest first."""
        found = list(MonthRecord.objects.filter(month=self.month).select_related("recorded_by"))
        return sorted(found, key=lambda one: (one.kind != MonthRecord.Kind.FROZEN, -one.edition))

    @cached_property
    def record(self) -> MonthRecord | None:
        """The record looked at."""
        chosen = [one for one in self.records if str(one.pk) == self.asked]
        return next(iter(chosen or self.records), None)

    @property
    def cuts(self) -> list[tuple[str, str]]:
        """The ways to look at the figures: all customers, or part by part."""
        return [("", gettext("All")), *((cut, words.cut(cut)) for cut in CUTS[1:])]

    @cached_property
    def rows(self) -> list[Row]:
        """The figures, in the order of the registry."""
        found = list(self._rows())
        return [row for row in found if row.differs] if self.only_changed else found

    @cached_property
    def differing(self) -> int:
        """How many figures differ from what is known now."""
        return sum(row.differs for row in self._rows())

    def _rows(self) -> Iterator[Row]:
        if self.record is None:
            return
        by = self.cut or None
        kept = {key: one for key, one in results(self.record).items() if key[1] == by}
        figures = [figure for figure in FIGURES.values() if by is None or by in figure.cuts]
        told = tell(figures, [self.period], by=by)
        names = self._part_names()
        parts: list[str | None] = (
            sorted({part for _, _, part in kept if part}, key=_last_none) if by else [None]
        )
        for part in parts:
            for figure in figures:
                if (figure.key, by, part) in kept:
                    was, now = kept[figure.key, by, part], told.result(figure, self.period, part)
                    if was.value is None and now.value is None and by:
                        continue
                    yield _row(figure, words.part_name(part, names) if part else "", was, now)

    def _part_names(self) -> dict[str, str]:
        if self.cut == "owner":
            return {mail: name or mail for mail, name in User.objects.values_list("email", "name")}
        choices = {"segment": Segment.choices, "stage": Stage.choices}.get(self.cut, [])
        return {str(key): str(label) for key, label in choices}


def _row(figure: Figure, part: str, was: Result, now: Result) -> Row:
    kept, known = words.value(was.value, figure.unit), words.value(now.value, figure.unit)
    return Row(figure, part, kept, known, differs=kept != known)


def _last_none(part: str | None) -> tuple[bool, str]:
    return part == NONE, part or ""
