"""What the customer told us: the latest answer to each survey, and comments in their own words."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from core import time
from surveys.models import Response
from workspace.customer.asof import AsOf

OF_EACH_SURVEY = 12
COMMENTS = 4
SCALE_TOP = {Response.Survey.NPS: 10, Response.Survey.CSAT: 5, Response.Survey.CES: 7}


@dataclass(frozen=True)
class Latest:
    """The newest answer to one survey and the one before it (None where there is none)."""

    label: str
    top: int
    answer: Response | None
    before: Response | None


@dataclass(frozen=True)
class Voice:
    """The latest answers by survey and the newest comments."""

    latest: list[Latest]
    comments: list[Response]

    @property
    def has_any(self) -> bool:
        """Whether anything was ever answered."""
        return any(line.answer for line in self.latest)


def voice(customer_id: int, seen: AsOf) -> Voice:
    """Return what was answered up to the day looked at; one query."""
    end = time.day_start(seen.day + dt.timedelta(days=1))
    rows: list[Response] = list(
        Response.objects.counted()
        .filter(customer=customer_id, answered_at__lt=end)
        .annotate(
            nth=Window(
                RowNumber(),
                partition_by=[F("survey")],
                order_by=[F("answered_at").desc(), F("pk").desc()],
            )
        )
        .filter(nth__lte=OF_EACH_SURVEY)
        .select_related("contact")
        .order_by("-answered_at", "-pk")
    )
    latest = []
    for survey, top in SCALE_TOP.items():
        answers = [row for row in rows if row.survey == survey][:2]
        latest.append(
            Latest(
                str(survey.label),
                top,
                answers[0] if answers else None,
                answers[1] if len(answers) > 1 else None,
            )
        )
    return Voice(latest, [row for row in rows if row.comment][:COMMENTS])
