"""The period and slice a Metrics page looks at, as its address says them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from core import formats
from core.forms import DayField
from customers.models import Segment, Stage
from metrics.periods import Period, add_months, months_between, unit
from metrics.slices import NONE

UNITS = ("day", "week", "month", "quarter", "year")
CUSTOM = "custom"
PUBLISHED = "published"
LONGEST_ID = 18
YEAR_OF_WEEKS = dt.timedelta(weeks=52)


class SpanForm(forms.Form):
    """The days of one's own choice, both included. `begins` and `night` limit what can be asked."""

    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("To, included"))

    def __init__(
        self, data: Mapping[str, Any] | None, *, begins: dt.date, night: dt.date, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.begins, self.night = begins, night
        for field in self.fields.values():
            field.widget.attrs |= {"min": begins.isoformat(), "max": night.isoformat()}

    def clean_first(self) -> dt.date:
        """Refuse a day before the history begins."""
        first: dt.date = self.cleaned_data["first"]
        if first < self.begins:
            raise ValidationError(
                gettext("The history begins on %(day)s.") % {"day": formats.day(self.begins)}
            )
        return first

    def clean_last(self) -> dt.date:
        """Refuse a day whose night is not done, or before the first."""
        last: dt.date = self.cleaned_data["last"]
        if last > self.night:
            raise ValidationError(
                gettext("The last finished night is %(day)s.") % {"day": formats.day(self.night)}
            )
        if last < self.cleaned_data.get("first", last):
            raise ValidationError(gettext("The last day is before the first."))
        return last


@dataclass(frozen=True)
class Span:
    """A period with its length (one of `UNITS` or `custom`) and the slice looked at, None for all.

    `owner` is a person's id, `NO_OWNER` for customers without one. `past`: it is told as of the night of that day, not
    of the last one (`night` is then that day); `published`: as first published, not as restated.
    """

    period: Period
    grain: str
    segment: str | None
    begins: dt.date
    night: dt.date
    stage: str | None = None
    owner: int | None = None
    past: dt.date | None = None
    published: bool = False

    @property
    def slice(self) -> dict[str, Any]:
        """What `tell` takes to keep to the slice."""
        return {"segment": self.segment, "stage": self.stage, "owner": self.owner}

    @property
    def cuts(self) -> set[str]:
        """The ways in which the slice is cut."""
        return {name for name, value in self.slice.items() if value is not None}

    def told_of(self, cuts: tuple[str, ...]) -> "Span":
        """Return the span with only those parts of its slice that a figure is cut by."""
        return replace(
            self,
            segment=self.segment if "segment" in cuts else None,
            stage=self.stage if "stage" in cuts else None,
            owner=self.owner if "owner" in cuts else None,
        )

    def last_year(self) -> Period:
        """Return the same period a year before: whole months the same months, else 52 weeks or a year of days."""
        return year_before(self.period, weeks=self.grain in ("day", "week"))

    def query(self, **changes: Any) -> str:
        """Return the span as a query string with some parameters changed or, where None, left out."""
        return urlencode({name: value for name, value in self.params(**changes).items() if value is not None})

    def params(self, **changes: Any) -> dict[str, Any]:
        """Return the parameters of the span's address, None for those that are not there."""
        own = self.grain == CUSTOM
        return {
            "grain": None if own else self.grain,
            "at": None if own else self.period.first.isoformat(),
            "first": self.period.first.isoformat() if own else None,
            "last": self.period.last.isoformat() if own else None,
            **self.slice,
            "as_of": self.past.isoformat() if self.past else None,
            "known": PUBLISHED if self.published else None,
        } | changes

    @property
    def earlier(self) -> str | None:
        """The query of the period before, None before the history begins."""
        before = self.period.previous()
        return self._moved(before) if before.last >= self.begins else None

    @property
    def later(self) -> str | None:
        """The query of the period after, None where it is not over."""
        after = following(self.period)
        return self._moved(after) if after.last <= self.night else None

    def _moved(self, period: Period) -> str:
        if self.grain != CUSTOM:
            return self.query(at=period.first.isoformat())
        return self.query(first=max(period.first, self.begins).isoformat(), last=period.last.isoformat())

    def of_grain(self, grain: str) -> str:
        """Return the query of the week, month, quarter or year in which this period ends."""
        return self.query(grain=grain, at=self.period.last.isoformat(), first=None, last=None)


def span_of(
    params: Mapping[str, Any], *, begins: dt.date, night: dt.date, year_starts: int = 1, week_starts: int = 0
) -> tuple[Span, SpanForm]:
    """Return the span asked for and the form of one's own days.

    Without a valid question it is the last month that is over by `night`; what is wrong stands in the form.
    Years and weeks begin as the workspace has set (`periods.unit`).
    """
    asked_of = _day(params.get("as_of"))
    past = asked_of if asked_of is not None and begins <= asked_of < night else None
    night = past or night
    of = slice_of(params) | {"past": past, "published": params.get("known") == PUBLISHED}
    grain = str(params.get("grain")) if params.get("grain") in UNITS else "month"
    day = min(max(_day(params.get("at")) or night, begins), night)
    period = whole(grain, day, night, year_starts=year_starts, week_starts=week_starts)
    asked = params if "first" in params or "last" in params else None
    initial = {"first": max(period.first, begins), "last": period.last}
    form = SpanForm(asked, begins=begins, night=night, initial=initial)
    if not form.is_valid():
        return Span(period, grain, begins=begins, night=night, **of), form
    period = Period(form.cleaned_data["first"], form.cleaned_data["last"] + dt.timedelta(days=1))
    return Span(period, CUSTOM, begins=begins, night=night, **of), form


def slice_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the slice asked for; what makes no sense is left out."""
    segment, stage, owner = params.get("segment"), params.get("stage"), str(params.get("owner") or "")
    return {
        "segment": segment if segment in (*Segment.values, NONE) else None,
        "stage": stage if stage in (*Stage.values, NONE) else None,
        "owner": int(owner) if owner.isdecimal() and len(owner) < LONGEST_ID else None,
    }


def year_before(period: Period, *, weeks: bool = False) -> Period:
    """Return the same period of the year before; by `weeks` the one that falls on the same days of the week."""
    if weeks:
        return Period(period.first - YEAR_OF_WEEKS, period.end - YEAR_OF_WEEKS)
    if period.first.day == 1 and period.end.day == 1:
        return Period(add_months(period.first, -12), add_months(period.end, -12))
    first = _a_year_before(period.first)
    return Period(first, first + dt.timedelta(days=period.days))


def _a_year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def following(period: Period) -> Period:
    """Return the period after one: as many months, else as many days."""
    if period.first.day == 1 and period.end.day == 1:
        return Period(period.end, add_months(period.end, months_between(period.first, period.end)))
    return Period(period.end, period.end + dt.timedelta(days=period.days))


def whole(grain: str, day: dt.date, night: dt.date, *, year_starts: int = 1, week_starts: int = 0) -> Period:
    """Return the unit of a day, or the last one that is over by a night where it is not."""
    period = unit(grain, day, year_starts=year_starts, week_starts=week_starts)
    return period if period.last <= night else period.previous()


def _day(text: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None
