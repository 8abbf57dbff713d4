"""The surveys' first page: the four scores, what waits for somebody, which surveys there are."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from core import time
from customers.models import Customer
from surveys.models import Invitation, LoopCase, Response, Survey, SurveyKind
from workspace.surveys.asked import Asked
from workspace.surveys.score import Score, score_of


@dataclass(frozen=True)
class Card:
    """One kind of survey: its score over 90 days, and over the 90 before."""

    kind: str
    name: str
    score: Score
    before: Score


class Overview:
    """What the first page shows."""

    def __init__(self, user: User, asked: Asked) -> None:
        self.user, self.asked = user, asked

    @property
    def cards(self) -> list[Card]:
        """The four scores; one query."""
        today = time.day_start(time.today())
        middle, first = today - dt.timedelta(days=90), today - dt.timedelta(days=180)
        rows = Response.objects.counted().filter(
            customer__in=self.asked.customers().order_by().values("pk"), answered_at__gte=first
        )
        now: dict[str, dict[int, int]] = defaultdict(dict)
        before: dict[str, dict[int, int]] = defaultdict(dict)
        told = (
            rows.order_by()
            .values_list("survey", "score")
            .annotate(new=Count("pk", filter=Q(answered_at__gte=middle)), all=Count("pk"))
        )
        for kind, score, new, total in told:
            now[kind][score], before[kind][score] = new, total - new
        return [
            Card(kind, str(name), score_of(kind, now[kind]), score_of(kind, before[kind]))
            for kind, name in SurveyKind.choices
        ]

    @property
    def waiting(self) -> int:
        """Held answers nobody decided on."""
        return Response.objects.waiting().filter(customer__in=self._visible()).count()

    @property
    def cases(self) -> dict[str, int]:
        """Open cases, and those past their day."""
        return LoopCase.objects.filter(closed_at=None, customer__in=self._visible()).aggregate(
            open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=time.now()))
        )

    @property
    def surveys(self) -> list[Survey]:
        """The surveys there are, with how many people were asked."""
        return list(
            Survey.objects.filter(archived_at=None).annotate(
                asked=Count("invitations", filter=~Q(invitations__state=Invitation.State.WAITING))
            )
        )

    def _visible(self) -> QuerySet[Customer, Any]:
        return self.asked.customers().order_by().values("pk")
