"""One theme: what stands behind it, what they said, which customers, who was told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from core import formats
from customers.models import Customer, Insight, InsightKind, InsightTheme, InsightTold
from metrics.health.bands import Band
from metrics.models import CustomerDay, HealthDay
from surveys.models import Response
from surveys.scales import level
from workspace.insights.board import KIND_ICONS, NEVER, STATE_TONES, Board
from workspace.insights.figures import Behind, behind, mrr_of

SHOWN, BEHIND = 3, 6
PER_PAGE = 20
TWELVE_WEEKS = dt.timedelta(weeks=12)
TAGS = {"low": "red", "high": "green", "middle": ""}


@dataclass(frozen=True)
class Said:
    """An insight as it is read: its words, who said them, and where."""

    row: Insight
    tag: str
    tone: str
    duplicates: int

    @property
    def who(self) -> str:
        """Who said it, "" where it is not known."""
        return str(self.row.contact) if self.row.contact else self.row.said_by


@dataclass(frozen=True)
class Firm:
    """A customer behind the theme."""

    customer: Customer
    mrr: int
    score: float | None
    band: str
    told: InsightTold | None = None


class ThemePanel:
    """What is shown of a theme, within what the board's reader may see; `whole`: on its own page."""

    def __init__(self, board: Board, theme: InsightTheme, *, whole: bool = False, number: str = "1") -> None:
        self.board, self.theme, self.whole, self.number = board, theme, whole, number
        self.icon = KIND_ICONS[InsightKind(theme.kind)]
        self.tone = STATE_TONES[theme.state]

    @property
    def rows(self) -> QuerySet[Insight]:
        """All that counts for the theme, ever."""
        return self.board.ever.filter(theme=self.theme)

    @cached_property
    def behind(self) -> Behind:
        """What stands behind it, over all time."""
        return behind(self.board.ever, [self.theme.pk], self.board.night, self.board.today)[self.theme.pk]

    @property
    def share(self) -> float | None:
        """The share of all visible MRR."""
        whole = mrr_of(self.board.visible.values("pk"), self.board.night)
        return self.behind.mrr / whole if whole else None

    @cached_property
    def score(self) -> tuple[float | None, float | None]:
        """The mean score of its customers, and its change over twelve weeks among those scored on both days."""
        night = self.board.night
        if night == NEVER:
            return None, None
        speakers = self.rows.order_by().values("customer")
        days = HealthDay.objects.filter(customer__in=speakers, score__isnull=False)
        before = days.filter(day=night - TWELVE_WEEKS)
        on_both = Q(customer__in=before.values("customer"))
        told = days.filter(day=night).aggregate(now=Avg("score"), same=Avg("score", filter=on_both))
        was = before.filter(customer__in=days.filter(day=night).values("customer")).aggregate(m=Avg("score"))
        change = None if told["same"] is None or was["m"] is None else (told["same"] - was["m"]) / 100
        return (None if told["now"] is None else told["now"] / 100), change

    @cached_property
    def page(self) -> Page[Any]:
        """What they said, newest first."""
        rows = self.rows.select_related("customer", "contact", "ticket", "touchpoint", "author")
        rows = rows.annotate(repeats=Count("duplicates", filter=Q(duplicates__removed_at__isnull=True)))
        return Paginator(rows.order_by("-said_on", "-pk"), PER_PAGE).get_page(self.number)

    @cached_property
    def said(self) -> list[Said]:
        """The words shown: the newest three, or a page of them."""
        rows = list(self.page.object_list)
        return told_of(rows if self.whole else rows[:SHOWN])

    @cached_property
    def firms(self) -> list[Firm]:
        """The customers behind it, those who pay most first."""
        night = self.board.night
        mrr = CustomerDay.objects.filter(customer=OuterRef("pk"), day=night).values("mrr_cents")
        day = HealthDay.objects.filter(customer=OuterRef("pk"), day=night)
        rows = (
            self.board.visible.filter(Exists(self.rows.filter(customer=OuterRef("pk"))))
            .annotate(
                pays=Subquery(mrr, output_field=IntegerField()),
                points=Subquery(day.values("score"), output_field=IntegerField()),
                colour=Subquery(day.values("band"), output_field=IntegerField()),
            )
            .order_by(F("pays").desc(nulls_last=True), "name", "pk")
        )
        return [
            Firm(
                row,
                row.pays or 0,
                None if row.points is None else row.points / 100,
                Band(row.colour or 0).key,
            )
            for row in (rows if self.whole else rows[:BEHIND])
        ]

    @property
    def told(self) -> dict[str, int]:
        """How many were told, asked, and said that it helped."""
        return self.theme.told.filter(customer__in=self.board.visible.values("pk")).aggregate(
            planned=Count("pk"),
            told=Count("pk", filter=Q(told_at__isnull=False)),
            asked=Count("pk", filter=Q(helped__isnull=False)),
            helped=Count("pk", filter=Q(helped=True)),
        )

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The way of a theme: heard, routed, accepted, planned, done; with the state of each step."""
        state = InsightTheme.State(self.theme.state)
        if state == InsightTheme.State.DECLINED:
            return [(_("Heard"), "done"), (str(state.label), "now")]
        names = [_("Heard"), _("Routed"), *(str(s.label) for s in _WAY)]
        at = 1 if self.theme.team else 0
        if state in _WAY:
            at = 2 + _WAY.index(state)
        marks = ["done" if n < at else "now" if n == at else "" for n in range(len(names))]
        return list(zip(names, marks, strict=True))

    @property
    def due(self) -> str:
        """When it is expected, in words."""
        return formats.day(self.theme.due_on) if self.theme.due_on else ""


_WAY = (InsightTheme.State.ACCEPTED, InsightTheme.State.PLANNED, InsightTheme.State.DONE)


def told_of(rows: Sequence[Insight]) -> list[Said]:
    """Return insights as they are read; one statement more for the comments among them."""
    keys = [row.comment_id for row in rows if row.comment_id is not None]
    answers = Response.objects.in_bulk(keys) if keys else {}
    return [_said(row, answers.get(row.comment_id or 0)) for row in rows]


def _said(row: Insight, answer: Response | None) -> Said:
    repeats = getattr(row, "repeats", 0)
    if answer is not None:
        tag = f"{answer.get_survey_display()} {answer.score}"
        return Said(row, tag, TAGS[level(answer.survey, answer.score)], repeats)
    if row.ticket is not None:
        return Said(row, _("Ticket %(id)s") % {"id": row.ticket.external_id}, "", repeats)
    if row.touchpoint is not None:
        return Said(row, str(row.touchpoint.get_kind_display()), "", repeats)
    return Said(row, str(row.get_source_display()), "", repeats)
