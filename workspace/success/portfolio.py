"""The portfolio by what is at stake: the value gap of each customer times what it pays."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from accounts.models import User
from core import formats
from customers.models import Customer, Segment
from metrics import success
from metrics.nights import last_finished_day
from metrics.periods import Period
from metrics.registry import FIGURES
from metrics.slices import NONE, Only
from workspace.metrics import words

PAGE_SIZE = 50
HEAD = (
    "success_attainment",
    "success_attainment_by_head",
    "value_gap",
    "value_gap_by_head",
    "perception_gap",
    "perception_gap_by_head",
)


@dataclass(frozen=True)
class Row:
    """A customer's plan as a row."""

    customer: Customer
    mrr: int
    attained: str
    due: str
    value_gap: str
    perception_gap: str
    confirmed: str
    at_stake: int | None


class PortfolioPage:
    """The page for one reader: four statements for any number of customers."""

    def __init__(self, user: User, params: Any) -> None:
        segment = params.get("segment", "")
        self.segment = segment if segment in (*Segment.values, NONE) else None
        text = params.get("page", "1")
        self.number = max(int(text) if text.isascii() and text.isdecimal() else 1, 1)
        self.night = last_finished_day()
        self.visible = Customer.objects.visible_to(user)
        only = Only.of(self.segment, self.visible)
        self.rows: list[Row] = []
        self.figures: list[dict[str, Any]] = []
        self.more = False
        if self.night is not None:
            period = Period(self.night, self.night + dt.timedelta(days=1))
            found = success.ranked(period, only, limit=PAGE_SIZE + 1, offset=(self.number - 1) * PAGE_SIZE)
            self.more = len(found) > PAGE_SIZE
            self.rows = self._rows(found[:PAGE_SIZE])
            told = success.read([period], None, only, self.night).get((period, None), success.Success())
            self.figures = [_figure(key, told) for key in HEAD]

    @property
    def segments(self) -> list[tuple[str, str, bool]]:
        """The segments to choose from, with their queries."""
        return [
            ("" if key is None else urlencode({"segment": key}), str(label), key == self.segment)
            for key, label in ((None, gettext("All")), *Segment.choices)
        ]

    def query(self, number: int) -> str:
        """Return the query of a page."""
        return urlencode({**({"segment": self.segment} if self.segment else {}), "page": number})

    @property
    def earlier(self) -> str:
        """The query of the page before, "" on the first."""
        return self.query(self.number - 1) if self.number > 1 else ""

    @property
    def later(self) -> str:
        """The query of the page after, "" on the last."""
        return self.query(self.number + 1) if self.more else ""

    def _rows(self, found: list[dict[str, Any]]) -> list[Row]:
        known = self.visible.select_related("owner").in_bulk([row["customer_id"] for row in found])
        return [_row(known[row["customer_id"]], row) for row in found if row["customer_id"] in known]


def _row(customer: Customer, row: dict[str, Any]) -> Row:
    told, compared = bool(row["told"]), bool(row["compared"])
    mrr = int(row["mrr"])
    return Row(
        customer=customer,
        mrr=mrr,
        attained=formats.percent(float(row["attained"])) if told else formats.UNKNOWN,
        due=formats.percent(float(row["due"])) if row["due"] is not None else formats.UNKNOWN,
        value_gap=formats.number(round(float(row["value_gap"]) * 100)) if told else formats.UNKNOWN,
        perception_gap=formats.number(round(float(row["perception_gap"]) * 100))
        if compared
        else formats.UNKNOWN,
        confirmed=formats.percent(float(row["confirmed"])),
        at_stake=max(round(-float(row["value_gap"]) * mrr), 0) if told else None,
    )


def _figure(key: str, told: success.Success) -> dict[str, Any]:
    figure = FIGURES[key]
    result = figure.compute(told)
    return {
        "key": key,
        "name": figure.name,
        "value": words.value(result.value, figure.unit),
        "note": result.note,
    }
