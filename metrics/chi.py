"""The customer happiness index: what was learned by a day, for all customers and cut by slice.

Looked at are the customers that pay at the end of the day. One has succeeded if in the 365 days up to it its MRR
expanded or a renewal due in them was, by what was known that day, renewed. It shows an event it used in the last 30
days, a milestone it has reached, and breadth if it used half of the features in its plan that an event shows.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import Workspace
from core import time
from core.models import WorkState
from metrics import renewals, slices, sql
from metrics.behaviours import BREADTH, EVENT, MILESTONE, Behaviour, Learned
from metrics.models import ChiDay, Night
from metrics.periods import Period, add_months
from metrics.slices import Only

YEAR = 365
HALF = "half"
# Of so many nights, week ends and month ends what was learned is kept; of the newest it is worked out again when they
# are restated.
DAYS, WEEKS, MONTHS = dt.timedelta(days=31), 13, 24
NEWEST, AGAIN = dt.timedelta(days=7), 3


@dataclass(frozen=True)
class Chi:
    """A slice: its customers, the weights they show, the sum of all weights, and from whom they were learned."""

    customers: int = 0
    shown: float = 0
    weight: float = 0
    successful: int = 0
    rest: int = 0


def read(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Chi]:
    """Return the index at the end of each period's last day, or of `as_of` if that is earlier, cut `by` a slice.

    Of days that are kept; two statements. A period that ends on another day is missing.
    """
    days = {period: min(period.last, as_of) for period in periods}
    told = {row.day: _of_kept(row) for row in ChiDay.objects.filter(day__in=set(days.values()))}
    if by is None and only.is_everybody:
        return {(period, None): _whole(told[day]) for period, day in days.items() if day in told}
    counting = [period for period, day in days.items() if day in told and told[day].weights]
    if not counting:
        return {}
    weights, params = _weights([told[days[period]] for period in counting])
    found = slices.cut(
        counting,
        by=by,
        only=only,
        facts=_facts(weights),
        select="SELECT n, part, COUNT(*) AS customers, SUM(shown) AS shown FROM sliced GROUP BY n, part",
        params=params | {"as_of": sql.date(as_of)},
    )
    return {key: _part(told[days[key[0]]], row) for key, row in found}


def _whole(one: Learned) -> Chi:
    weights = one.weights
    shown = sum(
        float(weights.get((each.kind, each.name), 0)) * (each.hits + each.other_hits)
        for each in one.behaviours
    )
    return Chi(one.customers, shown, float(sum(one.weights.values())), one.successful, one.rest)


def _part(one: Learned, row: dict[str, Any]) -> Chi:
    return Chi(
        int(row["customers"]),
        float(row["shown"] or 0),
        float(sum(one.weights.values())),
        one.successful,
        one.rest,
    )


def learned(day: dt.date) -> Learned:
    """Return what was learned by the end of a day, as kept or worked out: a pure function of the facts up to it."""
    kept = ChiDay.objects.filter(day=day).first()
    return learn(day) if kept is None else _of_kept(kept)


def _of_kept(kept: ChiDay) -> Learned:
    return Learned(
        kept.successful,
        kept.rest,
        tuple(
            Behaviour(kind, name, hits, kept.successful, others, kept.rest)
            for kind, name, hits, others in kept.behaviours
        ),
    )


def learn(day: dt.date) -> Learned:
    """Work out what the facts up to a day teach; one statement."""
    period, values = slices.periods_cte([Period(day, day + dt.timedelta(days=1))])
    rows = sql.rows(
        f"""
        WITH {period}, {_AT}, {_PAYING}, {_won()},
        base AS (
            SELECT b.n, b.customer_id, CASE WHEN w.customer_id IS NULL THEN 0 ELSE 1 END AS won
            FROM paying b LEFT JOIN won w ON w.customer_id = b.customer_id
        ), {_shown()}
        SELECT '' AS kind, '' AS name, SUM(won) AS hits, SUM(1 - won) AS others FROM base HAVING COUNT(*) > 0
        UNION ALL
        SELECT s.kind, s.name, SUM(b.won), SUM(1 - b.won) FROM shown s
        JOIN base b ON b.n = s.n AND b.customer_id = s.customer_id
        GROUP BY s.kind, s.name""",
        values | {"as_of": sql.date(day), "year": sql.date(day - dt.timedelta(days=YEAR - 1))},
    )
    sizes = next((row for row in rows if not row["kind"]), None)
    if sizes is None:
        return Learned()
    successful, rest = int(sizes["hits"]), int(sizes["others"])
    found = [
        Behaviour(row["kind"], row["name"], int(row["hits"]), successful, int(row["others"]), rest)
        for row in rows
        if row["kind"]
    ]
    return Learned(successful, rest, tuple(sorted(found, key=lambda one: (-one.weight, one.kind, one.name))))


_AT = "at AS (SELECT n, CASE WHEN last > %(as_of)s THEN %(as_of)s ELSE last END AS last FROM period)"
_PAYING = """
    paying AS (
        SELECT p.n, z.customer_id FROM at p
        JOIN metrics_customerday z ON z.day = p.last AND z.mrr_cents > 0
    )"""


def _won() -> str:
    """Customers whose MRR expanded within the year, or of whom a renewal due in it is renewed."""
    return f"""
    won AS (
        SELECT e.customer_id FROM metrics_customerday e
        WHERE e.day BETWEEN %(year)s AND %(as_of)s AND e.mrr_expansion_cents > 0
          AND e.mrr_cents <> e.opening_mrr_cents
        UNION
        SELECT r.customer_id FROM (
            WITH period AS (SELECT n, {_date("%(year)s")} AS first, last FROM at)
            SELECT * FROM ({renewals.facts(Workspace.get().renewal_grace_days)}) f
        ) r WHERE r.renewed = 1
    )"""


def _shown() -> str:
    """What each customer shows at the end of each period's last day, each behaviour once."""
    month = sql.plus_days("p.last", -29)
    return f"""
    used AS (
        SELECT p.n, u.customer_id, u.feature FROM at p
        JOIN metrics_usageday u ON u.day BETWEEN {month} AND p.last
        GROUP BY p.n, u.customer_id, u.feature
    ),
    sold AS (
        SELECT DISTINCT p.n, s.customer_id, g.event FROM at p
        JOIN customers_subscription s ON s.starts_on <= p.last AND (s.ends_on IS NULL OR s.ends_on > p.last)
        JOIN customers_product g ON g.event <> '' AND g.product = s.product AND (g.plan = '' OR g.plan = s.plan)
    ),
    shown AS (
        SELECT n, customer_id, '{EVENT}' AS kind, feature AS name FROM used
        UNION ALL
        SELECT DISTINCT p.n, m.customer_id, '{MILESTONE}', m.milestone FROM at p
        JOIN customers_milestone m ON m.reached_on <= p.last
        UNION ALL
        SELECT s.n, s.customer_id, '{BREADTH}', '{HALF}' FROM sold s
        LEFT JOIN used u ON u.n = s.n AND u.customer_id = s.customer_id AND u.feature = s.event
        GROUP BY s.n, s.customer_id HAVING COUNT(u.feature) * 2 >= COUNT(*)
    )"""


