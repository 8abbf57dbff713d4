"""The exact rows behind a figure, paged: customers, tickets, answers or renewals with what each adds to it."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.models import Workspace
from metrics import book, drivers, slices, sql
from metrics.counting import COUNTINGS, WAITING, WAITING_BY_MEMBER, Counting, Source
from metrics.periods import Period
from metrics.registry import Figure, Number
from metrics.slices import NONE, Only

SIDES = ("all", "numerator", "rest")


@dataclass(frozen=True)
class Row:
    """What one row adds to a figure. `at` and `what` are known where the row is not the customer as a whole."""

    customer_id: int
    numerator: Number
    denominator: Number
    at: Any
    what: str


@dataclass(frozen=True)
class Rows:
    """A page of rows, how many there are in all, and their sums."""

    rows: list[Row]
    count: int
    numerator: Number
    denominator: Number


def rows_of(
    figure: Figure,
    period: Period,
    *,
    only: Only,
    as_of: dt.date,
    by: str | None = None,
    part: str | None = None,
    side: str = "all",
    offset: int = 0,
    limit: int | None = None,
) -> Rows:
    """Return the rows behind a figure over a window, those that add the most first; a page too far is the first.

    `by` and `part` keep to a part of a cut (tag, product and the others), `only` to a slice. `side`: `all` that are
    counted on either side, those in the `numerator`, or the `rest`, counted below only.
    Raises KeyError for a figure that is computed from others (`metrics.counting.MADE_OF`).
    """
    counting = COUNTINGS[figure.key]
    params = counting.source.params(as_of) | {"limit": -1 if limit is None else limit, "offset": offset}
    source = counting.source
    if by == "member" and source is WAITING:
        source = WAITING_BY_MEMBER  # the daily rows do not say who works on a ticket
    if by == "product":
        source = Source(lambda _period: book.product_facts(grace_days=Workspace.get().grace_days))
        params |= {"first": sql.date(period.last), "last": sql.date(period.last)}
    if by == "driver":
        source = Source(lambda _period: drivers.facts(grace_days=Workspace.get().grace_days))
        params |= drivers.params([period])
    among = ""
    if by and part is not None:
        among = f"AND COALESCE({'product' if by == 'product' else 'part'}, '') = %(part)s"
        params["part"] = "" if part == NONE else part
    found = [
        row
        for _key, row in slices.cut(
            [period],
            by=None if by == "product" or part is None else by,
            only=only,
            facts=source.facts(period),
            select=_select(
                counting, source, side, among, paged=limit is not None, with_product=by == "product"
            ),
            params=params,
        )
    ]
    if not found and offset:
        return rows_of(figure, period, only=only, as_of=as_of, by=by, part=part, side=side, limit=limit)
    above, below = counting.scale
    return Rows(
        rows=[
            Row(
                row["customer_id"],
                _scaled(row["above"], above),
                _scaled(row["below"], below),
                row["at"],
                row["what"] or "",
            )
            for row in found
        ],
        count=int(found[0]["many"]) if found else 0,
        numerator=_scaled(found[0]["sum_above"], above) if found else 0,
        denominator=_scaled(found[0]["sum_below"], below) if found else 0,
    )


def _select(
    counting: Counting, source: Source, side: str, among: str, *, paged: bool, with_product: bool
) -> str:
    wanted = {
        "numerator": "above <> 0",
        "rest": "above = 0 AND below <> 0",
    }.get(side, "(above <> 0 OR below <> 0)")
    product = "x.product," if with_product else ""
    page = "LIMIT %(limit)s OFFSET %(offset)s" if paged else ""
    return f"""
        , told AS (
            SELECT x.n, x.part, {product} x.customer_id, {counting.numerator or 0} AS above,
                   {counting.denominator or 0} AS below, {source.at} AS at, {source.what} AS what
            FROM sliced x
        )
        SELECT n, part, customer_id, above, below, at, what, COUNT(*) OVER () AS many,
               SUM(above) OVER () AS sum_above, SUM(below) OVER () AS sum_below
        FROM told
        WHERE {wanted} {among}
        ORDER BY ABS(above) DESC, below DESC, at DESC, customer_id
        {page}"""


def _scaled(value: Any, scale: int) -> Number:
    return int(value or 0) if scale == 1 else Fraction(int(value or 0), scale)
