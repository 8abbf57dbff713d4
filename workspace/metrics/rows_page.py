"""The rows behind a figure: who is counted, who is not, what each adds, with links; the same as CSV."""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from accounts.models import User
from accounts.permissions import Perm
from core import formats, time
from core.csv import safe_cell
from customers.models import Customer
from metrics.counting import COUNTINGS, MADE_OF
from metrics.periods import Period
from metrics.registry import FIGURES, Figure, Unit
from metrics.rows import SIDES, Rows, rows_of
from metrics.slices import Only
from metrics.windows import window
from workspace.metrics import words
from workspace.metrics.bar import SpanBar
from workspace.metrics.card import sees_own_only
from workspace.metrics.export import plain
from workspace.metrics.span import Span, SpanForm

A_PAGE = 50
HEAD = ("customer_external_id", "customer", "at", "what", "numerator", "denominator")


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    name: str
    url: str
    at: str
    what: str
    above: str
    below: str


class RowsPage(SpanBar):
    """The rows of one figure for one reader, period and part."""

    def __init__(
        self, user: User, figure: Figure, span: Span, form: SpanForm, params: Mapping[str, Any]
    ) -> None:
        super().__init__(span.told_of(figure.cuts), form)
        self.user = user
        self.figure = figure
        self.cuts_told = figure.cuts
        self.by = params.get("by") if params.get("by") in figure.cuts and params.get("part") else None
        self.part = str(params["part"]) if self.by else None
        self.side = str(params.get("side")) if params.get("side") in SIDES else SIDES[0]
        page = str(params.get("page", "1"))
        self.page = int(page) if page.isdecimal() and 0 < int(page) < 10**9 else 1

    @property
    def window(self) -> Period:
        """The days the figure is told over."""
        return window(self.figure, self.span.period)

    @cached_property
    def own_only(self) -> bool:
        """Whether the figure is of the reader's own customers."""
        return sees_own_only(self.user)

    @property
    def made_of(self) -> list[tuple[str, str]]:
        """The figures that this one is computed from, with the pages of their rows; none for one that is counted."""
        return [(str(FIGURES[key].name), self._at(key)) for key in MADE_OF.get(self.figure.key, ())]

    @property
    def is_counted(self) -> bool:
        """Whether there are rows to show."""
        return self.figure.key in COUNTINGS

    @property
    def counted_in(self) -> tuple[Unit, Unit]:
        """The units of what rows add; a figure that is no share adds in its own."""
        if not COUNTINGS[self.figure.key].denominator:
            return self.figure.unit, self.figure.unit
        return self.figure.counted_in

    @property
    def has_above(self) -> bool:
        """Whether rows add something above the line."""
        return bool(COUNTINGS[self.figure.key].numerator)

    @property
    def has_below(self) -> bool:
        """Whether rows add something below the line."""
        return bool(COUNTINGS[self.figure.key].denominator)

    @property
    def kept(self) -> str:
        """What the bar's addresses keep of the page's own choices."""
        own = {"by": self.by, "part": self.part} if self.by else {}
        return f"&{urlencode({'side': self.side, **own})}"

    @cached_property
    def rows(self) -> Rows:
        """The rows of the page looked at."""
        return self._read((self.page - 1) * A_PAGE, A_PAGE)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.rows.count // A_PAGE))

    @property
    def here(self) -> int:
        """The page shown: the first, where the one asked for does not exist."""
        return self.page if self.page <= self.pages else 1

    @property
    def earlier(self) -> str:
        """The address of the page before, "" on the first."""
        return self._address(page=str(self.here - 1)) if self.here > 1 else ""

    @property
    def later(self) -> str:
        """The address of the page after, "" on the last."""
        return self._address(page=str(self.here + 1)) if self.here < self.pages else ""

    @property
    def shown(self) -> str:
        """Which rows of how many are shown."""
        first = (self.here - 1) * A_PAGE + 1
        return gettext("%(first)s to %(last)s of %(all)s") % {
            "first": formats.number(first if self.rows.count else 0),
            "last": formats.number(first + len(self.rows.rows) - 1 if self.rows.count else 0),
            "all": formats.number(self.rows.count),
        }

    @property
    def sides(self) -> list[tuple[str, str, str]]:
        """Whom to look at: key, name, address; only for figures that divide."""
        if not (self.has_above and self.has_below):
            return []
        names = {
            "all": pgettext("rows", "All"),
            "numerator": gettext("Counted above"),
            "rest": gettext("Only below"),
        }
        return [(side, names[side], self._address(side=side)) for side in SIDES]

    @cached_property
    def lines(self) -> list[Line]:
        """The table."""
        names = self._names(self.rows)
        above, below = self.counted_in
        end = self.window.last
        past = "" if end == self.span.night else f"?as_of={end.isoformat()}"
        return [
            Line(
                name=names.get(row.customer_id, ("", formats.UNKNOWN))[1],
                url=f"{reverse('customer', args=[row.customer_id])}{past}",
                at=formats.day(_moment(row.at)) if row.at else "",
                what=_said(row.what),
                above=words.value(row.numerator, above),
                below=words.value(row.denominator, below),
            )
            for row in self.rows.rows
        ]

    @property
    def has_facts(self) -> bool:
        """Whether rows are something of a customer's, with a day of their own."""
        return COUNTINGS[self.figure.key].source.at != "NULL"

    @property
    def sums(self) -> tuple[str, str]:
        """The sums of all rows, of all pages."""
        above, below = self.counted_in
        return words.value(self.rows.numerator, above), words.value(self.rows.denominator, below)

    @property
    def part_said(self) -> str:
        """The part looked at, in words; "" for the whole."""
        return f"{words.cut(self.by)}: {words.part_name(str(self.part), words.drivers())}" if self.by else ""

    @property
    def figure_url(self) -> str:
        """The figure's own page, for the same period and slice."""
        return f"{reverse('metric', args=[self.figure.key])}?{self.span.query()}"

    @property
    def export_url(self) -> str:
        """Where all rows come as CSV, "" for who may not take them out."""
        if not self.user.may(Perm.EXPORT_RUN) or not self.is_counted:
            return ""
        return f"{reverse('metric_rows_export', args=[self.figure.key])}{self._address()}"

    def csv(self) -> str:
        """Return all rows as CSV, unrounded; what is not known is empty."""
        rows = self._read(0, None)
        names = self._names(rows)
        above, below = self.counted_in
        out = io.StringIO()
        lines = csv.writer(out)
        lines.writerow(HEAD)
        for row in rows.rows:
            key, name = names.get(row.customer_id, ("", ""))
            moment = _moment(row.at) if row.at else None
            lines.writerow(
                [
                    safe_cell(key),
                    safe_cell(name),
                    moment.isoformat() if moment else "",
                    safe_cell(row.what),
                    plain(row.numerator, above) if self.has_above else "",
                    plain(row.denominator, below) if self.has_below else "",
                ]
            )
        return out.getvalue()

    def _read(self, offset: int, limit: int | None) -> Rows:
        only = Only.of(
            self.span.segment,
            Customer.objects.visible_to(self.user),
            stage=self.span.stage,
            owner=self.span.owner,
        )
        return rows_of(
            self.figure,
            self.window,
            only=only,
            as_of=self.span.night,
            by=self.by,
            part=self.part,
            side=self.side,
            offset=offset,
            limit=limit,
        )

    def _names(self, rows: Rows) -> dict[int, tuple[str, str]]:
        ids = {row.customer_id for row in rows.rows}
        if len(ids) > A_PAGE:
            found = Customer.objects.visible_to(self.user)
        else:
            found = Customer.objects.visible_to(self.user).filter(pk__in=ids)
        return {pk: (key, name) for pk, key, name in found.values_list("pk", "external_id", "name")}

    def _at(self, key: str) -> str:
        return f"{reverse('metric_rows', args=[key])}?{self.span.query()}"

    def _address(self, **changes: str) -> str:
        own = {"by": self.by, "part": self.part, "side": self.side} | changes
        return f"?{self.span.query(**own)}"


def _moment(value: Any) -> dt.date | dt.datetime:
    """Return what a database gives for a day or a moment: SQLite has both as text."""
    if isinstance(value, str):
        if len(value) <= len("2026-01-01"):
            return dt.date.fromisoformat(value)
        value = dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=dt.UTC)
    return time.local_day(value) if isinstance(value, dt.datetime) else value


def _said(what: str) -> str:
    return {
        "renewed": pgettext("a renewal", "renewed"),
        "undecided": pgettext("a renewal", "undecided"),
        "lost": pgettext("a renewal", "lost"),
    }.get(what, what)
