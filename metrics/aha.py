"""What customers that reached their goals did first, compared with those that did not; and what came after a gap.

A customer's outcome is known once an objective's day has come and the customer has confirmed half of their weight: it
reached its goals with an attainment of all of it, by its own words. Steps are counted within 90 days from the beginning
of its first objective. What came after is looked at half a year later. With fewer than 20 customers on either side
nothing is claimed.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from metrics import slices, sql
from metrics.periods import Period
from metrics.slices import Only
from metrics.statistics import newcombe, wilson
from metrics.success import facts

WITHIN = 90
AFTER = 180
LEAST = 20
ALL_OF_IT = 0.9995  # an attainment that is all of it, but for how a database rounds
MOST_STEPS = 20


@dataclass(frozen=True)
class Side:
    """Customers of one side: how many there are, how many did the step, after how many days (days → customers)."""

    cases: int
    days: Mapping[int, int] = field(default_factory=dict)

    @property
    def hits(self) -> int:
        """How many did it."""
        return sum(self.days.values())

    @property
    def share(self) -> float | None:
        """The share that did it."""
        return self.hits / self.cases if self.cases else None

    @property
    def limits(self) -> tuple[float, float] | None:
        """The Wilson 95 % interval of the share."""
        return wilson(self.hits, self.cases)

    @property
    def median(self) -> int | None:
        """Days to the step, of those who did it: the lower median."""
        waiting = (self.hits + 1) // 2
        for day in sorted(self.days):
            waiting -= self.days[day]
            if waiting <= 0 and self.hits:
                return day
        return None


@dataclass(frozen=True)
class Compared:
    """A step, or what came after, on both sides. `kind`: `event`, `milestone`, `objective` or `after`."""

    kind: str
    name: str
    reached: Side
    others: Side

    @property
    def difference(self) -> float | None:
        """The share of those who reached their goals less that of the others."""
        if self.reached.share is None or self.others.share is None:
            return None
        return self.reached.share - self.others.share

    @property
    def limits(self) -> tuple[float, float] | None:
        """The 95 % interval of the difference."""
        return newcombe(self.reached.hits, self.reached.cases, self.others.hits, self.others.cases)

    @property
    def is_evidence(self) -> bool:
        """Whether there are enough customers and the interval leaves zero out."""
        limits = self.limits
        enough = min(self.reached.cases, self.others.cases) >= LEAST
        return enough and limits is not None and (limits[0] > 0 or limits[1] < 0)


@dataclass(frozen=True)
class Aha:
    """Both sides' sizes, how many have no known outcome, and the steps, the largest differences first."""

    reached: int
    others: int
    unknown: int
    steps: tuple[Compared, ...]

    @property
    def enough(self) -> bool:
        """Whether both sides are large enough to claim anything."""
        return min(self.reached, self.others) >= LEAST


def first_steps(night: dt.date, only: Only) -> Aha:
    """Return what both sides did in their first days, as of a night; two statements."""
    period = Period(night, night + dt.timedelta(days=1))
    sizes = {True: 0, False: 0}
    unknown = 0
    for row in _cut(period, only, facts(due_only=True), _SIZES, {"all": ALL_OF_IT}):
        if row["told"]:
            sizes[bool(row["reached"])] = int(row["n_customers"])
        else:
            unknown += int(row["n_customers"])
    found: dict[tuple[str, str], dict[bool, dict[int, int]]] = defaultdict(lambda: {True: {}, False: {}})
    for row in _cut(period, only, facts(due_only=True), _steps(), {"all": ALL_OF_IT}):
        if 0 <= row["days"] < WITHIN:
            found[row["kind"], row["name"]][bool(row["reached"])][int(row["days"])] = int(row["n_customers"])
    steps = [
        Compared(kind, name, Side(sizes[True], sides[True]), Side(sizes[False], sides[False]))
        for (kind, name), sides in found.items()
    ]
    steps.sort(key=lambda one: (-abs(one.difference or 0), one.kind, one.name))
    return Aha(sizes[True], sizes[False], unknown, tuple(steps[:MOST_STEPS]))


