"""Stage *roll up*: raw usage → per customer, person, feature and day. A day is replaced whole."""

import datetime as dt
from collections.abc import Sequence

from metrics import sql
from metrics.models import UsageRolled
from metrics.pace import Pace
from metrics.scope import Scope

ROLL_UP = "roll up"
WINDOW = dt.timedelta(days=59)  # the 60 days that a day's figures and scores look back on, but the day itself


def roll_up(days: Sequence[dt.date], scope: Scope) -> None:
    """Replace the roll-up of these days for the whole cell of `scope`, each run with its marks in one transaction."""
    for run in Pace().runs(days):
        _replace(run, scope)


def roll_up_missing(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Roll up what these days need and no mark says is there: the days themselves and the 59 before each.

    A night therefore never depends on an earlier one having run. Returns no days: it is `measure` that changes what
    people see.
    """
    if not days:
        return set()
    wanted = {day - dt.timedelta(days=back) for day in days for back in range(WINDOW.days + 1)}
    there = set(
        UsageRolled.objects.filter(cell=scope.low, day__range=(min(wanted), max(wanted))).values_list(
            "day", flat=True
        )
    )
    roll_up(sorted(wanted - there), scope)
    return set()


def _replace(days: Sequence[dt.date], scope: Scope) -> None:
    cell = Scope(scope.low, scope.high)
    params = {f"day{i}": day for i, day in enumerate(days)}
    those = f"day IN ({', '.join(f'%({name})s' for name in params)}) AND {cell.of('customer_id')}"
    with sql.writing(scope.low):
        UsageRolled.objects.bulk_create(
            [UsageRolled(day=day, cell=scope.low) for day in days],
            update_conflicts=True,
            unique_fields=["day", "cell"],
            update_fields=["rolled_at"],
        )
        sql.execute(f"DELETE FROM metrics_usageday WHERE {those}", params)
        sql.execute(
            "INSERT INTO metrics_usageday (day, customer_id, person, feature, events) "
            "SELECT day, customer_id, person, event, SUM(count) "
            f"FROM metrics_usageevent WHERE {those} "
            "GROUP BY day, customer_id, person, event ORDER BY day, customer_id",
            params,
        )
