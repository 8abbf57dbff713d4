"""A portfolio of any size for `bench pages`, made by the database: the same customers every time."""

import datetime as dt
import time as clock

from django.db import connection

from core import time
from core.bench_rows import days_before, insert, numbers
from metrics import listing, snapshots
from metrics.bench import data, facts
from metrics.models import CustomerDay, Night


def fill(*, customers: int, days: int) -> float:
    """Fill an empty database with customers, their facts and so many nights; return the seconds it took."""
    start = clock.perf_counter()
    last = time.today() - dt.timedelta(days=1)
    data.customers(customers, last)
    facts.money_and_care(customers, last, days)
    _night(customers, last)
    data.nights_before(last, days, fading=True)
    Night.objects.update(told_at=None)
    while snapshots.tell_days():
        pass
    listing.list_newest()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return round(clock.perf_counter() - start, 1)


def _night(customers: int, day: dt.date) -> None:
    """Write a row of the last night for every customer: with a tenth unknown here and there, in no order."""
    mrr = "i * 7919 %% 20000 * 100"
    insert(
        CustomerDay,
        {
            "day": days_before(day, "0"),
            "customer_id": "c.id",
            "segment": "c.segment",
            "stage": "c.stage",
            "owner_id": "c.owner_id",
            "opening_mrr_cents": mrr,
            "mrr_cents": mrr,
            "seats": "1 + i %% 49",
            "active_people_30": "i * 31 %% 30",
            "open_tickets": "i * 17 %% 4",
            "last_touch_on": f"CASE WHEN i %% 10 > 0 THEN {days_before(day, 'i * 13 %% 90')} END",
            "renewal_on": f"CASE WHEN i %% 11 > 0 THEN {days_before(day, '-(i * 29 %% 365)')} END",
            "paid_cents": "i * 4057 %% 100000",
            "nps_score": "CASE WHEN i %% 5 > 1 THEN i * 3 %% 11 END",
        },
        f"WITH RECURSIVE {numbers('n', 'i', customers)} {{select}} FROM n JOIN customers_customer c ON c.id = i + 1"
        " ORDER BY i",
    )
