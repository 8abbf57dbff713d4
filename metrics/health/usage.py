"""Usage over sliding windows: active days, trend, features of the plan, single events.

Two ways to the same numbers: a few days are summed up by the database, a day at a time; for a long run of days each
day's usage is read once and the windows are slid over it here.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics import sql
from metrics.health.sources import event_of
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

MONTH, WINDOW = 30, 60
ONE_BY_ONE = 3  # up to so many days the database slides the windows
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """The days at whose end usage is asked for, the events asked for by name, and whose."""

    days: Sequence[dt.date]
    events: Sequence[str]
    scope: Scope


@dataclass(frozen=True)
class Usage:
    """Of each asked row (a customer on a day): sums over its windows. `events`: by input key."""

    active_days: "np.ndarray[Any, Any]"
    month: "np.ndarray[Any, Any]"
    month_before: "np.ndarray[Any, Any]"
    features_used: "np.ndarray[Any, Any]"
    features_sold: "np.ndarray[Any, Any]"
    events: dict[str, "np.ndarray[Any, Any]"]


def read(wanted: Wanted, places: "np.ndarray[Any, Any]", customers: "np.ndarray[Any, Any]") -> Usage:
    """Return the usage of rows given by the place of their day in `wanted.days` and their customer."""
    return (_one_by_one if len(set(wanted.days)) <= ONE_BY_ONE else _sliding)(wanted, places, customers)


_SOLD = """
    SELECT DISTINCT s.customer_id, p.event FROM customers_subscription s
    JOIN customers_product p ON p.event <> '' AND p.product = s.product AND (p.plan = '' OR p.plan = s.plan)
    WHERE {scope} AND s.starts_on <= %(day)s AND (s.ends_on IS NULL OR s.ends_on > %(day)s)"""


def _one_by_one(wanted: Wanted, places: "np.ndarray[Any, Any]", customers: "np.ndarray[Any, Any]") -> Usage:
    import numpy as np

    names = list(wanted.events)
    found = np.zeros((len(customers), 5 + len(names)), dtype=np.int64)
    for n, day in enumerate(wanted.days):
        rows = np.flatnonzero(places == n)
        params: dict[str, Any] = {
            "day": sql.date(day),
            "month": sql.date(day - (MONTH - 1) * DAY),
            "first": sql.date(day - (WINDOW - 1) * DAY),
        }
        inner, outer = "", ""
        for i, key in enumerate(names):
            event, days = event_of(key)
            params |= {f"event{i}": event, f"from{i}": sql.date(day - (days - 1) * DAY)}
            inner += (
                f", SUM(CASE WHEN u.feature = %(event{i})s AND u.day >= %(from{i})s"
                f" THEN u.events ELSE 0 END) AS event{i}"
            )
            outer += f", CAST(SUM(event{i}) AS BIGINT)"
        in_month = "day >= %(month)s"
        used = sql.tuples(
            f"""
            SELECT customer_id, SUM(CASE WHEN {in_month} THEN 1 ELSE 0 END),
                   CAST(SUM(CASE WHEN {in_month} THEN events ELSE 0 END) AS BIGINT),
                   CAST(SUM(CASE WHEN {in_month} THEN 0 ELSE events END) AS BIGINT){outer}
            FROM (
                SELECT u.customer_id, u.day, SUM(u.events) AS events{inner}
                FROM metrics_usageday u
                WHERE {wanted.scope.of("u.customer_id")} AND u.day BETWEEN %(first)s AND %(day)s
                GROUP BY u.customer_id, u.day
            ) days
            GROUP BY customer_id""",
            params,
        )
        sold = sql.tuples(
            f"""
            SELECT s.customer_id, COUNT(*), SUM(CASE WHEN EXISTS (
                SELECT 1 FROM metrics_usageday u
                WHERE u.customer_id = s.customer_id AND u.feature = s.event AND u.day BETWEEN %(month)s AND %(day)s
            ) THEN 1 ELSE 0 END)
            FROM ({_SOLD.format(scope=wanted.scope.of("s.customer_id"))}) s
            GROUP BY s.customer_id""",
            {"day": params["day"], "month": params["month"]},
        )
        _put(found, rows, customers, [0, 1, 2, *range(5, 5 + len(names))], used)
        _put(found, rows, customers, [4, 3], sold)
    return _usage(found, names)


def _put(
    found: "np.ndarray[Any, Any]",
    rows: "np.ndarray[Any, Any]",
    customers: "np.ndarray[Any, Any]",
    columns: list[int],
    read_rows: list[tuple[Any, ...]],
) -> None:
    """Put what was read of customers into their rows; `rows` are in the order of the customers."""
    import numpy as np

    if not read_rows or not len(rows):
        return
    table = np.array(read_rows, dtype=np.int64)
    of_day = customers[rows]
    at = np.searchsorted(of_day, table[:, 0])
    at = np.minimum(at, len(of_day) - 1)
    there = of_day[at] == table[:, 0]
    found[np.ix_(rows[at[there]], columns)] = table[there, 1:]


def _sliding(wanted: Wanted, places: "np.ndarray[Any, Any]", customers: "np.ndarray[Any, Any]") -> Usage:
    import numpy as np

    names = list(wanted.events)
    begin = wanted.days[0] - (WINDOW - 1) * DAY
    length = (wanted.days[-1] - begin).days + 1
    known = np.unique(customers)
    row_at = np.searchsorted(known, customers)
    last = np.array([(day - begin).days for day in wanted.days])[places]
    by_feature = _by_feature(wanted, begin)
    events = _cells(np.concatenate([*by_feature.values(), np.empty((0, 3), dtype=np.int64)]), known, length)

    def slid(cells: "np.ndarray[Any, Any]", days: int) -> Any:
        """Return the sum over the days up to and with each row's."""
        sums = np.concatenate([np.zeros((len(known), 1), dtype=np.int64), np.cumsum(cells, axis=1)], axis=1)
        return sums[row_at, last + 1] - sums[row_at, np.maximum(last + 1 - days, 0)]

    def of_feature(feature: str) -> Any:
        return _cells(by_feature.get(feature, np.empty((0, 3), dtype=np.int64)), known, length)

    found = np.zeros((len(customers), 5 + len(names)), dtype=np.int64)
    found[:, 0] = slid((events > 0).astype(np.int64), MONTH)
    found[:, 1] = slid(events, MONTH)
    found[:, 2] = slid(events, WINDOW) - found[:, 1]
    for feature, plan in _plans(wanted, known, begin, length).items():
        bought = plan[row_at, last]
        found[:, 3] += bought & (slid((of_feature(feature) > 0).astype(np.int64), MONTH) > 0)
        found[:, 4] += bought
    for i, key in enumerate(names):
        event, days = event_of(key)
        found[:, 5 + i] = slid(of_feature(event), days)
    return _usage(found, names)


