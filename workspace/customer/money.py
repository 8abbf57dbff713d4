"""What the customer pays: MRR over time with its movements, subscriptions, contracts, payments."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from customers.models import Contract, Payment, Subscription
from metrics.models import CustomerDay
from workspace.customer.asof import AsOf
from workspace.timeline.revenue import MOVED, MOVEMENT, MOVEMENTS
from workspace.timeline.source import Words

CHART_WIDTH, CHART_HEIGHT = 600, 120
HEADROOM = 1.1
PAYMENTS_SHOWN = 60


@dataclass(frozen=True)
class Movement:
    """One change of the MRR: the day, its name, and what it was before and after, in cents a month."""

    day: dt.date
    tone: str
    name: Words
    before: int
    after: int

    @property
    def change(self) -> int:
        """What was added or lost, in cents a month."""
        return self.after - self.before


@dataclass(frozen=True)
class StepChart:
    """The MRR over time as an SVG path, with what its axes say."""

    path: str
    area: str
    first: dt.date
    last: dt.date
    top: int


@dataclass(frozen=True)
class Paid:
    """Payments received up to the day looked at; `total` in cents, refunds taken off."""

    total: int
    count: int
    late: int
    rows: list[Payment]


def movements(customer_id: int, seen: AsOf) -> list[Movement]:
    """Return every change of the MRR up to the day looked at, oldest first; one query over the daily rows."""
    rows = (
        CustomerDay.objects.filter(MOVED, customer=customer_id, day__lte=seen.day)
        .order_by("day")
        .annotate(movement=MOVEMENT)
        .values_list("day", "movement", "opening_mrr_cents", "mrr_cents")
    )
    return [Movement(day, *MOVEMENTS[name], before, after) for day, name, before, after in rows]


def left_on(moves: Sequence[Movement]) -> dt.date | None:
    """Return the day on which the customer's last amount ended; None while it pays, or where it never did."""
    return moves[-1].day if moves and not moves[-1].after else None


def step_chart(moves: Sequence[Movement], until: dt.date) -> StepChart | None:
    """Draw the MRR from the first movement to `until` as steps; None before the first movement."""
    if not moves:
        return None
    first = moves[0].day - dt.timedelta(days=1)
    span = max((until - first).days, 1)
    top = max(max(move.before, move.after) for move in moves)
    scale = (CHART_HEIGHT - 2) / (top * HEADROOM or 1)

    def x(day: dt.date) -> float:
        return round((day - first).days / span * CHART_WIDTH, 1)

    def y(cents: int) -> float:
        return round(CHART_HEIGHT - 1 - cents * scale, 1)

    parts = [f"M0 {y(moves[0].before)}"]
    parts += [f"H{x(move.day)}V{y(move.after)}" for move in moves]
    parts.append(f"H{CHART_WIDTH}")
    path = "".join(parts)
    return StepChart(path, f"{path}V{CHART_HEIGHT}H0Z", first, until, top)


def subscriptions(customer_id: int, seen: AsOf) -> list[Subscription]:
    """Return the subscription rows known on the day looked at, those in force first, then the newest."""
    in_force = Q(starts_on__lte=seen.day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=seen.day))
    rows = Subscription.objects.filter(customer=customer_id)
    if not seen.live:
        rows = rows.filter(starts_on__lte=seen.day)
    return list(
        rows.annotate(in_force=Case(When(in_force, then=Value(1)), default=Value(0))).order_by(
            "-in_force", "-starts_on", "product", "pk"
        )
    )


def contracts(customer_id: int, seen: AsOf) -> list[Contract]:
    """Return the contracts known on the day looked at (signed or begun by then), newest first."""
    rows = Contract.objects.filter(customer=customer_id)
    if not seen.live:
        rows = rows.annotate(known_on=Coalesce("signed_on", "starts_on")).filter(known_on__lte=seen.day)
    return list(rows.order_by("-starts_on", "-pk"))


def current_contract(rows: Sequence[Contract], day: dt.date) -> Contract | None:
    """Return the contract in force on a day; of several the one that ends last."""
    running = [c for c in rows if c.starts_on <= day < c.ends_on]
    return max(running, key=lambda c: c.ends_on, default=None)


def paid(customer_id: int, seen: AsOf) -> Paid:
    """Return the payments received up to the day looked at; two queries."""
    rows = Payment.objects.filter(customer=customer_id, paid_on__lte=seen.day)
    sums = rows.aggregate(
        total=Coalesce(Sum("amount_cents"), 0),
        n=Count("pk"),
        late=Count("pk", filter=Q(paid_on__gt=F("due_on"))),
    )
    newest = list(rows.order_by("-paid_on", "-pk")[:PAYMENTS_SHOWN])
    return Paid(sums["total"], sums["n"], sums["late"], newest)
