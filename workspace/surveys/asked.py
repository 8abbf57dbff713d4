"""Which answers a reader looks at: what the address asks for, within what they may see."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import time
from core.text import Contains, Fold, tokens
from customers.models import Contact, Customer, Segment, Stage
from customers.querysets import CustomerQuerySet
from surveys.models import Response, SurveyKind, Theme
from surveys.scales import HIGH, LOW

PERIODS = {"90": _("90 days"), "365": _("12 months"), "all": _("All time")}
LEVELS = {"low": _("Low"), "middle": _("Middle"), "high": _("High")}
SENTIMENTS = {"1": _("Sounds good"), "0": _("Neutral"), "-1": _("Sounds bad")}


@dataclass(frozen=True)
class Choice:
    """A filter of the list: its name in the address, its label, what can be chosen, what is."""

    name: str
    label: str
    options: list[tuple[str, Any]]
    chosen: str


class Asked:
    """The filters of an address; what it does not understand is as if it were not there."""

    def __init__(self, user: User, query: QueryDict, *, period: str = "90") -> None:
        self.user, self.query = user, query
        self.period = self._one("period", PERIODS) or period
        self.kind = self._one("kind", dict(SurveyKind.choices))
        self.level = self._one("level", LEVELS)
        self.segment = self._one("segment", dict(Segment.choices))
        self.stage = self._one("stage", dict(Stage.choices))
        self.role = self._one("role", dict(Contact.Role.choices))
        self.sentiment = self._one("sentiment", SENTIMENTS)
        self.mine = query.get("mine") == "1"
        self.commented = query.get("commented") == "1"
        self.text = query.get("q", "")[:120].strip()
        theme = query.get("theme", "")
        self.theme = int(theme) if theme.isascii() and theme.isdigit() and len(theme) < 9 else None
        survey = query.get("survey", "")
        self.survey = int(survey) if survey.isascii() and survey.isdigit() and len(survey) < 9 else None

    def _one(self, name: str, allowed: dict[str, Any]) -> str:
        value = self.query.get(name, "")
        return value if value in allowed else ""

    @property
    def since(self) -> dt.datetime | None:
        """The first moment looked at; None for all time."""
        if self.period == "all":
            return None
        return time.day_start(time.today() - dt.timedelta(days=int(self.period)))

    def customers(self) -> CustomerQuerySet:
        """Return the customers the reader may see and asks for."""
        rows = Customer.objects.visible_to(self.user)
        if self.segment:
            rows = rows.filter(segment=self.segment)
        if self.stage:
            rows = rows.filter(stage=self.stage)
        return rows.owned_by(self.user) if self.mine else rows

    def within(self) -> QuerySet[Response]:
        """Return the answers of these customers in the period, held ones too."""
        rows = Response.objects.filter(customer__in=self.customers().order_by().values("pk"))
        if self.since is not None:
            rows = rows.filter(answered_at__gte=self.since)
        if self.kind:
            rows = rows.filter(survey=self.kind)
        if self.survey is not None:
            rows = rows.filter(invitation__survey=self.survey)
        return rows.filter(contact__role=self.role) if self.role else rows

    def responses(self) -> QuerySet[Response]:
        """Return the answers that count and match every filter."""
        rows = self.within().filter(held=False)
        if self.level:
            rows = rows.filter(_of_level(self.level))
        if self.sentiment:
            rows = rows.filter(sentiment=int(self.sentiment))
        if self.commented:
            rows = rows.exclude(comment="")
        if self.theme is not None:
            rows = rows.filter(themes__theme=self.theme, themes__removed=False)
        for word in tokens(self.text):
            rows = rows.filter(Q(Contains(Fold(F("comment")), word)))
        return rows

    def choices(self) -> list[Choice]:
        """Return the filters as the page offers them."""
        themes = [
            (str(pk), name) for pk, name in Theme.objects.filter(archived_at=None).values_list("pk", "name")
        ]
        chosen = [
            ("kind", _("Survey"), SurveyKind.choices, self.kind),
            ("level", _("Score"), LEVELS.items(), self.level),
            ("segment", _("Segment"), Segment.choices, self.segment),
            ("role", _("Role"), Contact.Role.choices, self.role),
            ("theme", _("Theme"), themes, "" if self.theme is None else str(self.theme)),
            ("sentiment", _("Sentiment"), SENTIMENTS.items(), self.sentiment),
        ]
        return [Choice(name, str(label), list(options), one) for name, label, options, one in chosen]


def _of_level(level: str) -> Q:
    condition = Q()
    for kind in SurveyKind.values:
        low, high = Q(score__lte=LOW[kind]), Q(score__gte=HIGH[kind])
        condition |= Q(survey=kind) & {"low": low, "high": high, "middle": ~low & ~high}[level]
    return condition
