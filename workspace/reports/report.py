"""A report: first what changed, then every figure of the person's board."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.models import User
from core import formats, marks
from customers.models import Customer
from metrics.aim import Status
from metrics.models import SuddenChange, Target
from metrics.nights import last_finished_day
from metrics.periods import Period
from metrics.registry import FIGURES, Figure, Result
from metrics.services.board import board_of
from metrics.standings import Standing, standings
from metrics.statistics import no_real_change
from metrics.targets import aim_of
from metrics.windows import Telling, back, tell, window
from metrics.worth import worth
from workspace.metrics import words
from workspace.metrics.card import sees_own_only
from workspace.metrics.sudden import Marked, in_words
from workspace.reports.spans import Span

POINTS = 12
MOST_CHANGES = 3
SPARK_WIDTH, SPARK_HEIGHT = 180, 40


@dataclass(frozen=True)
class Line:
    """A figure of the report, in words and as numbers for its chart."""

    figure: Figure
    url: str
    value: str
    before: str
    change: SafeString
    margin: str
    window: str
    target: str
    is_missed: bool
    values: list[float | None]
    target_value: float | None
    weight: float  # how much its change stands for; 0 where it is no real change

    @property
    def name(self) -> str:
        """The figure's name."""
        return str(self.figure.name)

    @property
    def spark(self) -> SafeString:
        """Its line over the last periods."""
        highest = max((abs(value) for value in self.values if value is not None), default=0)
        return marks.spark(self.values, "data", highest * 0.05, SPARK_WIDTH, SPARK_HEIGHT)


class Report:
    """The report of one person, of a week or month; the number of queries does not depend on the board."""

    def __init__(self, user: User, span: str, period: Period) -> None:
        self.user = user
        self.span = span
        self.period = period
        self.periods = back(period, POINTS)

    @property
    def title(self) -> str:
        """What it is called."""
        if self.span == Span.MONTH:
            return words.title(self.period, "month")
        return gettext("Week of %(first)s to %(last)s") % {
            "first": formats.short_day(self.period.first),
            "last": formats.day(self.period.last),
        }

    @cached_property
    def own_only(self) -> bool:
        """Whether the figures are of the person's own customers."""
        return sees_own_only(self.user)

    @cached_property
    def board(self) -> list[Figure]:
        """The figures on the person's board."""
        return [FIGURES[key] for key in board_of(self.user)]

    @cached_property
    def told(self) -> Telling:
        """The board over the last periods, with the MRR, as of the period's end."""
        figures = {figure.key: figure for figure in [*self.board, FIGURES["mrr"]]}
        visible = Customer.objects.visible_to(self.user)
        return tell(list(figures.values()), self.periods, visible=visible, as_of=self.period.last)

    @property
    def missing(self) -> str:
        """What is said where nights of the period are missing, "" where none is."""
        nights = self.told.missing_nights(FIGURES["mrr"], self.period)
        return words.missing(nights) if nights else ""

    @property
    def is_over(self) -> bool:
        """Whether the period's last night is done."""
        night = last_finished_day()
        return night is not None and self.period.last <= night

    @cached_property
    def lines(self) -> list[Line]:
        """Every figure of the board, in its order."""
        return [self._line(figure, self.targets.get(figure.key)) for figure in self.board]

    @cached_property
    def targets(self) -> dict[str, Target]:
        """Of each figure the first target due in the period or later; none for who sees some customers only."""
        if self.own_only:
            return {}
        going = Q(ended_on__isnull=True) | Q(ended_on__gt=self.period.last)
        keys = [figure.key for figure in self.board]
        latest_first = Target.objects.filter(going, slice="", key__in=keys, due_on__gte=self.period.first)
        return {target.key: target for target in latest_first.order_by("-due_on")}

    @cached_property
    def standings(self) -> dict[int, Standing]:
        """How the figures stand as of the period's end, judged as on the Targets page: missed is what was due."""
        return standings(self.targets.values(), self.period.last)

    @cached_property
    def changes(self) -> list[Line]:
        """The figures that really changed, those first whose change stands for most."""
        real = [line for line in self.lines if line.weight > 0]
        return sorted(real, key=lambda line: -line.weight)[:MOST_CHANGES]

    @cached_property
    def sudden(self) -> list[Marked]:
        """The sudden changes of the board within the period; none for who sees some customers only."""
        if self.own_only:
            return []
        found = SuddenChange.objects.filter(
            key__in=[figure.key for figure in self.board],
            day__gte=self.period.first,
            day__lt=self.period.end,
        )
        return [in_words(change) for change in found.order_by("day", "key")]

    @property
    def missed(self) -> list[Line]:
        """The figures whose target is missed."""
        return [line for line in self.lines if line.is_missed]

    @property
    def is_calm(self) -> bool:
        """Whether there is nothing to say first."""
        return not (self.changes or self.sudden or self.missed)

    def _line(self, figure: Figure, aimed_at: Target | None) -> Line:
        now, then = (self.told.result(figure, period) for period in (self.period, self.periods[-2]))
        seen = window(figure, self.period)
        mrr = self.told.result(FIGURES["mrr"], self.period).value
        target = aim_of(aimed_at).value if aimed_at else None
        standing = self.standings.get(aimed_at.pk) if aimed_at else None
        return Line(
            figure=figure,
            url=f"{reverse('metric', args=[figure.key])}?{self._query()}",
            value=words.value(now.value, figure.unit),
            before=words.value(then.value, figure.unit),
            change=words.change(figure, now, then),
            margin=words.limits(now, figure.unit),
            window=words.length(seen) if seen != self.period else "",
            target=words.value(target, figure.unit) if target is not None else "",
            is_missed=standing is not None and standing.status is Status.MISSED,
            values=[words.plot(self.told.result(figure, period).value) for period in self.periods],
            target_value=words.plot(target),
            weight=_weight(figure, now, then, float(mrr or 0)),
        )

    def _query(self) -> str:
        if self.span == Span.MONTH:
            return f"grain=month&at={self.period.first.isoformat()}"
        return f"first={self.period.first.isoformat()}&last={self.period.last.isoformat()}"


def _weight(figure: Figure, now: Result, then: Result, mrr: float) -> float:
    """Return how much a change stands for, as multiples of what is worth telling; 0 where it is no real change."""
    if now.value is None or then.value is None or now.value == then.value:
        return 0.0
    if None not in (now.margin, then.margin) and no_real_change(
        float(now.value - then.value), now.margin or 0.0, then.margin or 0.0
    ):
        return 0.0
    basis = None if now.denominator is None else float(now.denominator)
    told = worth(figure, float(now.value - then.value), basis, mrr)
    return told.weight if told is not None else 1e-9


def names(lines: Sequence[Line]) -> str:
    """Return the names of figures, one after the other."""
    return ", ".join(line.name for line in lines)
