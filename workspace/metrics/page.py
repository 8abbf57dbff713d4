"""What the Metrics page shows: the reader's board, what moved the MRR, retention period by period."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from accounts.models import User, Workspace
from accounts.permissions import Perm
from core import formats, marks
from customers.models import Customer
from metrics.book import Book
from metrics.periods import Period
from metrics.registry import FIGURES, Figure, Number, Unit
from metrics.services.board import board_of
from metrics.targets import Targets
from metrics.windows import Telling, back, tell, window
from workspace.metrics import words
from workspace.metrics.bar import SpanBar
from workspace.metrics.span import Span, SpanForm

POINTS = 12
RETENTION = ("nrr", "grr")
SPARK_WIDTH, SPARK_HEIGHT = 240, 36
SPARK_LEAST = 0.05  # of the highest value, or five percentage points


def sees_own_only(user: User) -> bool:
    """Tell whether a person's figures are of their own customers only, as the workspace restricts seeing."""
    return not user.may(Perm.CUSTOMERS_MANAGE) and Workspace.get().restrict_visibility


@dataclass(frozen=True)
class Card:
    """A figure on the board."""

    figure: Figure
    url: str
    value: str
    limits: str
    provisional: bool
    note: str
    change: SafeString
    spark: SafeString
    window: str
    before: str
    before_value: str
    target: str


@dataclass(frozen=True)
class Chart:
    """A chart's data, the sentence that says what is seen, and its numbers as a table."""

    data: dict[str, Any]
    says: str
    table: dict[str, Any]


class MetricsPage(SpanBar):
    """The page for one reader and span; all figures of all periods are read at once."""

    def __init__(self, user: User, span: Span, form: SpanForm) -> None:
        super().__init__(span, form)
        self.user = user
        self.periods = back(span.period, POINTS)

    @cached_property
    def own_only(self) -> bool:
        """Whether the figures are of the reader's own customers."""
        return sees_own_only(self.user)

    @cached_property
    def board(self) -> list[Figure]:
        """The figures on the reader's board."""
        return [FIGURES[key] for key in board_of(self.user)]

    @cached_property
    def told(self) -> Telling:
        """Everything the page reads of the nights."""
        wanted = {figure.key: figure for figure in [*self.board, *(FIGURES[key] for key in RETENTION)]}
        wanted["mrr"] = FIGURES["mrr"]
        return tell(
            list(wanted.values()),
            self.periods,
            segment=self.span.segment,
            visible=Customer.objects.visible_to(self.user),
            as_of=self.span.night,
        )

    @property
    def missing(self) -> str:
        """What is said where nights of the period are missing, "" where none is."""
        nights = self.told.missing_nights(FIGURES["mrr"], self.span.period)
        return words.missing(nights) if nights else ""

    @cached_property
    def cards(self) -> list[Card]:
        """The board."""
        targets = aims(self.span, own_only=self.own_only)
        return [card(figure, self.told, self.span, self.periods, targets) for figure in self.board]

    @cached_property
    def book(self) -> Book | None:
        """What the customers paid and what moved in the period; None where nights are missing."""
        if self.missing:
            return None
        found: Book | None = self.told.readings["book"].get((self.span.period, None))
        return found or Book()

    @cached_property
    def waterfall(self) -> Chart | None:
        """From the opening to the closing MRR."""
        book = self.book
        if book is None or not (book.opening or book.closing or book.new or book.reactivation):
            return None
        steps = [
            (gettext("Opening"), book.opening, True),
            (pgettext("MRR movement", "New"), book.new, False),
            (pgettext("MRR movement", "Reactivation"), book.reactivation, False),
            (pgettext("MRR movement", "Expansion"), book.expansion, False),
            (pgettext("MRR movement", "Contraction"), -book.contraction, False),
            (pgettext("MRR movement", "Lost"), -book.churn, False),
            (gettext("Closing"), book.closing, True),
        ]
        return Chart(
            data={
                "steps": [{"name": name, "cents": cents, "total": total} for name, cents, total in steps],
                "currency": settings.CURRENCY,
            },
            says=gettext("MRR went from %(opening)s to %(closing)s")
            % {"opening": formats.money(book.opening), "closing": formats.money(book.closing)},
            table={
                "head": [gettext("Step"), gettext("Amount")],
                "rows": [
                    [name, formats.money(cents) if total else signed(cents)] for name, cents, total in steps
                ],
            },
        )

    @property
    def net(self) -> str:
        """How much the MRR changed, with its sign, and in per cent."""
        book = self.book
        if book is None:
            return ""
        moved = signed(book.closing - book.opening)
        if not book.opening:
            return moved
        share = (book.closing - book.opening) / book.opening
        return f"{moved}, {'+' if share > 0 else ''}{formats.percent(share, 1)}"

    @cached_property
    def retention(self) -> Chart:
        """NRR and GRR at the end of each period."""
        return lines(
            [FIGURES[key] for key in RETENTION],
            self.told,
            self.span,
            self.periods,
            gettext("Net and gross revenue retention, %(n)s periods to %(last)s")
            % {"n": len(self.periods), "last": words.short(self.periods[-1], self.span.grain)},
        )

    @property
    def retention_known(self) -> bool:
        """Whether there is any retention to draw."""
        return any(value is not None for one in self.retention.data["series"] for value in one["values"])

    @property
    def retention_window(self) -> str:
        """Over how long retention is told."""
        return words.length(window(FIGURES["nrr"], self.span.period))


