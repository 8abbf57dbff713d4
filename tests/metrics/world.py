"""A small company with everything a night looks at, the same every time; customers in three cells of the grid."""

import datetime as dt
import random

from customers.models import CustomerHistory
from metrics.scope import CELL_SIZE
from surveys.models import Response
from tests import factories

FIRST, LAST = dt.date(2024, 1, 20), dt.date(2024, 2, 29)
DAYS = (LAST - FIRST).days + 1
D = dt.timedelta(days=1)


def build() -> None:
    """Write the facts; the database holds no customer yet."""
    made_up = random.Random(7)

    def day() -> dt.date:
        return FIRST + made_up.randrange(DAYS) * D

    def moment() -> dt.datetime:
        return dt.datetime.combine(day(), dt.time(made_up.randrange(24)), tzinfo=dt.UTC)

    for n in range(9):
        customer = factories.customer(
            pk=n % 3 * CELL_SIZE + n + 1,
            started_on=FIRST + made_up.randrange(9) * D,
            segment_by="hand",
            stage="support",  # where no rule moves a customer on
            stage_by="hand",
        )
        start = customer.started_on or FIRST
        for _ in range(made_up.randrange(4)):
            end = start + made_up.randrange(1, 25) * D
            factories.subscription(
                customer, starts_on=start, ends_on=end, mrr_cents=made_up.choice([0, 4000, 9000]), seats=3
            )
            start = end + made_up.choice([0, 0, 2]) * D
        CustomerHistory.objects.create(customer=customer, field="segment", valid_from=day(), value="mid")
        factories.ticket(customer, opened_at=moment())
        factories.touchpoint(customer, happened_at=moment())
        factories.payment(customer, paid_on=day())
        factories.contract(customer, starts_on=FIRST, ends_on=day(), value_cents=120_000)
        Response.objects.create(
            customer=customer,
            external_id=f"w{n}",
            survey="nps",
            score=made_up.randrange(11),
            answered_at=moment(),
        )
        for _ in range(60):
            when = moment()
            factories.usage(
                customer,
                occurred_at=when,
                day=when.date(),
                event=made_up.choice(["login", "report"]),
                person=made_up.choice(["ana", "rui", "eva", ""]),
            )
