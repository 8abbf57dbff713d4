"""What a customer is worth and what winning one costs: the book of a period with what the equations need beside it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from accounts.models import Workspace
from customers.models import AcquisitionCost
from metrics.book import Book, Books
from metrics.book import read as read_book
from metrics.nights import missing_days
from metrics.periods import Period, add_months, months_between
from metrics.slices import Only

MONTHS_OF_CHURN = 6


@dataclass(frozen=True)
class Economics:
    """A period's book, the gross margin (0–1), the churn of the months before and the cost of acquisition in cents.

    `churn`: (lost, active at opening) of the six calendar months finished by closing; None: a night of theirs is
    missing. `cost_cents` None: the period is not of whole months that each have a cost, or it is cut by a slice.
    """

    book: Book = field(default_factory=Book)
    gross_margin: Fraction = Fraction(1)
    churn: tuple[tuple[int, int], ...] | None = ()
    cost_cents: int | None = None


def read(
    periods: Sequence[Period],
    by: str | None,
    only: Only,
    as_of: dt.date,
    *,
    read_books: Callable[[Sequence[Period], str | None, Only, dt.date], Books] = read_book,
) -> dict[tuple[Period, str | None], Economics]:
    """Return the economics of each period, cut `by` a slice; they depend on finished nights only, not on `as_of`.

    `read_books` reads the books of the periods and of the months before, from the rows or as they are kept.
    """
    months = {period: months_of_churn(period) for period in periods}
    found = read_books(sorted({*periods, *(m for some in months.values() for m in some)}), by, only, as_of)
    begun, ended = (
        min(some[0].first for some in months.values()),
        max(some[-1].end for some in months.values()),
    )
    missing = missing_days(begun, ended)
    costs = _costs(periods) if by is None and only.is_everybody else {}
    margin = as_share(Workspace.get().gross_margin)
    whole = {
        period: not any(some[0].first <= day < some[-1].end for day in missing)
        for period, some in months.items()
    }
    return {
        (period, part): Economics(
            book=book,
            gross_margin=margin,
            churn=_churn(found, months[period], part) if whole[period] else None,
            cost_cents=costs.get(period),
        )
        for (period, part), book in found.items()
        if period in months
    }


def as_share(per_cent: Decimal) -> Fraction:
    """Return a percentage as an exact share."""
    return Fraction(per_cent) / 100


def months_of_churn(period: Period) -> tuple[Period, ...]:
    """Return the six calendar months finished by the period's closing, in order."""
    end = period.end.replace(day=1)
    return tuple(
        Period(add_months(end, -back), add_months(end, 1 - back)) for back in range(MONTHS_OF_CHURN, 0, -1)
    )


def _churn(
    found: Mapping[tuple[Period, str | None], Book], months: Sequence[Period], part: str | None
) -> tuple[tuple[int, int], ...]:
    of = [found.get((month, part), Book()) for month in months]
    return tuple((book.lost, book.active_at_opening) for book in of)


def _costs(periods: Sequence[Period]) -> dict[Period, int]:
    """Return sales and marketing cost of the periods that are whole months of which each has a cost."""
    first, end = min(period.first for period in periods), max(period.end for period in periods)
    by_month: dict[dt.date, int] = dict(
        AcquisitionCost.objects.filter(month__gte=first, month__lt=end)
        .values_list("month")
        .annotate(cents=Sum("amount_cents"))
        .order_by("month")
    )
    costs = {}
    for period in periods:
        if period.first.day != 1 or period.end.day != 1:
            continue
        months = [add_months(period.first, n) for n in range(months_between(period.first, period.end))]
        if all(month in by_month for month in months):
            costs[period] = sum(by_month[month] for month in months)
    return costs