def signed(cents: int) -> str:
    """Write a movement with its sign."""
    return f"+{formats.money(cents)}" if cents > 0 else formats.money(cents)


def aims(span: Span, *, own_only: bool) -> Mapping[str, Number]:
    """Return the targets in force for what is looked at; there are none for a single person's customers."""
    if own_only:
        return {}
    slice_ = f"segment={span.segment}" if span.segment else ""
    return Targets([span.period]).in_force(slice_, span.period)


def card(
    figure: Figure, told: Telling, span: Span, periods: list[Period], targets: Mapping[str, Number]
) -> Card:
    """Return a figure's card for the last of the periods."""
    period, before = periods[-1], periods[-2]
    now, then = told.result(figure, period), told.result(figure, before)
    seen = window(figure, period)
    return Card(
        figure=figure,
        url=f"{reverse('metric', args=[figure.key])}?{span.query()}",
        value=words.value(now.value, figure.unit),
        limits=words.limits(now, figure.unit),
        provisional=now.provisional and now.value is not None,
        note=str(now.note),
        change=words.change(figure, now, then),
        spark=spark(figure, told, periods),
        window=words.length(seen) if seen != period else "",
        before=words.short(before, span.grain),
        before_value=words.value(then.value, figure.unit),
        target=words.value(targets[figure.key], figure.unit) if figure.key in targets else "",
    )


def spark(figure: Figure, told: Telling, periods: list[Period]) -> SafeString:
    """Return a figure's line over the periods; what hardly moves looks flat."""
    values = [words.plot(told.result(figure, period).value) for period in periods]
    highest = max((abs(value) for value in values if value is not None), default=0)
    least = SPARK_LEAST if figure.unit is Unit.RATE else highest * SPARK_LEAST
    return marks.spark(values, "data", least, SPARK_WIDTH, SPARK_HEIGHT)


def lines(figures: list[Figure], told: Telling, span: Span, periods: list[Period], says: str) -> Chart:
    """Return figures over periods as lines and as a table; the figures share a unit."""
    results = {figure.key: [told.result(figure, period).value for period in periods] for figure in figures}
    labels = [words.short(period, span.grain) for period in periods]
    rows = zip(labels, *results.values(), strict=True)
    unit = figures[0].unit
    return Chart(
        data={
            "labels": labels,
            "series": [
                {"name": str(figure.name), "values": [words.plot(one) for one in results[figure.key]]}
                for figure in figures
            ],
            **words.axis(unit),
        },
        says=says,
        table={
            "head": [gettext("Period"), *(str(figure.name) for figure in figures)],
            "rows": [[label, *(words.value(one, unit) for one in told_)] for label, *told_ in rows],
        },
    )
