"""The page of one survey: its score with margin, how scores spread, the trend, parts, who answers, what is held."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats, marks, time
from customers.models import Contact, Stage
from metrics.models import CustomerDay
from metrics.nights import last_finished_day
from surveys.models import Invitation, Response, Survey, SurveyKind, Visit
from surveys.scales import level
from workspace.surveys.asked import Asked
from workspace.surveys.score import Counts, Score, score_of

MONTHS = 12
PARTS = {
    "segment": "customer__segment",
    "stage": "customer__stage",
    "role": "contact__role",
    "owner": "customer__owner__name",
}


@dataclass(frozen=True)
class Bar:
    """One score of the distribution."""

    score: int
    count: int
    share: float
    level: str


@dataclass(frozen=True)
class Part:
    """One line of a cut."""

    name: str
    score: Score


@dataclass(frozen=True)
class Rate:
    """So many of so many."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """The share, None of nothing."""
        return self.part / self.whole if self.whole else None


class KindPage:
    """What the page of one kind of survey shows; the number of queries does not depend on the answers."""

    def __init__(self, kind: str, asked: Asked) -> None:
        self.kind, self.asked = kind, asked
        asked.kind = kind
        self.name = SurveyKind(kind).label
        self.rows = asked.within()
        self.counts = _counts(self.rows.filter(held=False))
        self.score = score_of(kind, self.counts)
        self.surveys = list(Survey.objects.filter(kind=kind, archived_at=None))

    @property
    def bars(self) -> list[Bar]:
        """How the scores spread; a check-in's by tens."""
        step = 10 if self.kind == "success" else 1
        spread: dict[int, int] = defaultdict(int)
        for score, count in self.counts.items():
            spread[score // step * step] += count
        low, high = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "success": (0, 100)}[self.kind]
        most = max(spread.values(), default=0)
        return [
            Bar(at, spread[at], spread[at] / most if most else 0.0, level(self.kind, at))
            for at in range(low, high + 1, step)
        ]

    @property
    def trend(self) -> dict[str, Any]:
        """The score by month over twelve months, with its limits."""
        first = _months_back(time.today(), MONTHS - 1)
        everything = self.asked
        kept, everything.period = everything.period, "all"
        rows = everything.within().filter(held=False, answered_at__gte=time.day_start(first))
        everything.period = kept
        by_month: dict[dt.date, dict[int, int]] = defaultdict(dict)
        found = rows.annotate(month=TruncMonth("answered_at", tzinfo=time.workspace_zone()))
        for month, score, n in found.values_list("month", "score").annotate(n=Count("pk")).order_by():
            by_month[month.date()][score] = n
        months = [_months_back(time.today(), back) for back in range(MONTHS - 1, -1, -1)]
        scores = [score_of(self.kind, by_month.get(month, {})) for month in months]
        labels = [formats.month(month) for month in months]
        return {
            "data": {
                "labels": labels,
                "values": [_plotted(one.value) for one in scores],
                "low": [_plotted(one.low) for one in scores],
                "high": [_plotted(one.high) for one in scores],
                "format": "percent" if self.kind == "csat" else "number",
                "digits": 2 if self.kind == "ces" else 0,
            },
            "says": _("%(survey)s by month, with its margin of error") % {"survey": self.name},
            "table": {
                "head": [_("Month"), self.name, _("95 % limits"), _("Answers")],
                "rows": [
                    [label, one.text, one.limits, formats.number(one.answers)]
                    for label, one in zip(labels, scores, strict=True)
                ],
            },
        }

    @property
    def parts(self) -> list[tuple[str, list[Part]]]:
        """The score by segment, stage, role and owner; who belongs where is as of today."""
        titles = {"segment": _("Segment"), "stage": _("Stage"), "role": _("Role"), "owner": _("Owner")}
        return [(titles[by], self._cut(by, column)) for by, column in PARTS.items()]

    def _cut(self, by: str, column: str) -> list[Part]:
        parts: dict[str, dict[int, int]] = defaultdict(dict)
        rows = self.rows.filter(held=False).order_by()
        for part, score, n in rows.values_list(column, "score").annotate(n=Count("pk")):
            parts[part or ""][score] = n
        told = [
            Part(_name(by, key) or _("None"), score_of(self.kind, counts)) for key, counts in parts.items()
        ]
        return sorted(told, key=lambda part: -part.score.answers)

    @property
    def people(self) -> Rate:
        """Who answered of those a mail was delivered to, counted on the same invitations."""
        return self._rate(Coalesce("contact_id", -F("pk")))

    @property
    def companies(self) -> Rate:
        """Customers with an answer of those asked by mail."""
        return self._rate(F("customer_id"))

    def _rate(self, key: Any) -> Rate:
        mails = Invitation.objects.filter(
            survey__kind=self.kind,
            channel=Invitation.Channel.MAIL,
            sent_at__isnull=False,
            bounced_at__isnull=True,
            customer__in=self.asked.customers().order_by().values("pk"),
        )
        if self.asked.since is not None:
            mails = mails.filter(sent_at__gte=self.asked.since)
        told = mails.order_by().aggregate(
            whole=Count(key, distinct=True),
            part=Count(key, distinct=True, filter=Q(response__held=False)),
        )
        return Rate(told["part"], told["whole"])

    @property
    def coverage(self) -> Rate:
        """MRR in cents of customers with an answer, of all; as of the last finished night."""
        night = last_finished_day() or dt.date.min
        days = CustomerDay.objects.filter(
            day=night, customer__in=self.asked.customers().present().order_by().values("pk")
        )
        answered = self.rows.filter(held=False).order_by().values("customer_id")
        told = days.aggregate(whole=Sum("mrr_cents"), part=Sum("mrr_cents", filter=Q(customer__in=answered)))
        return Rate(told["part"] or 0, told["whole"] or 0)

    @property
    def held(self) -> dict[str, Any]:
        """Answers held as a machine's: how many, their share, and the figure with them in."""
        held = self.rows.filter(held=True)
        counts = _counts(held)
        total = sum(counts.values())
        both = {score: self.counts.get(score, 0) + counts.get(score, 0) for score in {*counts, *self.counts}}
        return {
            "count": total,
            "share": total / (total + self.score.answers) if total else None,
            "with": score_of(self.kind, both) if total else None,
            "text": ngettext("%(n)s answer is held", "%(n)s answers are held", total)
            % {"n": formats.number(total)},
        }

    @property
    def intents(self) -> int:
        """Invitations with a click on a number that nobody confirmed."""
        clicked = Visit.objects.filter(
            chosen__isnull=False,
            invitation__response__isnull=True,
            invitation__survey__kind=self.kind,
            invitation__customer__in=self.asked.customers().order_by().values("pk"),
        )
        if self.asked.since is not None:
            clicked = clicked.filter(at__gte=self.asked.since)
        return clicked.aggregate(n=Count("invitation", distinct=True))["n"] or 0


def _name(by: str, key: str) -> str:
    if by == "segment":
        return marks.segment_word(key)
    words = {"stage": Stage.choices, "role": Contact.Role.choices}.get(by)
    return key if words is None else str(dict(words).get(key, ""))


def _counts(rows: QuerySet[Response]) -> Counts:
    return dict(rows.order_by().values_list("score").annotate(n=Count("pk")))


def _months_back(day: dt.date, back: int) -> dt.date:
    at = day.year * 12 + day.month - 1 - back
    return dt.date(at // 12, at % 12 + 1, 1)


def _plotted(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
