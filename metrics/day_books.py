"""Books of single days, from the sums that the night told of every slice: what a trend by day reads."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from metrics.book import Book, Books
from metrics.models import Night, SliceDay
from metrics.periods import Period
from metrics.slices import Only

NAMES = tuple(field.name for field in fields(Book))
CUTS = (None, "segment", "stage")


def day_books(periods: Sequence[Period], by: str | None, only: Only) -> Mapping[Period, Books]:
    """Return the books of those periods that are single days told as they are now; the others are not in it.

    The slice of a period of one day is that of its end, so these are the same books as read from the customers' rows.
    A slice within a slice is not told by day.
    """
    cuts = only.cuts
    if by not in CUTS or only.among is not None or (cuts and by is not None) or cuts - {"segment", "stage"}:
        return {}
    days = {period.first: period for period in periods if period.days == 1}
    if not days or len(cuts) > 1:
        return {}
    cut = by or next(iter(cuts), "")
    told = set(Night.objects.filter(day__in=days, told_at__isnull=False).values_list("day", flat=True))
    rows = SliceDay.objects.filter(day__in=told, cut=cut, is_current=True)
    if cuts:
        rows = rows.filter(part=only.segment or only.stage)
    found: dict[Period, Books] = {days[day]: {} if by else {(days[day], None): Book()} for day in told}
    for row in rows:
        period = days[row.day]
        found[period][period, row.part if by else None] = Book(**{name: getattr(row, name) for name in NAMES})
    return found