def afterwards(night: dt.date, only: Only) -> tuple[Compared, ...]:
    """Return what came within half a year for customers that were where they should be, and for those behind.

    Of customers that paid then: still paying, paying more, as many people active. One statement.
    """
    then = night - dt.timedelta(days=AFTER)
    period = Period(then, then + dt.timedelta(days=1))
    sides: dict[bool, dict[str, Any]] = {}
    for row in _cut(period, only, facts(), _AFTER, {"night": sql.date(night)}):
        sides[bool(row["reached"])] = row
    nobody = {"n_customers": 0, "stays": 0, "more": 0, "active": 0}
    ahead, behind = sides.get(True, nobody), sides.get(False, nobody)
    return tuple(
        Compared(
            "after",
            name,
            Side(int(ahead["n_customers"]), {AFTER: int(ahead[name])}),
            Side(int(behind["n_customers"]), {AFTER: int(behind[name])}),
        )
        for name in ("stays", "more", "active")
    )


def _cut(
    period: Period, only: Only, of: str, select: str, params: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    found = slices.cut([period], by=None, only=only, facts=of, select=select, params=params)
    return (row for _key, row in found)


_SIZES = """
    SELECT n, part, told, CASE WHEN told = 1 AND attained >= %(all)s THEN 1 ELSE 0 END AS reached,
           COUNT(*) AS n_customers
    FROM sliced GROUP BY n, part, told, CASE WHEN told = 1 AND attained >= %(all)s THEN 1 ELSE 0 END"""

_AFTER = """
    SELECT s.n, s.part, CASE WHEN s.value_gap >= 0 THEN 1 ELSE 0 END AS reached, COUNT(*) AS n_customers,
           SUM(CASE WHEN l.mrr_cents > 0 THEN 1 ELSE 0 END) AS stays,
           SUM(CASE WHEN l.mrr_cents > f.mrr_cents THEN 1 ELSE 0 END) AS more,
           SUM(CASE WHEN l.active_people_30 > 0 AND l.active_people_30 >= f.active_people_30
                    THEN 1 ELSE 0 END) AS active
    FROM sliced s
    JOIN metrics_customerday f ON f.customer_id = s.customer_id AND f.mrr_cents > 0
     AND f.day = (SELECT last FROM period WHERE period.n = s.n)
    JOIN metrics_customerday l ON l.customer_id = s.customer_id AND l.day = %(night)s
    WHERE s.told = 1
    GROUP BY s.n, s.part, CASE WHEN s.value_gap >= 0 THEN 1 ELSE 0 END"""


def _steps() -> str:
    used = sql.days_between("b.begins", "MIN(u.day)")
    reached_on = sql.days_between("b.begins", "m.reached_on")
    said = sql.days_between("b.begins", "MIN(a.stated_on)")
    way = "(a.value - o.baseline) / ((o.target - o.baseline) * 1.0)"
    return f"""
        , side AS (
            SELECT s.n, s.part, s.customer_id, CASE WHEN s.attained >= %(all)s THEN 1 ELSE 0 END AS reached,
                   (SELECT MIN(o.starts_on) FROM customers_objective o
                    WHERE o.customer_id = s.customer_id AND o.archived_at IS NULL) AS begins
            FROM sliced s WHERE s.told = 1
        ),
        step AS (
            SELECT b.n, b.part, b.reached, 'event' AS kind, u.feature AS name, {used} AS days
            FROM side b JOIN metrics_usageday u ON u.customer_id = b.customer_id AND u.day >= b.begins
             AND u.day < {sql.plus_days("b.begins", WITHIN)}
            GROUP BY b.n, b.part, b.reached, b.customer_id, b.begins, u.feature
            UNION ALL
            SELECT b.n, b.part, b.reached, 'milestone', m.milestone, {reached_on}
            FROM side b JOIN customers_milestone m ON m.customer_id = b.customer_id AND m.reached_on >= b.begins
            UNION ALL
            SELECT b.n, b.part, b.reached, 'objective', o.name, {said}
            FROM side b JOIN customers_objective o ON o.customer_id = b.customer_id AND o.archived_at IS NULL
            JOIN customers_attained a ON a.objective_id = o.id AND a.side = 'customer' AND {way} >= %(all)s
            GROUP BY b.n, b.part, b.reached, b.customer_id, b.begins, o.name
        )
        SELECT n, part, reached, kind, name, days, COUNT(*) AS n_customers
        FROM step GROUP BY n, part, reached, kind, name, days"""
