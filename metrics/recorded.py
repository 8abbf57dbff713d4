"""What was published of figures whose facts keep no versions: from the months on record."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from metrics.as_published import CUTS, is_versioned
from metrics.models import MonthRecord
from metrics.months import period_of, results
from metrics.periods import Period
from metrics.registry import Figure, Result
from metrics.windows import window

NOW_KNOWN = _("told as known now: what was published of this figure is not on record")


class Recorded:
    """Published months, read once for figures whose facts keep no versions."""

    def __init__(self, figures: Iterable[Figure], periods: Iterable[Period], *, everybody: bool) -> None:
        """Read them; not for somebody who sees some customers only: what is on record is of all."""
        keys = [figure.key for figure in figures if everybody and not is_versioned(figure.family)]
        months = {period.last.replace(day=1) for period in periods}
        records = (
            MonthRecord.objects.filter(kind=MonthRecord.Kind.PUBLISHED, month__in=months) if keys else ()
        )
        self._of = {record.month: results(record, keys) for record in records}

    def result(self, figure: Figure, seen: Period, now: Result, slice_: Mapping[str, str]) -> Result:
        """Return what was published of a figure over the days `seen`, else `now` with the note that it is of now.

        `slice_`: like `{"segment": "mid"}`, empty for the whole.
        """
        if is_versioned(figure.family) and set(slice_) <= set(CUTS):
            return now
        by, part = next(iter(slice_.items())) if len(slice_) == 1 else (None, None)
        month = seen.last.replace(day=1)
        of_month = self._of.get(month, {})
        found = of_month.get((figure.key, by, part)) if len(slice_) < 2 else None
        if found is not None and window(figure, period_of(month)) == seen:
            return found
        return replace(now, note=NOW_KNOWN) if now.value is not None else now
