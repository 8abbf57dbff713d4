"""What a figure's own page shows: its trend, its parts, its definition with the numbers put in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.models import User
from accounts.permissions import Perm
from customers.models import Customer, Segment, Stage
from metrics.counting import COUNTINGS, MADE_OF
from metrics.periods import Period
from metrics.registry import Figure, Result
from metrics.services.board import board_of
from metrics.targets import aim_of
from metrics.windows import Telling, back, tell, window
from workspace.metrics import words
from workspace.metrics.bar import SpanBar
from workspace.metrics.card import Card, Chart, card, lines, sees_own_only, targets_of
from workspace.metrics.definitions import RULES
from workspace.metrics.figure_aims import FigureAims
from workspace.metrics.known import Restated, knowing, restated_figure
from workspace.metrics.span import Span, SpanForm

LENGTHS = (12, 24)
MEMBER = "member"  # who worked on a ticket
NOT_OF_CUSTOMERS = (MEMBER, "driver")  # cuts by which customers cannot be filtered


@dataclass(frozen=True)
class Part:
    """A slice of the figure in the period looked at."""

    key: str
    name: str
    url: str
    rows_url: str
    value: str
    limits: str
    change: SafeString
    numerator: str
    denominator: str


class FigurePage(SpanBar):
    """The page of one figure for one reader and span, in two readings: the periods, and the parts of the last two."""

    def __init__(
        self, user: User, figure: Figure, span: Span, form: SpanForm, params: Mapping[str, Any]
    ) -> None:
        super().__init__(span.told_of(figure.cuts), form)
        self.user = user
        self.figure = figure
        self.cuts_told = figure.cuts
        self.length = 24 if params.get("n") == "24" else LENGTHS[0]
        self.by = params.get("by") if params.get("by") in figure.cuts else next(iter(figure.cuts), None)
        self.periods = back(self.span.period, self.length)

    @property
    def kept(self) -> str:
        """What the bar's addresses keep of the page's own choices."""
        return f"&{urlencode({'n': self.length, **({'by': self.by} if self.by else {})})}"

    @property
    def cut_name(self) -> str:
        """What the parts are parts by."""
        return words.cut(str(self.by))

    @cached_property
    def told(self) -> Telling:
        """The figure as a whole, in every period and in the same one a year before."""
        return self._tell(sorted({*self.periods, self.year_before}))

    @property
    def year_before(self) -> Period:
        """The same period a year before."""
        return self.span.last_year()

    @cached_property
    def last_year(self) -> tuple[str, str, SafeString]:
        """The figure in the same period a year before: the period, the value, how it changed since."""
        then = self.told.result(self.figure, self.year_before)
        return (
            words.short(self.year_before, self.span.grain),
            words.value(then.value, self.figure.unit),
            words.change(self.figure, self.now, then),
        )

    @cached_property
    def now(self) -> Result:
        """The figure in the period looked at."""
        return self.told.result(self.figure, self.span.period)

    @cached_property
    def card(self) -> Card:
        """The figure's value and change."""
        target = targets_of(self.span, own_only=self.own_only).get(self.figure.key)
        return card(self.figure, self.told, self.span, self.periods, target)

    @cached_property
    def aims(self) -> FigureAims:
        """The figure's target and action plans."""
        return FigureAims(self.user, self.figure, self.span, self.now, self.card, own_only=self.own_only)

    @property
    def rule(self) -> str:
        """Which rule is used where others would count differently; "" where nothing is to be said."""
        return str(RULES.get(self.figure.key, ""))

    @property
    def rows_url(self) -> str:
        """The page of the rows behind the figure, "" where it has none."""
        if self.span.published or (self.figure.key not in COUNTINGS and self.figure.key not in MADE_OF):
            return ""  # the rows are those of now
        return f"{reverse('metric_rows', args=[self.figure.key])}?{self.span.query()}"

    @cached_property
    def own_only(self) -> bool:
        """Whether the figure is of the reader's own customers."""
        return sees_own_only(self.user)

    @property
    def window(self) -> Period:
        """The days the figure is told over."""
        return window(self.figure, self.span.period)

    @property
    def missing(self) -> str:
        """What is said where nights of the period are missing, "" where none is."""
        nights = self.told.missing_nights(self.figure, self.span.period)
        return words.missing(nights) if nights else ""

    @property
    def is_share(self) -> bool:
        """Whether the figure was divided from something."""
        return self.now.denominator is not None

    @property
    def counts(self) -> tuple[str, str]:
        """What the figure was divided from and by."""
        return words.counts(self.figure, self.now)

    @property
    def sum_done(self) -> str:
        """The formula with its numbers."""
        return words.sum_done(self.figure, self.now)

    @cached_property
    def trend(self) -> Chart | None:
        """The figure over the periods; None where no period has it."""
        name = str(self.figure.name)
        chart = lines(
            [self.figure],
            self.told,
            self.span,
            self.periods,
            gettext("%(name)s, %(n)s periods to %(last)s")
            % {"name": name, "n": self.length, "last": words.short(self.periods[-1], self.span.grain)},
            {self.figure.key: aim_of(self.card.aimed_at)} if self.card.aimed_at else None,
        )
        known = any(value is not None for value in chart.data["series"][0]["values"])
        return chart if known else None

    @property
    def lengths(self) -> list[tuple[int, str]]:
        """How many periods can be shown, with the addresses."""
        return [(n, self.address(n=str(n))) for n in LENGTHS]

    @property
    def cuts(self) -> list[tuple[str, str, str]]:
        """The ways to cut the figure: key, name and address."""
        return [(by, words.cut(by), self.address(by=by)) for by in self.figure.cuts]

    def address(self, **changes: str) -> str:
        """Return the page's address with something changed."""
        params = {"n": str(self.length), "by": self.by or None} | changes
        return f"?{self.span.query(**params)}"

    @property
    def export_url(self) -> str:
        """Where the page's rows come as CSV, "" for who may not take them out."""
        if not self.user.may(Perm.EXPORT_RUN):
            return ""
        return f"{reverse('metric_export', args=[self.figure.key])}{self.address()}"

    @property
    def customers_url(self) -> str:
        """The portfolio on the last day of the period, in the slice looked at."""
        return self._portfolio(
            {key: str(value) for key, value in self.span.slice.items() if value is not None}
        )

    @property
    def on_board(self) -> bool:
        """Whether it is on the reader's board."""
        return self.figure.key in board_of(self.user)

    @cached_property
    def cut(self) -> Telling | None:
        """The figure part by part, in the period and the one before; None where it cannot be cut."""
        if not self.by:
            return None
        return self._tell(self.periods[-2:], self.by)

    def _tell(self, periods: Sequence[Period], by: str | None = None) -> Telling:
        return tell(
            [self.figure],
            periods,
            by=by,
            **self.span.slice,
            visible=Customer.objects.visible_to(self.user),
            as_of=self.span.night,
            kept=True,
            **knowing(self.span, [self.figure], periods, user=self.user, by=by),
        )

    @cached_property
    def restated(self) -> Restated | None:
        """How the figure was restated since it was first published; None where it was not."""
        visible = Customer.objects.visible_to(self.user)
        return None if self.missing else restated_figure(self.figure, self.span, self.user, visible)

    @cached_property
    def parts(self) -> list[Part]:
        """The parts, as the table shows them; those that never had anything are left out."""
        if self.cut is None or self.missing:
            return []
        names, keys = self._known_parts()
        return [
            self._part(part, names, keys)
            for part in self.cut.parts()
            if (self.window, part) in self.cut.readings[self.figure.family]
        ]

    def _part(self, part: str, names: dict[str, str], keys: dict[str, str]) -> Part:
        now, before = self._pair(part)
        above, below = words.counts(self.figure, now)
        return Part(
            key=part,
            name=words.part_name(part, names),
            url="" if self.by in NOT_OF_CUSTOMERS else self._portfolio({str(self.by): keys.get(part, part)}),
            rows_url=self._rows_of(part),
            value=words.value(now.value, self.figure.unit),
            limits=words.limits(now, self.figure.unit),
            change=words.change(self.figure, now, before),
            numerator=above,
            denominator=below,
        )

    def _rows_of(self, part: str) -> str:
        if self.span.published or self.figure.key not in COUNTINGS:
            return ""
        query = self.span.query(by=self.by, part=part)
        return f"{reverse('metric_rows', args=[self.figure.key])}?{query}"

    def _pair(self, part: str) -> tuple[Result, Result]:
        """Return a part's results in the period and the one before."""
        before, now = self.periods[-2:]
        told = self.cut or self.told
        return told.result(self.figure, now, part), told.result(self.figure, before, part)

    def _known_parts(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return what parts are called, and how the portfolio's filters name them where that differs."""
        if self.by == "driver":
            return words.drivers(), {}
        if self.by == "segment":
            return {key: str(label) for key, label in Segment.choices}, {}
        if self.by == "stage":
            return {key: str(label) for key, label in Stage.choices}, {}
        if self.by not in ("owner", MEMBER):
            return {}, {}
        people = list(User.objects.values_list("email", "name", "pk"))
        return {mail: name or mail for mail, name, _ in people}, {mail: str(pk) for mail, _, pk in people}

    def _portfolio(self, picks: Mapping[str, str]) -> str:
        day = self.span.period.last
        past = {} if day == self.span.night else {"as_of": day.isoformat()}
        query = urlencode({**picks, **past})
        return f"{reverse('portfolio')}?{query}" if query else reverse("portfolio")

    def rows(self) -> Iterator[tuple[Period, str, Result]]:
        """Yield the page's rows for a file: every period as a whole, then the parts of the last."""
        whole = " ".join(f"{key}={value}" for key, value in self.span.slice.items() if value is not None)
        for period in self.periods:
            yield window(self.figure, period), whole, self.told.result(self.figure, period)
        for part in self.parts:
            cut = f"{self.by}={part.key}"
            yield self.window, f"{whole} {cut}".strip(), self._pair(part.key)[0]
