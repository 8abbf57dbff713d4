"""Cohorts as a table with heat: how many of the customers that started in a month stay, or what they pay."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from core import formats
from metrics.kept import cohorts_of
from metrics.periods import add_months
from metrics.slices import Only
from workspace.metrics.span import Span

MONTHS = 13
LEVELS = ((100, 6), (95, 5), (90, 4), (85, 3), (78, 2), (70, 1))
MEASURES = ("customers", "revenue")


@dataclass(frozen=True)
class Cell:
    """A share in per cent with its heat, 0–6; `says` holds the number behind it. Unknown: "—" and no heat."""

    text: str
    heat: int | None
    says: str


@dataclass(frozen=True)
class Row:
    """The customers that started in a month."""

    month: str
    started: str
    cells: list[Cell]


class CohortCard:
    """The last thirteen months' cohorts up to the period looked at, by customers or by revenue."""

    def __init__(self, span: Span, only: Only, by: str) -> None:
        self.by = by if by in MEASURES else MEASURES[0]
        self.span = span
        end = add_months(span.period.last.replace(day=1), 1)
        self.end = end if end - dt.timedelta(days=1) <= span.night else add_months(end, -1)
        self.told = cohorts_of(add_months(self.end, -MONTHS), self.end, only)
        self.rows = [self._row(cohort) for cohort in self.told["cohorts"]]

    @property
    def has_any(self) -> bool:
        """Whether a customer started in these months."""
        return any(cohort["started"] for cohort in self.told["cohorts"])

    @property
    def heads(self) -> list[str]:
        """The heads of the columns: months since the start."""
        return [formats.number(n) for n in range(1, MONTHS)]

    @property
    def tabs(self) -> list[tuple[str, str, str]]:
        """The two measures: key, name, address."""
        names = {"customers": gettext("Customers"), "revenue": gettext("Revenue")}
        return [(key, names[key], self.span.query(cohorts=key)) for key in MEASURES]

    @cached_property
    def says(self) -> str:
        """The month after the start in which the most customers are lost, over all cohorts; "" where none is."""
        lost: dict[int, int] = {}
        seen: dict[int, int] = {}
        for cohort in self.told["cohorts"]:
            counts = cohort["customers"]
            for month in range(1, len(counts)):
                before, now = counts[month - 1], counts[month]
                if before is not None and now is not None:
                    lost[month] = lost.get(month, 0) + max(before - now, 0)
                    seen[month] = seen.get(month, 0) + before
        worst = max(lost, key=lambda month: (lost[month], -month), default=0)
        if not worst or not lost[worst]:
            return ""
        return gettext("Most customers leave in month %(month)s after their start: %(lost)s of %(seen)s.") % {
            "month": worst,
            "lost": formats.number(lost[worst]),
            "seen": formats.number(seen[worst]),
        }

    def _row(self, cohort: dict[str, Any]) -> Row:
        shares = cohort["customer_shares"] if self.by == "customers" else cohort["mrr_shares"]
        counts = cohort["customers"] if self.by == "customers" else cohort["mrr"]
        year, month = cohort["month"].split("-")
        return Row(
            month=formats.month(dt.date(int(year), int(month), 1)),
            started=formats.number(cohort["started"]),
            cells=[
                self._cell(share, count)
                for share, count in zip(shares, counts, strict=True)
                if cohort["started"]
            ],
        )

    def _cell(self, share: float | None, count: Any) -> Cell:
        if share is None:
            return Cell(formats.UNKNOWN, None, "")
        percent = share * 100
        heat = next((level for least, level in LEVELS if percent >= least), 0)
        written = (
            formats.number(count) if self.by == "customers" else formats.money(round(float(count) * 100))
        )
        return Cell(formats.number(percent), heat, written)
