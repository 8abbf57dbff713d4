"""Finished nights for the Metrics pages, written directly: what customers paid day by day."""

import datetime as dt

from core import time
from core.models import WorkState
from customers.models import Customer
from metrics.models import CustomerDay, Night
from metrics.periods import add_months

DAY = dt.timedelta(days=1)


def first_of_month(back: int = 0) -> dt.date:
    """Return the first day of this month, or of one before."""
    return add_months(time.today().replace(day=1), -back)


def finish_nights(begin: dt.date) -> None:
    """Finish every night from a day to yesterday, those that are not finished yet."""
    days = time.days(begin, time.today())
    Night.objects.bulk_create(
        (Night(day=day, state=WorkState.DONE, finished_at=time.now()) for day in days), ignore_conflicts=True
    )


def pays(customer: Customer, *steps: tuple[dt.date, int], until: dt.date | None = None) -> None:
    """Write the daily rows of a customer that pays so many cents from each day on."""
    rows, before, ever, end = [], 0, False, until or time.today()
    for number, (start, cents) in enumerate(steps):
        stop = steps[number + 1][0] if number + 1 < len(steps) else end
        for day in time.days(start, stop):
            up, down = max(cents - before, 0), max(before - cents, 0)
            expansion = up if before else 0
            rows.append(
                CustomerDay(
                    day=day,
                    customer=customer,
                    segment=customer.segment,
                    stage=customer.stage,
                    owner_id=customer.owner_id,
                    opening_mrr_cents=before,
                    mrr_cents=cents,
                    mrr_new_cents=up if not before and not ever else 0,
                    mrr_reactivation_cents=up if not before and ever else 0,
                    mrr_expansion_cents=expansion,
                    mrr_upsell_cents=expansion,
                    mrr_contraction_cents=down if cents else 0,
                    mrr_churn_cents=down if not cents else 0,
                )
            )
            before, ever = cents, ever or cents > 0
    CustomerDay.objects.bulk_create(rows)