def _by_feature(wanted: Wanted, begin: dt.date) -> dict[str, "np.ndarray[Any, Any]"]:
    """Return by feature the rows (customer, days since `begin`, events) of the days from `begin` on."""
    import numpy as np

    origin = "CAST(%(first)s AS date)" if sql.on_postgres() else "%(first)s"
    rows = sql.tuples(
        f"SELECT u.feature, u.customer_id, {sql.days_between(origin, 'u.day')}, CAST(SUM(u.events) AS BIGINT)"
        f" FROM metrics_usageday u WHERE {wanted.scope.of('u.customer_id')} AND u.day BETWEEN %(first)s AND %(last)s"
        " GROUP BY u.customer_id, u.day, u.feature",
        {"first": sql.date(begin), "last": sql.date(wanted.days[-1])},
    )
    apart: dict[str, list[tuple[int, int, int]]] = {}
    for feature, *numbers in rows:
        apart.setdefault(feature, []).append(tuple(numbers))
    return {feature: np.array(of, dtype=np.int64) for feature, of in apart.items()}


def _cells(table: "np.ndarray[Any, Any]", known: "np.ndarray[Any, Any]", length: int) -> Any:
    """Return a grid of events by customer and day."""
    import numpy as np

    cells = np.zeros((len(known), length), dtype=np.int64)
    if len(table) and len(known):
        at = np.minimum(np.searchsorted(known, table[:, 0]), len(known) - 1)
        there = known[at] == table[:, 0]
        np.add.at(cells, (at[there], table[there, 1]), table[there, 2])
    return cells


def _plans(
    wanted: Wanted, known: "np.ndarray[Any, Any]", begin: dt.date, length: int
) -> dict[str, "np.ndarray[Any, Any]"]:
    """Return by event of a sold feature on which days each customer had it in its plan."""
    import numpy as np

    spans = sql.rows(
        f"""
        SELECT DISTINCT s.customer_id, p.event, s.starts_on, s.ends_on FROM customers_subscription s
        JOIN customers_product p ON p.event <> '' AND p.product = s.product AND (p.plan = '' OR p.plan = s.plan)
        WHERE {wanted.scope.of("s.customer_id")} AND s.starts_on <= %(last)s
          AND (s.ends_on IS NULL OR s.ends_on > %(first)s)""",
        {"first": sql.date(begin), "last": sql.date(wanted.days[-1])},
    )
    places = {int(key): n for n, key in enumerate(known)}
    found: dict[str, Any] = {}
    for span in spans:
        place = places.get(span["customer_id"])
        if place is None:
            continue
        plan = found.setdefault(span["event"], np.zeros((len(known), length), dtype=bool))
        start = max(0, (sql.as_day(span["starts_on"]) - begin).days)
        end = length if span["ends_on"] is None else max(0, (sql.as_day(span["ends_on"]) - begin).days)
        plan[place, start:end] = True
    return found


def _usage(found: "np.ndarray[Any, Any]", names: Sequence[str]) -> Usage:
    return Usage(
        active_days=found[:, 0],
        month=found[:, 1],
        month_before=found[:, 2],
        features_used=found[:, 3],
        features_sold=found[:, 4],
        events={key: found[:, 5 + n] for n, key in enumerate(names)},
    )
