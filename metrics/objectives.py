"""Stage *objectives*: what events, figures and milestones say about the objectives that are measured by them.

An event counts how often it happened in the 30 days that end with the day, a figure is that of the customer's daily
row, a milestone is the target once it is reached and the baseline before. An event that never came yet is none: 0.
"""

import datetime as dt
from collections.abc import Sequence

from core import time
from customers.measures import FIGURES
from metrics import sql
from metrics.models import ObjectiveDay
from metrics.pace import Pace
from metrics.scope import Scope


def measure(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Write what was measured on these days, after the daily rows are there; return the days that changed."""
    changed: set[dt.date] = set()
    for run in Pace().runs(days):
        calendar, params = sql.calendar(run)
        with sql.writing(scope.low):
            at = time.now()
            params |= {"at": sql.moment(at)}
            written = sql.upsert(
                table="metrics_objectiveday",
                key=("objective_id", "day"),
                columns=("value",),
                stamp="computed_at",
                ctes=(calendar, _measured(scope)),
                select="SELECT objective_id, day, value, %(at)s FROM measured WHERE value IS NOT NULL",
                params=params,
            )
            if written:
                changed.update(
                    ObjectiveDay.objects.filter(day__in=run, computed_at=at).values_list("day", flat=True)
                )
    return changed


def _measured(scope: Scope) -> str:
    """One row per measured objective that has begun, and day."""
    figures = " ".join(f"WHEN '{column}' THEN f.{column}" for column in FIGURES)
    return f"""
    asked AS (
        SELECT d.day, d.month_ago, o.id AS objective_id, o.customer_id, o.event, o.figure, o.milestone,
               o.baseline, o.target
        FROM calendar d
        JOIN customers_objective o ON o.starts_on <= d.day AND {scope.of("o.customer_id")}
         AND (o.event <> '' OR o.figure <> '' OR o.milestone <> '')
         AND (o.archived_at IS NULL OR o.archived_at >= d.ends_at)
    ),
    measured AS (
        SELECT a.day, a.objective_id,
               CASE
               WHEN a.event <> '' THEN COALESCE((
                   SELECT SUM(u.events) FROM metrics_usageday u
                   WHERE u.customer_id = a.customer_id AND u.day BETWEEN a.month_ago AND a.day AND u.feature = a.event
               ), 0)
               WHEN a.milestone <> '' THEN CASE WHEN EXISTS (
                   SELECT 1 FROM customers_milestone m WHERE m.customer_id = a.customer_id
                    AND m.milestone = a.milestone AND m.reached_on <= a.day
               ) THEN a.target ELSE a.baseline END
               ELSE CASE a.figure {figures} END
               END AS value
        FROM asked a
        LEFT JOIN metrics_customerday f ON f.customer_id = a.customer_id AND f.day = a.day
    )"""
