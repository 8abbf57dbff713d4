"""Paying customers at the end of days, with what the hazard of leaving is read from; all of it known by then.

What scores were computed from is stored (`HealthInput`), so a day is read in three statements for any number of
customers: the daily rows, subscriptions given notice of, contracts cancelled.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from accounts.models import Workspace
from metrics import sql
from metrics.health.packed import NONE, columns
from metrics.models.health import layout_of
from metrics.risk.spans import STEP, STEPS
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

PLACES = 10**12  # more than there are customers: day and customer as one number


@dataclass(frozen=True)
class Rows:
    """One row a customer and day, in order of day and customer; days as ordinals, money in cents, `NONE` = not known.

    `own` and `coverage`: the score by its factors and how much of it is known; `renewal`: when the contract ends that
    nobody renewed or cancelled yet. `ends` (n × 12): the share of the MRR that is known to end in each step of thirty
    days, because notice was given; `cancelled`: the contract in force is cancelled.
    """

    customer: "Column"
    day: "Column"
    mrr: "Column"
    own: "Column"
    coverage: "Column"
    renewal: "Column"
    inputs: dict[str, tuple["Column", "Column"]]
    ends: "Column"
    cancelled: "Column"

    @property
    def noticed(self) -> "Column":
        """Return which customers gave notice, of all or of a part: no art is needed to tell that they leave."""
        found: Column = self.cancelled | (self.ends.sum(axis=1) > 0)
        return found

    def only(self, wanted: "Column") -> "Rows":
        """Return the rows wanted, by a mask or by places."""
        told = {one.name: getattr(self, one.name)[wanted] for one in fields(self) if one.name != "inputs"}
        inputs = {key: (raw[wanted], age[wanted]) for key, (raw, age) in self.inputs.items()}
        return Rows(inputs=inputs, **told)


def read(days: Sequence[dt.date], scope: Scope | None = None) -> Rows:
    """Return the customers that pay at the end of these days and have a score row, of a scope or all."""
    import numpy as np

    marks = {f"day{n}": sql.date(day) for n, day in enumerate(days)}
    rows = sql.tuples(
        f"""
        SELECT h.customer_id, h.day, z.mrr_cents, COALESCE(h.own, {NONE}), h.coverage, z.renewal_on, i.layout, i.numbers
        FROM metrics_healthday h
        JOIN metrics_customerday z ON z.day = h.day AND z.customer_id = h.customer_id
        JOIN metrics_healthinput i ON i.day = h.day AND i.customer_id = h.customer_id
        WHERE h.day IN ({", ".join(f"%({name})s" for name in marks)}) AND z.mrr_cents > 0
          {f"AND {scope.of('h.customer_id')}" if scope else ""}
        ORDER BY h.day, h.customer_id""",
        marks,
    )
    layouts = {key: layout_of(key) for key in {row[6] for row in rows}}
    whole = [[row[0], _ordinal(row[1]), row[2], row[3], row[4], _ordinal(row[5])] for row in rows]
    table = np.array(whole, dtype=np.int64).reshape(len(rows), 6)
    customer, day, mrr, own, coverage, renewal = (table[:, n] for n in range(6))
    places = day * PLACES + customer
    return Rows(
        customer,
        day,
        mrr,
        own,
        coverage,
        renewal,
        columns([(row[6], row[7]) for row in rows], layouts),
        _ends(marks, scope, places, mrr),
        _cancelled(marks, scope, places),
    )


def joined(parts: Sequence[Rows]) -> Rows:
    """Return rows of several days as one; an input that a day does not know is not known there."""
    import numpy as np

    keys = sorted({key for one in parts for key in one.inputs})

    def pair(one: Rows, key: str) -> tuple["Column", "Column"]:
        nothing = np.full(len(one.day), NONE, dtype=np.int64), np.zeros(len(one.day), dtype=np.int64)
        return one.inputs.get(key, nothing)

    told = {
        field.name: np.concatenate([getattr(one, field.name) for one in parts])
        for field in fields(Rows)
        if field.name != "inputs"
    }
    inputs = {
        key: (
            np.concatenate([pair(one, key)[0] for one in parts]),
            np.concatenate([pair(one, key)[1] for one in parts]),
        )
        for key in keys
    }
    return Rows(inputs=inputs, **told)


def _ends(marks: dict[str, Any], scope: Scope | None, places: "Column", mrr: "Column") -> "Column":
    """Return the share of each row's MRR that ends in each step, by notice given up to the row's day."""
    import numpy as np

    found = np.zeros((len(places), STEPS))
    rows = sql.tuples(
        f"""
        WITH {_asked(marks)}
        SELECT d.day, s.customer_id, s.ends_on, CAST(SUM(s.mrr_cents) AS BIGINT)
        FROM asked d
        JOIN customers_subscription s ON s.cancelled_on <= d.day AND s.starts_on <= d.day AND s.ends_on > d.day
        WHERE s.mrr_cents > 0 {f"AND {scope.of('s.customer_id')}" if scope else ""}
        GROUP BY d.day, s.customer_id, s.ends_on""",
        marks,
    )
    grace = Workspace.get().grace_days
    for at, (day, _customer, ends_on, cents) in _placed(rows, places):
        step = (_ordinal(ends_on) + grace - _ordinal(day) - 1) // STEP
        if step < STEPS:
            found[at, step] += cents / mrr[at]
    return np.minimum(found, 1.0)


def _cancelled(marks: dict[str, Any], scope: Scope | None, places: "Column") -> "Column":
    """Return which rows' newest contract in force is cancelled, as known by the row's day."""
    import numpy as np

    found = np.zeros(len(places), dtype=bool)
    rows = sql.tuples(
        f"""
        WITH {_asked(marks)}
        SELECT d.day, k.customer_id
        FROM asked d
        JOIN customers_contract k ON k.cancelled_on <= d.day AND k.starts_on <= d.day AND k.ends_on > d.day
         AND COALESCE(k.signed_on, k.starts_on) <= d.day
        WHERE NOT EXISTS (
            SELECT 1 FROM customers_contract o
            WHERE o.customer_id = k.customer_id AND o.id <> k.id AND o.ends_on > d.day AND o.ends_on > o.starts_on
              AND COALESCE(o.signed_on, o.starts_on) <= d.day AND (o.cancelled_on IS NULL OR o.cancelled_on > d.day)
        ) {f"AND {scope.of('k.customer_id')}" if scope else ""}""",
        marks,
    )
    for at, _row in _placed(rows, places):
        found[at] = True
    return found


def _placed(rows: Sequence[tuple[Any, ...]], places: "Column") -> list[tuple[int, tuple[Any, ...]]]:
    """Return rows (day, customer, …) with their place among those in order, without those that have none."""
    import numpy as np

    if not rows or not len(places):
        return []
    keys = np.array([_ordinal(row[0]) * PLACES + row[1] for row in rows], dtype=np.int64)
    at = np.minimum(np.searchsorted(places, keys), len(places) - 1)
    return [(int(n), row) for n, there, row in zip(at, places[at] == keys, rows, strict=True) if there]


def _asked(marks: dict[str, Any]) -> str:
    return f"asked(day) AS (VALUES {', '.join(f'(%({name})s)' for name in marks)})"


def _ordinal(day: dt.date | str | None) -> int:
    return NONE if day is None else sql.as_day(day).toordinal()
