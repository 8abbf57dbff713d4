"""Stage *measure*: one wide `CustomerDay` row per customer and day, a pure function of the facts dated up to it.

One statement writes a run of consecutive days for all customers of a scope. Nothing is read from another day's
row: the opening MRR is computed from the facts of the day before, so nights may run in any order.
"""

import datetime as dt
from collections.abc import Sequence

from accounts.models import Workspace
from core import time
from metrics import expansion, publishing, relations, revenue, sql, standing, triggers, usage
from metrics.models import CustomerDay
from metrics.pace import Pace
from metrics.scope import Scope

TABLE = "metrics_customerday"


def measure(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Write the rows of these days; return the days on which a row was made, changed or taken away.

    The usage of these days and of the 29 before each must be rolled up.
    """
    grace_days = Workspace.get().grace_days
    changed: set[dt.date] = set()
    for run in Pace().runs(days):
        with sql.writing(scope.low):
            at = time.now()
            touched = _take_away_unknown(run, scope, at=at)
            if _write(run, scope, grace_days=grace_days, at=at):
                touched |= _days_written(run, scope, at=at)
            publishing.rows_changed(touched, at=at)
        changed |= touched
    return changed


def _days_written(days: Sequence[dt.date], scope: Scope, *, at: dt.datetime) -> set[dt.date]:
    """Return on which days rows of the scope were made or changed at that moment; its rows alone are looked at."""
    rows = CustomerDay.objects.filter(day__in=days, customer_id__gte=scope.low, customer_id__lte=scope.high)
    return set(rows.filter(computed_at=at).values_list("day", flat=True).distinct())


def _write(days: Sequence[dt.date], scope: Scope, *, grace_days: int, at: dt.datetime) -> int:
    """Write the rows of consecutive days in one statement; return how many were made or changed."""
    calendar, params = sql.calendar(days)
    parts = {
        **standing.COLUMNS,
        **revenue.COLUMNS,
        **expansion.COLUMNS,
        **usage.COLUMNS,
        **relations.columns(),
    }
    return sql.upsert(
        table=TABLE,
        key=("day", "customer_id"),
        columns=tuple(parts),
        stamp="computed_at",
        ctes=(
            calendar,
            standing.standing(scope),
            revenue.spans(scope, grace_days=grace_days),
            revenue.MONEY,
            expansion.RISES,
            usage.used(scope),
            usage.people(scope, days=len(days)),
            relations.open_tickets(scope),
            relations.renewals(scope),
        ),
        select=f"""
            SELECT b.day, b.customer_id, {", ".join(parts.values())}, %(at)s
            FROM standing b
            LEFT JOIN money m ON m.day = b.day AND m.customer_id = b.customer_id
            LEFT JOIN rises r ON r.day = b.day AND r.customer_id = b.customer_id
            LEFT JOIN used ON used.day = b.day AND used.customer_id = b.customer_id
            LEFT JOIN people ON people.day = b.day AND people.customer_id = b.customer_id
            LEFT JOIN waiting ON waiting.day = b.day AND waiting.customer_id = b.customer_id
            LEFT JOIN due ON due.day = b.day AND due.customer_id = b.customer_id
            WHERE TRUE
            ORDER BY b.day, b.customer_id""",
        params={**params, "at": sql.moment(at)},
    )


def _take_away_unknown(days: Sequence[dt.date], scope: Scope, *, at: dt.datetime) -> set[dt.date]:
    """Delete rows of customers that, by what is known now, were not there yet or were merged; return their days."""
    calendar, params = sql.calendar(days)
    unknown = f"""
        FROM {TABLE}
        WHERE day IN (SELECT day FROM calendar) AND {scope.of("customer_id")} AND NOT EXISTS (
            SELECT 1 FROM customers_customer c JOIN calendar d ON d.day = {TABLE}.day
            WHERE c.id = {TABLE}.customer_id AND {standing.KNOWN}
        )"""
    found = {row["day"] for row in sql.rows(f"WITH {calendar} SELECT DISTINCT day {unknown}", params)}
    if found:
        params |= {"at": sql.moment(at)}
        keep = triggers.copy(TABLE, "%(at)s")
        into, select = keep.split(" SELECT ", 1)
        sql.execute(
            f"{into} WITH {calendar} SELECT {select} {unknown} AND {triggers.published(TABLE)}", params
        )
        sql.execute(f"WITH {calendar} DELETE {unknown}", params)
    return found
