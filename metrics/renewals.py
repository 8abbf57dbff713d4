"""Renewals due in a period: which contracts come to their end, which are renewed, and at what value.

The contracts of one customer due the same day are one renewal. It is renewed when a contract names one of them; else
when another contract of the customer, naming none, starts within the days of grace on either side of the due day and
ends after it; else, for a customer with no contract starting after the due day, when it pays on the last day of the
grace. What is not renewed while that day is not over is undecided.

All is told by what was known at the end of a day, a contract from `signed_on`, else from `starts_on`. A contract with
an empty term is none.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

from accounts.models import Workspace
from metrics import slices, sql
from metrics.periods import Period
from metrics.scope import Scope
from metrics.slices import Only

# Monthly values are summed in this part of a cent, which holds terms of 1–16, 18, 20, 24, 30, 36, 48 and 60 months
# exactly; others are cut off behind it.
SCALE = 720_720


@dataclass(frozen=True)
class Renewals:
    """The renewals due of a slice: how many, and their monthly values in cents/`SCALE`.

    By value those count whose contracts have one. `value_open` is the old value of those whose new value is not known
    yet: undecided ones, and those renewed by contracts without a value before the last day of the grace is over.
    """

    due: int = 0
    renewed: int = 0
    undecided: int = 0
    value_due: int = 0
    value_kept: int = 0  # Σ min(new, old)
    value_open: int = 0


def read(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Renewals]:
    """Return the renewals due in each period, cut `by` a slice, by what is known at the end of `as_of`."""
    return read_with(Workspace.get().renewal_grace_days, periods, by, only, as_of)


def read_with(
    grace_days: int, periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Renewals]:
    """Return what `read` does with days of grace that need not be those that are set."""
    names = [field.name for field in fields(Renewals)]
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=facts(grace_days),
        select=f"SELECT n, part, {', '.join(f'SUM({name}) AS {name}' for name in names)} "
        "FROM sliced GROUP BY n, part",
        params={"as_of": sql.date(as_of)},
    )
    return {key: Renewals(**{name: int(row[name] or 0) for name in names}) for key, row in found}


def facts(grace_days: int, scope: Scope | None = None) -> str:
    """Return the query that tells of every renewal due how it went; needs the CTE `period` and `as_of`.

    With a scope only of its customers.
    """
    return f"""
        WITH {_known(scope)}, {_DUE}, {_NAMED}, {_following(grace_days)}, {_went(grace_days)}
        SELECT n, customer_id, due_on, 1 AS due,
               CASE WHEN renewed THEN 1 ELSE 0 END AS renewed,
               CASE WHEN renewed OR decided THEN 0 ELSE 1 END AS undecided,
               COALESCE(old_value, 0) AS value_due,
               CASE WHEN NOT renewed OR old_value IS NULL THEN 0
                    WHEN new_value < old_value THEN new_value
                    WHEN new_value IS NULL THEN 0
                    ELSE old_value END AS value_kept,
               CASE WHEN NOT decided AND new_value IS NULL THEN COALESCE(old_value, 0) ELSE 0 END AS value_open
        FROM went"""


def _known(scope: Scope | None) -> str:
    """The contracts known at the end of `as_of`, with their monthly value: that of the term by its months, 30/360.

    Whole cents a day and the rest are scaled apart, so that no value is too large to be multiplied.
    """
    return f"""
    terms AS (
        SELECT k.id, k.external_id, k.customer_id, k.starts_on, k.ends_on, k.renews_external_id AS renews,
               k.value_cents AS value, {_days_of_term("k.starts_on", "k.ends_on")} AS days
        FROM customers_contract k
        WHERE COALESCE(k.signed_on, k.starts_on) <= %(as_of)s AND k.ends_on > k.starts_on
          AND {scope.of("k.customer_id") if scope else "TRUE"}
    ),
    known AS (
        SELECT t.*, t.value / t.days * {30 * SCALE} + t.value %% t.days * {30 * SCALE} / t.days AS monthly
        FROM terms t
    )"""


def _days_of_term(start: str, end: str) -> str:
    """The days of a term when every month has 30, its 31st being its 30th; at least one."""

    def count(day: str) -> str:
        months = f"{sql.part_of('year', day)} * 12 + {sql.part_of('month', day)}"
        of_month = sql.part_of("day", day)
        return f"(({months}) * 30 + CASE WHEN {of_month} = 31 THEN 30 ELSE {of_month} END)"

    return f"CASE WHEN {count(end)} > {count(start)} THEN {count(end)} - {count(start)} ELSE 1 END"


_DUE = """
    due AS (
        SELECT p.n, k.customer_id, k.ends_on AS due_on, CAST(SUM(k.monthly) AS BIGINT) AS old_value
        FROM period p
        JOIN known k ON k.ends_on BETWEEN p.first AND p.last
        GROUP BY p.n, k.customer_id, k.ends_on
    )"""

_NAMED = """
    named AS (
        SELECT k.customer_id, k.ends_on AS due_on, COUNT(*) AS contracts, CAST(SUM(r.monthly) AS BIGINT) AS new_value
        FROM known k
        JOIN known r ON r.renews = k.external_id AND r.id <> k.id
        WHERE EXISTS (SELECT 1 FROM period p WHERE k.ends_on BETWEEN p.first AND p.last)
        GROUP BY k.customer_id, k.ends_on
    )"""


def _following(grace_days: int) -> str:
    """Contracts that name none and follow on the due day, give or take the days of grace."""
    return f"""
    following AS (
        SELECT d.n, d.customer_id, d.due_on, COUNT(*) AS contracts, CAST(SUM(r.monthly) AS BIGINT) AS new_value
        FROM due d
        JOIN known r ON r.customer_id = d.customer_id AND r.renews = '' AND r.ends_on > d.due_on
         AND r.starts_on BETWEEN {sql.plus_days("d.due_on", -grace_days)} AND {sql.plus_days("d.due_on", grace_days)}
        GROUP BY d.n, d.customer_id, d.due_on
    )"""


def _went(grace_days: int) -> str:
    """How each renewal went. `decided`: the last day of the grace is over; `new_value` null: not known yet.

    `latest`: the start of the customer's last contract; after the due day it keeps paying alone from being a renewal.
    """
    grace_ends = sql.plus_days("d.due_on", grace_days)
    return f"""
    latest AS (
        SELECT k.customer_id, MAX(k.starts_on) AS starts_on FROM known k GROUP BY k.customer_id
    ),
    went AS (
        SELECT d.n, d.customer_id, d.due_on, d.old_value,
               n.contracts IS NOT NULL OR f.contracts IS NOT NULL
               OR (COALESCE(g.mrr_cents, 0) > 0 AND l.starts_on <= d.due_on) AS renewed,
               {grace_ends} <= %(as_of)s AS decided,
               COALESCE(
                   CASE WHEN n.contracts IS NOT NULL THEN n.new_value ELSE f.new_value END,
                   CASE WHEN {grace_ends} <= %(as_of)s THEN COALESCE(g.mrr_cents, 0) * {SCALE} END
               ) AS new_value
        FROM due d
        JOIN latest l ON l.customer_id = d.customer_id
        LEFT JOIN named n ON n.customer_id = d.customer_id AND n.due_on = d.due_on
        LEFT JOIN following f ON f.n = d.n AND f.customer_id = d.customer_id AND f.due_on = d.due_on
        LEFT JOIN metrics_customerday g ON g.customer_id = d.customer_id AND g.day = {grace_ends}
         AND g.day <= %(as_of)s
    )"""
