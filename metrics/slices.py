"""Slices: to which part of the workspace a customer belongs in a period, and facts cut by it.

A customer belongs to the slice it was in on the period's first day; one that starts inside, to the first it had.
Before the first recorded day the first recorded slice holds; where no night knows the customer, the present one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from core import time
from customers.models import Customer
from metrics import sql
from metrics.periods import Period
from metrics.standing import held

NONE = "none"
OF_FACTS = ("member", "driver")  # cuts that are a column of the facts, and say nothing of the customer
NO_OWNER = 0


@dataclass(frozen=True)
class Only:
    """Which customers are looked at: those of one segment or stage (`none`: of none), of one owner, of a queryset.

    `owner` is a person's id, `NO_OWNER` for customers without one. They are taken together; nothing given means all.
    """

    segment: str | None = None
    among: QuerySet[Customer] | None = None
    stage: str | None = None
    owner: int | None = None

    @classmethod
    def of(
        cls,
        segment: str | None,
        visible: QuerySet[Customer] | None = None,
        *,
        stage: str | None = None,
        owner: int | None = None,
    ) -> Self:
        """Keep to a slice and to what somebody may see; a queryset of all customers keeps nothing out."""
        among = visible if visible is not None and visible.query.where else None
        return cls(segment, among, stage, owner)

    @property
    def cuts(self) -> frozenset[str]:
        """The ways in which customers are kept out by a slice."""
        given = {"segment": self.segment, "stage": self.stage, "owner": self.owner}
        return frozenset(name for name, value in given.items() if value is not None)

    @property
    def is_everybody(self) -> bool:
        """Whether no customer is kept out."""
        return not self.cuts and self.among is None

    @property
    def name(self) -> str:
        """A name of the slice, the same for the same customers; `among` is not in it."""
        return f"{self.segment or ''}:{self.stage or ''}:{'' if self.owner is None else self.owner}"

    def condition(self, params: dict[str, Any]) -> str:
        """Return the condition on `e`, a customer with segment, stage and owner; its parameters go into `params`."""
        conditions = []
        if self.segment is not None:
            params["segment"] = "" if self.segment == NONE else self.segment
            conditions.append("e.segment = %(segment)s")
        if self.stage is not None:
            params["stage"] = "" if self.stage == NONE else self.stage
            conditions.append("e.stage = %(stage)s")
        if self.owner == NO_OWNER:
            conditions.append("e.owner_id IS NULL")
        elif self.owner is not None:
            params["owner"] = self.owner
            conditions.append("e.owner_id = %(owner)s")
        if self.among is not None:
            among, values = sql.named(self.among.order_by().values("pk"), "among")
            params |= values
            conditions.append(f"e.customer_id IN ({among})")
        return " AND ".join(conditions) or "TRUE"


EVERYBODY = Only()


def periods_cte(periods: Sequence[Period]) -> tuple[str, dict[str, Any]]:
    """Return the CTE `period` with its parameters.

    Columns: `n`, the place in `periods`; `first` and `last` day; `starts_at` and `ends_at`, the moments `[from, to)`.
    """
    params: dict[str, Any] = {}
    lines = []
    for n, period in enumerate(periods):
        params |= {
            f"from{n}": sql.date(period.first),
            f"until{n}": sql.date(period.last),
            f"starts{n}": sql.moment(time.day_start(period.first)),
            f"stops{n}": sql.moment(time.day_start(period.end)),
        }
        lines.append(f"({n}, %(from{n})s, %(until{n})s, %(starts{n})s, %(stops{n})s)")
    return f"period(n, first, last, starts_at, ends_at) AS (VALUES {', '.join(lines)})", params


def cut(
    periods: Sequence[Period],
    *,
    by: str | None,
    only: Only,
    facts: str,
    select: str,
    params: Mapping[str, Any] | None = None,
) -> Iterator[tuple[tuple[Period, str | None], dict[str, Any]]]:
    """Cut facts into slices and yield ((period, part), row) for each row of `select`.

    `facts` is a query over `period p` with the columns `n` and `customer_id` and whatever `select` needs; to be cut by
    team member it also has `member`, who did the work, by driver `driver`. `select` reads the CTE `sliced`, the facts
    with their `part` beside (of a tag: once per tag), and yields `n` and `part`.
    """
    period, values = periods_cte(periods)
    values |= params or {}
    expression, joined = part(by)
    if by in (None, *OF_FACTS) and only.is_everybody:  # no need to look up where each customer belonged
        sliced = f"SELECT x.*, {expression} AS part FROM facts x"
        ctes = f"facts AS ({facts})"
    else:
        sliced = f"""
            SELECT x.*, {expression} AS part
            FROM facts x
            JOIN belongs e ON e.n = x.n AND e.customer_id = x.customer_id
            {joined}
            WHERE {only.condition(values)}"""
        ctes = f"facts AS ({facts}), {_BELONGS}"
    found = sql.rows(f"WITH {period}, {ctes}, sliced AS ({sliced}) {select}", values)
    return (((periods[row.pop("n")], label(by, row.pop("part"))), row) for row in found)


_BELONGS = """
    belongs AS (
        SELECT w.n, w.customer_id, COALESCE(f.day, p.first) AS first_day,
               COALESCE(f.segment, c.segment) AS segment, COALESCE(f.stage, c.stage) AS stage,
               CASE WHEN f.day IS NULL THEN c.owner_id ELSE f.owner_id END AS owner_id
        FROM (SELECT DISTINCT n, customer_id FROM facts) w
        JOIN period p ON p.n = w.n
        JOIN customers_customer c ON c.id = w.customer_id
        LEFT JOIN metrics_customerday f ON f.customer_id = w.customer_id AND f.day = (
            SELECT MIN(y.day) FROM metrics_customerday y WHERE y.customer_id = w.customer_id AND y.day >= p.first
        )
    )"""


def part(by: str | None) -> tuple[str, str]:
    """Return the expression of the part of `e` (of the fact `x` by member) and what must be joined for it."""
    if by is None:
        return "NULL", ""
    if by in OF_FACTS:
        return f"x.{by}", ""
    if by == "owner":
        return "u.email", "LEFT JOIN accounts_user u ON u.id = e.owner_id"
    if by == "tag":
        listed = sql.contains("'|' || h.value || '|'", "'|' || t.name || '|'")
        return (
            "t.name",
            f"""
        LEFT JOIN customers_customerhistory h ON h.id = {held("tag", customer="e.customer_id", day="e.first_day")}
        LEFT JOIN customers_tag t ON CASE WHEN h.id IS NOT NULL THEN {listed} ELSE EXISTS (
            SELECT 1 FROM customers_customer_tags o WHERE o.customer_id = e.customer_id AND o.tag_id = t.id
        ) END""",
        )
    return f"e.{by}", ""


def label(by: str | None, part: str | None) -> str | None:
    """Return a part by the name people know it by: None for the whole, `none` for those without one."""
    return None if by is None else part or NONE
