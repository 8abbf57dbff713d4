"""What a figure's own page shows: its trend, its parts, its definition with the numbers put in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.models import User
from accounts.permissions import Perm
from customers.models import Customer, Segment, Stage
from metrics.periods import Period
from metrics.registry import Figure, Result
from metrics.services.board import board_of
from metrics.windows import Telling, back, tell, window
from workspace.metrics import words
from workspace.metrics.bar import Link, SpanBar
from workspace.metrics.page import Card, Chart, aims, card, lines, sees_own_only
from workspace.metrics.span import Span, SpanForm

LENGTHS = (12, 24)


@dataclass(frozen=True)
class Part:
    """A slice of the figure in the period looked at."""

    key: str
    name: str
    url: str
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
        super().__init__(span if "segment" in figure.cuts else replace(span, segment=None), form)
        self.user = user
        self.figure = figure
        self.length = 24 if params.get("n") == "24" else LENGTHS[0]
        self.by = params.get("by") if params.get("by") in figure.cuts else next(iter(figure.cuts), None)
        self.periods = back(self.span.period, self.length)

    @property
    def segments(self) -> list[Link]:
        """The segments to choose from; none where the figure is not cut by them."""
        return super().segments if "segment" in self.figure.cuts else []

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
        """The figure as a whole, in every period."""
        return self._tell(self.periods)

    @cached_property
    def now(self) -> Result:
        """The figure in the period looked at."""
        return self.told.result(self.figure, self.span.period)

    @cached_property
    def card(self) -> Card:
        """The figure's value and change."""
        targets = aims(self.span, own_only=self.own_only)
        return card(self.figure, self.told, self.span, self.periods, targets)

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
        """The portfolio on the last day of the period, in the segment looked at."""
        return self._portfolio({"segment": self.span.segment} if self.span.segment else {})

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
            segment=self.span.segment,
            visible=Customer.objects.visible_to(self.user),
            as_of=self.span.night,
        )

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
            url=self._portfolio({str(self.by): keys.get(part, part)}),
            value=words.value(now.value, self.figure.unit),
            limits=words.limits(now, self.figure.unit),
            change=words.change(self.figure, now, before),
            numerator=above,
            denominator=below,
        )

    def _pair(self, part: str) -> tuple[Result, Result]:
        """Return a part's results in the period and the one before."""
        before, now = self.periods[-2:]
        told = self.cut or self.told
        return told.result(self.figure, now, part), told.result(self.figure, before, part)

    def _known_parts(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return what parts are called, and how the portfolio's filters name them where that differs."""
        if self.by == "segment":
            return {key: str(label) for key, label in Segment.choices}, {}
        if self.by == "stage":
            return {key: str(label) for key, label in Stage.choices}, {}
        if self.by != "owner":
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
        whole = f"segment={self.span.segment}" if self.span.segment else ""
        for period in self.periods:
            yield window(self.figure, period), whole, self.told.result(self.figure, period)
        for part in self.parts:
            cut = f"{self.by}={part.key}"
            yield self.window, f"{whole} {cut}".strip(), self._pair(part.key)[0]
