"""Numbers beside words for a slice of customers: figures, the themes behind them, the three quotes that say it best.

The largest themes are those with the most MRR behind them in the slice; of each the words of the customer that pays
most stand for it. Without three themes, comments with low scores fill the place, the newest first.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import time
from customers.models import Customer, Insight, InsightTheme, Segment, Stage
from customers.services.owners import assignable_people
from metrics.health.bands import Band
from metrics.models import CustomerDay, HealthDay
from metrics.nights import last_finished_day
from metrics.periods import Period
from metrics.registry import FIGURES
from metrics.windows import tell
from surveys.models import Response
from workspace.insights.board import NEVER, Line
from workspace.insights.figures import behind
from workspace.insights.theme import Said, told_of
from workspace.metrics import words

DAYS = 90
THEMES = QUOTES = 3
KEYS = ("mrr", "grr", "nps", "csat", "success_attainment", "value_gap")
LOW = Q(survey="nps", score__lte=6) | Q(survey="csat", score__lte=2) | Q(survey="ces", score__lte=3)


@dataclass(frozen=True)
class Told:
    """A figure of the slice, now and in the span before."""

    name: str
    key: str
    value: str
    change: SafeString
    margin: str


class Voices:
    """The report for one reader and one slice."""

    def __init__(self, user: User, query: QueryDict) -> None:
        self.user = user
        self.segment = _one(query, "segment", Segment.values)
        self.stage = _one(query, "stage", Stage.values)
        owner = query.get("owner", "")
        self.owner = int(owner) if owner.isascii() and owner.isdecimal() and len(owner) < 9 else None
        self.today, self.night = time.today(), last_finished_day()
        self.since = self.today - dt.timedelta(days=DAYS - 1)

    @cached_property
    def customers(self) -> QuerySet[Customer]:
        """The customers of the slice, of those the reader may see."""
        rows = Customer.objects.visible_to(self.user).present().order_by()
        if self.segment:
            rows = rows.filter(segment=self.segment)
        if self.stage:
            rows = rows.filter(stage=self.stage)
        return rows if self.owner is None else rows.filter(owner=self.owner)

    @cached_property
    def count(self) -> int:
        """How many customers the slice has."""
        return self.customers.count()

    @cached_property
    def figures(self) -> list[Told]:
        """The slice's figures over 90 days, with their change against the 90 days before."""
        if self.night is None:
            return []
        end = self.night + dt.timedelta(days=1)
        now = Period(end - dt.timedelta(days=DAYS), end)
        then = Period(now.first - dt.timedelta(days=DAYS), now.first)
        figures = [FIGURES[key] for key in KEYS]
        told = tell(figures, [then, now], visible=self.customers, as_of=self.night)
        rows = []
        for figure in figures:
            result, before = told.result(figure, now), told.result(figure, then)
            rows.append(
                Told(
                    str(figure.name),
                    figure.key,
                    words.value(result.value, figure.unit),
                    words.change(figure, result, before),
                    words.limits(result, figure.unit),
                )
            )
        return rows

    @cached_property
    def red(self) -> tuple[int, int]:
        """How many of the scored customers are at risk, and how many are scored."""
        rows = HealthDay.objects.filter(day=self.night or NEVER, customer__in=self.customers.values("pk"))
        told = rows.aggregate(
            red=Count("pk", filter=Q(band=Band.RED)), scored=Count("pk", filter=~Q(band=Band.UNKNOWN))
        )
        return told["red"], told["scored"]

    @cached_property
    def said(self) -> QuerySet[Insight]:
        """What the slice said in the span."""
        return Insight.objects.counted().filter(
            customer__in=self.customers.values("pk"), said_on__gte=self.since
        )

    @cached_property
    def themes(self) -> list[Line]:
        """The three themes with the most MRR behind them."""
        spoken = self.said.filter(theme__isnull=False).order_by().values("theme").distinct()
        rows = list(InsightTheme.objects.live().filter(pk__in=spoken))
        known = behind(self.said, [row.pk for row in rows], self.night or NEVER, self.today)
        lines = [Line(row, known[row.pk]) for row in rows]
        lines.sort(key=lambda line: (-line.behind.mrr, -line.behind.mentions, line.theme.name))
        return lines[:THEMES]

    @cached_property
    def quotes(self) -> list[Said]:
        """The words that stand for these themes; with fewer themes also the newest low comments."""
        mrr = CustomerDay.objects.filter(customer=OuterRef("customer"), day=self.night or NEVER)
        pays = Coalesce(Subquery(mrr.values("mrr_cents"), output_field=IntegerField()), 0)
        place = Window(
            RowNumber(),
            partition_by=[F("theme")],
            order_by=[F("pays").desc(), F("said_on").desc(), F("pk").desc()],
        )
        themes = [line.theme.pk for line in self.themes]
        rows: Any = (
            self.said.filter(theme__in=themes).annotate(pays=pays).annotate(place=place).filter(place=1)
        )
        first = {
            row.theme_id: row for row in rows.select_related("customer", "contact", "ticket", "touchpoint")
        }
        return told_of([first[key] for key in themes if key in first])

    @cached_property
    def comments(self) -> list[Response]:
        """The newest low comments, where there are fewer than three quotes."""
        left = QUOTES - len(self.quotes)
        if left <= 0:
            return []
        rows = Response.objects.counted().filter(
            LOW, customer__in=self.customers.values("pk"), answered_at__gte=time.day_start(self.since)
        )
        taken = [one.row.comment_id for one in self.quotes if one.row.comment_id]
        rows = rows.exclude(comment="").exclude(pk__in=taken).select_related("customer", "contact")
        return list(rows.order_by("-answered_at", "-pk")[:left])

    @property
    def choices(self) -> list[tuple[str, Any, list[tuple[str, Any]], str]]:
        """The slices to choose from: name, label, options, chosen."""
        people = [(str(one.pk), one.name or one.email) for one in assignable_people()]
        return [
            ("segment", _("Segment"), list(Segment.choices), self.segment),
            ("stage", _("Stage"), list(Stage.choices), self.stage),
            ("owner", _("Owner"), people, "" if self.owner is None else str(self.owner)),
        ]


def _one(query: QueryDict, name: str, allowed: Any) -> str:
    value = query.get(name, "")
    return value if value in allowed else ""
