"""What figures would be under settings that are not saved, without touching a stored row."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, Min

from core.working import WorkingCalendar
from customers.models import Subscription
from metrics import economics, renewals, revenue, sql, support_times
from metrics.book import ALL_IDS, Book
from metrics.nights import last_finished_day
from metrics.periods import Period
from metrics.registry import FIGURES, Result
from metrics.slices import EVERYBODY

Results = dict[str, Result]
BY_GRACE = ("active_customers", "mrr", "customer_churn_rate", "nrr", "grr")
BY_RENEWAL_GRACE = ("renewal_rate", "renewal_rate_value")
BY_MARGIN = ("ltv_predictive", "ltv_cac", "cac_payback_months")
BY_HOURS = (
    "first_response_time_business",
    "first_response_time_business_mean",
    "resolution_time_business",
    "resolution_time_business_mean",
)


@dataclass(frozen=True)
class Restated:
    """The stored days that would be computed again: those of so many customers, from the first one on."""

    customers: int
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many calendar days that are."""
        return (self.last - self.first).days + 1


def with_grace_days(grace_days: int, period: Period) -> Results:
    """Return the figures of a period's opening and closing with other days of grace, from the subscriptions."""
    opening = period.first - dt.timedelta(days=1)
    calendar, params = sql.calendar([opening, period.last])
    found = sql.rows(
        f"""
        WITH {calendar}, {revenue.spans(ALL_IDS, grace_days=grace_days)}, {revenue.MONEY},
        paid AS (
            SELECT customer_id,
                   SUM(CASE WHEN day = %(first)s THEN closing ELSE 0 END) AS opening,
                   SUM(CASE WHEN day = %(last)s THEN closing ELSE 0 END) AS closing
            FROM money GROUP BY customer_id
        )
        SELECT SUM(opening) AS opening, SUM(closing) AS closing,
               SUM(CASE WHEN opening > 0 THEN 1 ELSE 0 END) AS active_at_opening,
               SUM(CASE WHEN closing > 0 THEN 1 ELSE 0 END) AS active_at_closing,
               SUM(CASE WHEN opening > 0 AND closing = 0 THEN 1 ELSE 0 END) AS lost,
               SUM(CASE WHEN opening > 0 THEN closing ELSE 0 END) AS kept,
               SUM(CASE WHEN closing < opening THEN closing ELSE opening END) AS floor
        FROM paid""",
        params,
    )[0]
    book = Book(**{name: int(value or 0) for name, value in found.items()})
    return {key: FIGURES[key].compute(book) for key in BY_GRACE}


def restated_by_grace_days() -> Restated | None:
    """Return what other days of grace would restate: every customer's days from its first ended subscription on."""
    night = last_finished_day()
    if night is None:
        return None
    found = Subscription.objects.filter(ends_on__lte=night).aggregate(
        customers=Count("customer", distinct=True), first=Min("ends_on")
    )
    return Restated(found["customers"], found["first"], night) if found["first"] else None


def with_renewal_grace_days(grace_days: int, period: Period, as_of: dt.date) -> Results:
    """Return the renewal rates of a period with other days of grace."""
    read = renewals.read_with(grace_days, [period], None, EVERYBODY, as_of)
    of = read.get((period, None), renewals.Renewals())
    return {key: FIGURES[key].compute(of) for key in BY_RENEWAL_GRACE}


def with_gross_margin(per_cent: Decimal, period: Period, as_of: dt.date) -> Results:
    """Return what is told of a share of the revenue with another gross margin, in per cent."""
    margin = economics.as_share(per_cent)
    read = economics.read([period], None, EVERYBODY, as_of)
    of = replace(read.get((period, None), economics.Economics()), gross_margin=margin)
    return {key: FIGURES[key].compute(of) for key in BY_MARGIN}


def with_calendar(calendar: WorkingCalendar | None, period: Period, as_of: dt.date) -> Results:
    """Return the support times in business hours by another calendar; without one nothing is known."""
    if calendar is None:
        return {key: Result(None) for key in BY_HOURS}
    first = support_times.first_responses_by(calendar, [period], None, EVERYBODY, as_of)
    solved = support_times.resolutions_by(calendar, [period], None, EVERYBODY)
    return {
        key: FIGURES[key].compute(
            (first if key.startswith("first") else solved).get((period, None), support_times.Durations())
        )
        for key in BY_HOURS
    }
