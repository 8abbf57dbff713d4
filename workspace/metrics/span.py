"""The period and segment a Metrics page looks at, as its address says them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from core import formats
from core.forms import DayField
from customers.models import Segment
from metrics.periods import Period, add_months, months_between
from metrics.slices import NONE

UNITS = {"month": 1, "quarter": 3, "year": 12}
CUSTOM = "custom"


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
    """A period with its length (`month`, `quarter`, `year` or `custom`) and the segment looked at, None for all."""

    period: Period
    grain: str
    segment: str | None
    begins: dt.date
    night: dt.date

    def query(self, **changes: Any) -> str:
        """Return the span as a query string with some parameters changed or, where None, left out."""
        own = self.grain == CUSTOM
        params: dict[str, Any] = {
            "grain": None if own else self.grain,
            "at": None if own else self.period.first.isoformat(),
            "first": self.period.first.isoformat() if own else None,
            "last": self.period.last.isoformat() if own else None,
            "segment": self.segment,
        } | changes
        return urlencode({name: value for name, value in params.items() if value is not None})

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
        """Return the query of the month, quarter or year in which this period ends."""
        return self.query(grain=grain, at=self.period.last.isoformat(), first=None, last=None)


def span_of(params: Mapping[str, Any], *, begins: dt.date, night: dt.date) -> tuple[Span, SpanForm]:
    """Return the span asked for and the form of one's own days.

    Without a valid question it is the last month that is over by `night`; what is wrong stands in the form.
    """
    segment = params.get("segment")
    known = segment if segment in (*Segment.values, NONE) else None
    grain = str(params.get("grain")) if params.get("grain") in UNITS else "month"
    period = _whole(grain, min(max(_day(params.get("at")) or night, begins), night), night)
    asked = params if "first" in params or "last" in params else None
    initial = {"first": max(period.first, begins), "last": period.last}
    form = SpanForm(asked, begins=begins, night=night, initial=initial)
    if not form.is_valid():
        return Span(period, grain, known, begins, night), form
    period = Period(form.cleaned_data["first"], form.cleaned_data["last"] + dt.timedelta(days=1))
    return Span(period, CUSTOM, known, begins, night), form


def following(period: Period) -> Period:
    """Return the period after one: as many months, else as many days."""
    if period.first.day == 1 and period.end.day == 1:
        return Period(period.end, add_months(period.end, months_between(period.first, period.end)))
    return Period(period.end, period.end + dt.timedelta(days=period.days))


def _whole(grain: str, day: dt.date, night: dt.date) -> Period:
    """Return the unit of a day, or the last one that is over where it is not."""
    size = UNITS[grain]
    first = day.replace(day=1, month=(day.month - 1) // size * size + 1)
    period = Period(first, add_months(first, size))
    return period if period.last <= night else period.previous()


def _day(text: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None
