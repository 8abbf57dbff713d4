"""The page of themes for one reader: what the address asks for, the themes with what stands behind them."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Perm
from core import time
from core.text import Contains, Fold, tokens
from customers.models import Customer, Insight, InsightKind, InsightTheme, Team
from metrics.models import CustomerDay
from metrics.nights import last_finished_day
from workspace.insights.figures import Behind, behind, mentions_of

PER_PAGE = 20
ON_BOARD = 100
PERIODS = {"30": _("30 days"), "84": _("12 weeks"), "365": _("Year")}
KIND_ICONS = {
    InsightKind.PROBLEM: "alert-hexagon",
    InsightKind.OPPORTUNITY: "sparkles",
    InsightKind.CONCERN: "mood-sad",
    InsightKind.MISPERCEPTION: "eye-question",
    InsightKind.WISH: "star",
}
KIND_NAMES = {
    InsightKind.PROBLEM: _("Problems"),
    InsightKind.OPPORTUNITY: _("Opportunities"),
    InsightKind.CONCERN: _("Concerns"),
    InsightKind.MISPERCEPTION: _("Misperceptions"),
    InsightKind.WISH: _("Wishes"),
}
STATE_TONES = {"new": "yellow", "accepted": "", "planned": "accent", "done": "green", "declined": "outline"}
NEVER = dt.date.min  # before the first night: no figures are known
NOBODY = "none"  # themes that no team has


@dataclass(frozen=True)
class Kind:
    """A kind of insight: its themes and the MRR of the customers behind them."""

    key: str
    name: str
    icon: str
    themes: int
    mrr: int


@dataclass(frozen=True)
class Line:
    """A theme with what stands behind it."""

    theme: InsightTheme
    behind: Behind

    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return KIND_ICONS[InsightKind(self.theme.kind)]

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return STATE_TONES[self.theme.state]


class Board:
    """What is asked for, and the answer; what the address says wrongly is as if it were not there."""

    def __init__(self, user: User, query: QueryDict) -> None:
        self.user = user
        self.today, self.night = time.today(), last_finished_day() or NEVER
        self.period = query.get("period", "") if query.get("period") in PERIODS else "84"
        self.kind = _one(query, "kind", InsightKind.values)
        self.team = _one(query, "team", [*Team.values, NOBODY])
        self.state = _one(query, "state", InsightTheme.State.values)
        self.text = query.get("q", "")[:120].strip()
        self.columns = query.get("as") == "board"
        self.number = query.get("page", "1")
        chosen = query.get("theme", "")
        self.chosen = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 12 else None
        self.may_edit = user.may(Perm.CUSTOMERS_EDIT)

    @cached_property
    def visible(self) -> QuerySet[Customer]:
        """The customers the reader may see."""
        return Customer.objects.visible_to(self.user).order_by()

    @property
    def since(self) -> dt.date:
        """The first day looked at."""
        return self.today - dt.timedelta(days=int(self.period) - 1)

    @property
    def ever(self) -> QuerySet[Insight]:
        """All that counts of what visible customers said."""
        return Insight.objects.counted().filter(customer__in=self.visible.values("pk"))

    @property
    def said(self) -> QuerySet[Insight]:
        """What was said in the period."""
        return self.ever.filter(said_on__gte=self.since)

    def themes(self, *, of_kind: bool = True) -> QuerySet[InsightTheme]:
        """Themes that match, most mentioned first."""
        rows = InsightTheme.objects.live().select_related("owner")
        if of_kind and self.kind:
            rows = rows.filter(kind=self.kind)
        if self.team:
            rows = rows.filter(team="" if self.team == NOBODY else self.team)
        if self.state:
            rows = rows.filter(state=self.state)
        for word in tokens(self.text):
            rows = rows.filter(Q(Contains(Fold(F("name")), word)) | Q(Contains(Fold(F("area")), word)))
        return rows.annotate(mentioned=mentions_of(self.said)).order_by("-mentioned", "name", "pk")

    @cached_property
    def page(self) -> Page[Any]:
        """The page of themes asked for."""
        return Paginator(self.themes(), PER_PAGE).get_page(self.number)

    @cached_property
    def lines(self) -> list[Line]:
        """The themes of the page, or of the board."""
        rows = list(self.themes()[:ON_BOARD] if self.columns else self.page.object_list)
        known = behind(self.said, [row.pk for row in rows], self.night, self.today)
        return [Line(row, known[row.pk]) for row in rows]

    @property
    def by_state(self) -> list[tuple[str, str, list[Line]]]:
        """The board's columns: a state, its tone, its themes."""
        return [
            (str(label), STATE_TONES[key], [line for line in self.lines if line.theme.state == key])
            for key, label in InsightTheme.State.choices
        ]

    @cached_property
    def kinds(self) -> list[Kind]:
        """How many themes of each kind, and the MRR behind them in the period."""
        counted = self.themes(of_kind=False).order_by().values_list("kind").annotate(n=Count("pk"))
        themes = dict(counted)
        days = CustomerDay.objects.filter(day=self.night)
        money = days.aggregate(
            **{
                key: Sum(
                    "mrr_cents",
                    filter=Q(customer__in=self.said.filter(theme__kind=key).order_by().values("customer")),
                )
                for key in InsightKind.values
            }
        )
        return [
            Kind(key, str(KIND_NAMES[key]), KIND_ICONS[key], themes.get(key, 0), money[key] or 0)
            for key in InsightKind
        ]

    @cached_property
    def heard(self) -> dict[str, int]:
        """How much was said in the period, how much of it is not sorted, and how many new themes no team has."""
        told = self.said.aggregate(n=Count("pk"))
        return {
            "insights": told["n"],
            "loose": self.ever.filter(theme__isnull=True).count(),
            "themes": InsightTheme.objects.live().count(),
            "nobodys": InsightTheme.objects.live().filter(state=InsightTheme.State.NEW, team="").count(),
        }

    @property
    def filters(self) -> list[tuple[str, Any, list[tuple[str, Any]], str]]:
        """The choices beside the search: name, label, options, chosen."""
        teams = [*Team.choices, (NOBODY, _("No team"))]
        return [
            ("team", _("Team"), teams, self.team),
            ("state", _("State"), list(InsightTheme.State.choices), self.state),
        ]

    @property
    def periods(self) -> list[tuple[str, Any, bool]]:
        """The spans to choose from."""
        return [(key, name, key == self.period) for key, name in PERIODS.items()]

    @property
    def is_filtered(self) -> bool:
        """Whether something narrows the themes."""
        return bool(self.kind or self.team or self.state or self.text)


def _one(query: QueryDict, name: str, allowed: Any) -> str:
    value = query.get(name, "")
    return value if value in allowed else ""
