"""The renewals page for one reader: what the address asks for, the lines, their sums, and how good calls were."""

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Perm
from core import time
from core.text import Contains, Fold, tokens
from customers.services.owners import assignable_people
from metrics.health.bands import Band
from metrics.models import HealthDay
from metrics.nights import last_finished_day
from playbooks.models import Call, Renewal
from playbooks.renewals import calls
from playbooks.renewals.querysets import RenewalQuerySet
from workspace.work.files import money
from workspace.work.picks import pick

PER_PAGE = 40
ON_CALENDAR = 200
SPANS = {"30": _("30 days"), "90": _("90 days"), "180": _("180 days"), "365": _("12 months")}
SHOWS = {"ahead": pgettext_lazy("renewals", "Ahead"), "decided": pgettext_lazy("renewals", "Won and lost")}
TONES = {"open": "", "pending": "yellow", "won": "green", "lost": "red", "gone": "outline"}
CALL_TONES = {"expands": "accent", "renews": "green", "unsure": "", "at_risk": "red", "leaves": "red", "": ""}
MINE = "mine"
HEADER = (
    "customer_external_id", "customer", "owner_email", "due_on", "state", "value", "monthly", "forecast", "call",
    "stage", "expected", "expansion", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A renewal as it is shown; `forecast` from 0 to 1, `apart` in points where call and forecast disagree."""

    row: Any
    score: float | None
    band: str

    @property
    def forecast(self) -> float | None:
        """How likely it is renewed, by the forecast."""
        return None if self.row.likelihood is None else self.row.likelihood / calls.CERTAIN

    @property
    def apart(self) -> int | None:
        """By how many points our call lies above (+) or below (−) the forecast, where they disagree."""
        found = calls.disagreement(self.row.call, self.row.likelihood)
        return None if found is None else round(found / 100)

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return TONES[self.row.state]

    @property
    def call_tone(self) -> str:
        """The tone of the call."""
        return CALL_TONES[self.row.call]


@dataclass(frozen=True)
class Judged:
    """How often a forecast or the calls were right 30 days before, and their mean squared error (0 is perfect)."""

    name: Any
    right: int
    all: int
    error: float | None

    @property
    def share(self) -> float | None:
        """The share that was right."""
        return self.right / self.all if self.all else None


class Board:
    """What is asked for, and the answer; what the address says wrongly is as if it were not there."""

    def __init__(self, user: User, query: QueryDict) -> None:
        self.user = user
        self.today, self.night = time.today(), last_finished_day()
        self.show = query.get("show", "") if query.get("show") in SHOWS else "ahead"
        self.span = query.get("span", "") if query.get("span") in SPANS else "90"
        self.as_calendar = query.get("as") == "calendar" and self.show == "ahead"
        self.text = query.get("q", "")[:120].strip()
        self.number = query.get("page", "1")
        self.may_edit = user.may(Perm.CUSTOMERS_EDIT)
        people = [(MINE, _("My customers")), *((p.pk, p.name or p.email) for p in assignable_people())]
        self.owner = pick(query, "owner", _("Owner"), people)
        self.call = pick(query, "call", _("Our call"), [*Call.choices, ("none", _("No call yet"))])
        self.stage = pick(query, "stage", _("Stage of the talk"), Renewal.Stage.choices)
        self.differs = pick(query, "differs", _("Agreement"), [("1", _("Call against forecast"))])
        self.picks = [self.owner, self.call, self.stage, self.differs]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a search keeps of the address."""
        shown = [("as", "calendar")] if self.as_calendar else []
        return [("show", self.show), ("span", self.span), *shown]

    @property
    def spans(self) -> list[tuple[str, Any, bool]]:
        """How far to look."""
        return [(key, name, key == self.span) for key, name in SPANS.items()]

    @property
    def shows(self) -> list[tuple[str, Any, bool]]:
        """Renewals ahead, or those that are decided."""
        return [(key, name, key == self.show) for key, name in SHOWS.items()]

    @cached_property
    def _visible(self) -> RenewalQuerySet:
        rows: RenewalQuerySet = Renewal.objects.visible_to(self.user).filter(customer__archived_at=None)
        if self.owner.chosen == MINE:
            return rows.filter(customer__owner=self.user)
        return rows.filter(customer__owner=self.owner.chosen) if self.owner.chosen else rows

    def _of_span(self, show: str) -> RenewalQuerySet:
        reach = dt.timedelta(days=int(self.span))
        if show == "decided":
            return self._visible.decided(self.today - reach, self.today)
        return self._visible.ahead(self.today, self.today + reach)

    @property
    def rows(self) -> QuerySet[Any]:
        """Those that match: ahead the next first, decided the last first."""
        rows = self._of_span(self.show).weighed()
        if self.call.chosen:
            rows = rows.filter(call="" if self.call.chosen == "none" else self.call.chosen)
        if self.stage.chosen:
            rows = rows.filter(stage=self.stage.chosen)
        if self.differs.chosen:
            rows = rows.disputed()
        for word in tokens(self.text):
            rows = rows.filter(Contains(Fold(F("customer__name")), word))
        order = ("-due_on", "-pk") if self.show == "decided" else ("due_on", "pk")
        night = self.night or self.today  # of today there are no rows yet
        health = HealthDay.objects.filter(customer=OuterRef("customer"), day=night)
        told: QuerySet[Any] = (
            rows.annotate(
                score=Subquery(health.values("score")[:1]), band=Subquery(health.values("band")[:1])
            )
            .select_related("customer__owner")
            .order_by(*order)
        )
        return told

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for."""
        return Paginator(self.rows, PER_PAGE).get_page(self.number)

    @property
    def lines(self) -> list[Line]:
        """The renewals of the page."""
        return [line_of(row) for row in self.page.object_list]

    @cached_property
    def months(self) -> list[tuple[dt.date, list[Line], int]]:
        """The renewals by month: its first day, the renewals by day, what they are worth in cents."""
        found: dict[dt.date, list[Line]] = {}
        for row in self.rows[:ON_CALENDAR]:
            found.setdefault(row.due_on.replace(day=1), []).append(line_of(row))
        return [(month, lines, sum(one.row.worth for one in lines)) for month, lines in found.items()]

    @property
    def weekdays(self) -> list[Any]:
        """The names of the days of a week, Monday first."""
        return [WEEKDAYS_ABBR[n] for n in range(7)]

    @property
    def weeks(self) -> list[tuple[dt.date, list[list[tuple[dt.date, list[Line]] | None]], int]]:
        """Each month as weeks of days, a day with what is due on it; None outside the month."""
        grids = []
        for month, lines, worth in self.months:
            by_day: dict[dt.date, list[Line]] = {}
            for line in lines:
                by_day.setdefault(line.row.due_on, []).append(line)
            weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(month.year, month.month)
            grid = [
                [(day, by_day.get(day, [])) if day.month == month.month else None for day in week]
                for week in weeks
            ]
            grids.append((month, grid, worth))
        return grids

    @cached_property
    def sums(self) -> dict[str, Any]:
        """What is ahead: how many, worth, and what to expect of it by the forecast and by our calls, in cents."""
        weighed = self._of_span("ahead").weighed()
        likely = Coalesce("likelihood", calls.CERTAIN, output_field=FloatField())
        found: dict[str, Any] = weighed.aggregate(
            n=Count("pk"),
            total=Sum("worth"),
            forecast=Sum(Cast("worth", FloatField()) * likely / calls.CERTAIN),
            by_calls=Sum(
                Cast("worth", FloatField())
                * Coalesce("called", likely, output_field=FloatField())
                / calls.CERTAIN
            ),
            calls=Count("pk", filter=Q(called__isnull=False)),
            disputed=Count("pk", filter=Q(apart__gte=calls.DIFFERS)),
            expansion=Sum("expansion_cents"),
        )
        return found

    @cached_property
    def went(self) -> dict[str, Any]:
        """What was decided in the span: won and lost, how many and worth in cents, and the share won."""
        won, lost = Q(state="won"), Q(state="lost")
        found: dict[str, Any] = (
            self._of_span("decided")
            .weighed()
            .aggregate(
                won=Count("pk", filter=won),
                lost=Count("pk", filter=lost),
                won_worth=Sum("worth", filter=won),
                lost_worth=Sum("worth", filter=lost),
            )
        )
        decided = found["won"] + found["lost"]
        return found | {"rate": found["won"] / decided if decided else None}

    @cached_property
    def judged(self) -> list[Judged]:
        """How good forecast and calls were, over the renewals decided in the span of which 30 days before a call stood.

        Both are held against the same renewals, so that they can be compared.
        """
        told = list(
            self._of_span("decided")
            .exclude(early_call="")
            .filter(early_likelihood__isnull=False)
            .values_list("state", "early_likelihood", "early_call")
        )
        forecast = [(likelihood, state == "won") for state, likelihood, _call in told]
        ours = [(calls.PROBABILITY[call], state == "won") for state, _likelihood, call in told]
        return [_judge(_("Forecast"), forecast), _judge(_("Our calls"), ours)] if told else []

    def file(self) -> Iterator[list[str]]:
        """Yield the rows that match as the file has them."""
        for row in self.rows.iterator(chunk_size=500):
            owner = row.customer.owner
            yield [
                row.customer.external_id,
                row.customer.name,
                owner.email if owner else "",
                row.due_on.isoformat(),
                row.state,
                money(row.value_cents),
                money(row.monthly_cents),
                "" if row.likelihood is None else f"{row.likelihood / calls.CERTAIN:.4f}",
                row.call,
                row.stage,
                money(row.amount_cents),
                money(row.expansion_cents),
                row.note,
            ]


def line_of(row: Any) -> Line:
    """Return a renewal with the health its annotations tell."""
    score = getattr(row, "score", None)
    return Line(row, None if score is None else score / 100, Band(getattr(row, "band", None) or 0).key)


def _judge(name: Any, said: Sequence[tuple[int, bool]]) -> Judged:
    sides = [side for side in (calls.right(likelihood, won) for likelihood, won in said) if side is not None]
    errors = [calls.error(likelihood, won) for likelihood, won in said]
    return Judged(name, sum(sides), len(sides), sum(errors) / len(errors) if errors else None)


def of_keys(keys: Sequence[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], Line]:
    """Return the renewals of these customers and due days; one query."""
    rows = Renewal.objects.filter(
        customer__in=[key for key, _day in keys], due_on__in={day for _key, day in keys}
    )
    return {(row.customer_id, row.due_on): line_of(row) for row in rows}
