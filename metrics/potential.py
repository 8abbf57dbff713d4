"""Expansion potential: how much speaks for a customer buying more, 0 to 100, beside its health and never part of it.

Four signs, each with its points (ADR 0030): seats near the limit (40), features asked for (20), what was promised is
attained (20), growth of use (20). They are read in one statement for any number of customers, from the daily rows, the
insights and the success plans; who pays nothing has no potential, and neither has one of whom no sign is known.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from core import time
from metrics import sql, success
from metrics.scope import Scope, some

ASKED_DAYS, GROWTH_DAYS = 180, 90
LEAST_PEOPLE = 3  # growth of fewer says nothing
HIGH = 50  # from here on a customer is worth a talk

# sign → (condition over `e`, points), the first that holds counts.
_SIGNS: dict[str, tuple[tuple[str, int], ...]] = {
    "seats": (
        ("e.seats > 0 AND e.people >= e.seats", 40),
        ("e.seats > 0 AND e.people * 10 >= e.seats * 9", 30),
        ("e.seats > 0 AND e.people * 10 >= e.seats * 8", 15),
    ),
    "asked": (("e.asked > 0", 20),),
    "success": (
        ("e.told = 1 AND e.attained >= 0.9995", 20),
        ("e.told = 1 AND e.value_gap >= -0.0005", 10),
    ),
    "growth": (
        (f"e.people_before >= {LEAST_PEOPLE} AND e.people * 4 >= e.people_before * 5", 20),
        (f"e.people_before >= {LEAST_PEOPLE} AND e.people * 10 >= e.people_before * 11", 10),
    ),
}
SIGNS = tuple(_SIGNS)


@dataclass(frozen=True)
class Potential:
    """What speaks for a customer buying more on a day: the points of each sign, and what they were seen by.

    `people` active in 30 days and `people_before` 90 days earlier, `asked` how many features were asked for in 180
    days, `attained` and `value_gap` as shares, None where the plan has no total.
    """

    points: dict[str, int]
    people: int
    seats: int | None
    people_before: int | None
    asked: int
    attained: float | None
    value_gap: float | None

    @property
    def total(self) -> int:
        """All points."""
        return sum(self.points.values())


def ctes(scope: Scope) -> str:
    """Return the CTEs that lead to `potential`: customer_id and `points` of those that have any potential to tell.

    Needs the parameters of `params`.
    """
    points = " + ".join(_case(sign) for sign in SIGNS)
    return f"""{_signs(scope)},
    potential AS (SELECT e.customer_id, {points} AS points FROM signs e WHERE {_KNOWN})"""


def params(day: dt.date) -> dict[str, Any]:
    """Return the parameters of a day."""
    return {
        "at_day": sql.date(day),
        "at_end": sql.moment(time.day_start(day + dt.timedelta(days=1))),
        "asked_since": sql.date(day - dt.timedelta(days=ASKED_DAYS - 1)),
        "grown_since": sql.date(day - dt.timedelta(days=GROWTH_DAYS)),
    }


def of(customer_id: int, day: dt.date) -> Potential | None:
    """Return a customer's potential by the facts of a night; None where nothing is known."""
    points = ", ".join(f"{_case(sign)} AS {sign}_points" for sign in SIGNS)
    rows = sql.rows(
        f"WITH {_signs(some([customer_id]))} SELECT e.*, {points} FROM signs e WHERE {_KNOWN}", params(day)
    )
    if not rows:
        return None
    row = rows[0]
    told = bool(row["told"])
    return Potential(
        points={sign: int(row[f"{sign}_points"]) for sign in SIGNS},
        people=int(row["people"]),
        seats=row["seats"],
        people_before=row["people_before"],
        asked=int(row["asked"]),
        attained=float(row["attained"]) if told else None,
        value_gap=float(row["value_gap"]) if told else None,
    )


_KNOWN = "e.seats > 0 OR e.asked > 0 OR e.told = 1 OR e.people_before IS NOT NULL"


def _case(sign: str) -> str:
    whens = " ".join(f"WHEN {condition} THEN {points}" for condition, points in _SIGNS[sign])
    return f"CASE {whens} ELSE 0 END"


def _signs(scope: Scope) -> str:
    """What is seen of each paying customer. A wish counts once, however often it was repeated."""
    return f"""
    period AS (SELECT 0 AS n, {_typed("at_day", "date")} AS last, {_typed("at_end", "timestamptz")} AS ends_at),
    promised AS ({success.facts(scope=scope)}),
    wanted AS (
        SELECT i.customer_id, COUNT(*) AS asked FROM customers_insight i
        WHERE {scope.of("i.customer_id")} AND i.kind IN ('wish', 'opportunity') AND i.duplicate_of_id IS NULL
          AND i.said_on BETWEEN %(asked_since)s AND %(at_day)s
          AND (i.removed_at IS NULL OR i.removed_at >= %(at_end)s)
        GROUP BY i.customer_id
    ),
    signs AS (
        SELECT z.customer_id, z.active_people_30 AS people, z.seats, y.active_people_30 AS people_before,
               COALESCE(w.asked, 0) AS asked, COALESCE(g.told, 0) AS told, g.attained, g.value_gap
        FROM metrics_customerday z
        LEFT JOIN metrics_customerday y ON y.customer_id = z.customer_id AND y.day = %(grown_since)s
        LEFT JOIN wanted w ON w.customer_id = z.customer_id
        LEFT JOIN promised g ON g.customer_id = z.customer_id
        WHERE z.day = %(at_day)s AND z.mrr_cents > 0 AND {scope.of("z.customer_id")}
    )"""


def _typed(name: str, kind: str) -> str:
    return f"CAST(%({name})s AS {kind})" if sql.on_postgres() else f"%({name})s"