def _weights(told: Sequence[Learned]) -> tuple[str, dict[str, Any]]:
    """Return the CTE of the weights of each period, by its place, with its parameters."""
    lines: list[str] = []
    params: dict[str, Any] = {}
    for n, one in enumerate(told):
        for i, ((kind, name), weight) in enumerate(one.weights.items()):
            lines.append(f"({n}, %(kind{n}_{i})s, %(name{n}_{i})s, %(weight{n}_{i})s)")
            params |= {
                f"kind{n}_{i}": kind,
                f"name{n}_{i}": name,
                f"weight{n}_{i}": float(weight),
            }
    return f"weights(n, kind, name, weight) AS (VALUES {', '.join(lines)})", params


def _facts(weights: str) -> str:
    """Return the query of every paying customer with the sum of the weights of what it shows."""
    return f"""
        WITH {_AT}, {_PAYING}, {_shown()}, {weights}
        SELECT b.n, b.customer_id, COALESCE(SUM(w.weight), 0) AS shown
        FROM paying b
        LEFT JOIN shown s ON s.n = b.n AND s.customer_id = b.customer_id
        LEFT JOIN weights w ON w.n = s.n AND w.kind = s.kind AND w.name = s.name
        GROUP BY b.n, b.customer_id"""


def _date(expression: str) -> str:
    return f"CAST({expression} AS date)" if sql.on_postgres() else expression


def due() -> bool:
    """Tell whether a night lacks what was learned by it, or was restated since."""
    return next(iter(_waiting()), None) is not None


def keep_one() -> int:
    """Keep what was learned by the newest night that waits; return how many that were."""
    day = next(iter(_waiting()), None)
    if day is None:
        return 0
    at = time.now()
    found = learn(day)
    ChiDay.objects.update_or_create(
        day=day,
        defaults={
            "successful": found.successful,
            "rest": found.rest,
            "behaviours": [[one.kind, one.name, one.hits, one.other_hits] for one in found.behaviours],
            "computed_at": at,
        },
    )
    return 1


def _waiting() -> Iterable[dt.date]:
    """Yield the nights that are not kept yet, and the newest ones that were restated since, the newest first.

    Every night is kept as it comes; of those before the first that was, week ends and month ends are.
    """
    done = Night.objects.filter(state=WorkState.DONE, told_at__isnull=False)
    newest = done.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return
    ends = [add_months(newest.replace(day=1), -n) - dt.timedelta(days=1) for n in range(MONTHS)]
    weeks = [newest - dt.timedelta(days=7 * n + newest.isoweekday() % 7) for n in range(WEEKS)]
    kept = dict(ChiDay.objects.filter(day__gte=ends[-1]).values_list("day", "computed_at"))
    wanted = done.filter(Q(day__gt=newest - DAYS) | Q(day__in=[*weeks, *ends])).order_by("-day")
    for day, restated in wanted.values_list("day", "restated_at"):
        again = day > newest - NEWEST or day in ends[:AGAIN]
        if day not in kept or (again and restated is not None and restated > kept[day]):
            yield day
