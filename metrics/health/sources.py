"""Where raw values come from: every input a factor can have, with its words, its window and a curve to begin with.

An input is named by a key: one of `SHIPPED`, `event:NAME:DAYS` (how often a usage event happened in so many days) or
`attribute:KEY` (a number an admin keeps with customers). The SQL is in `facts.py` and `usage.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

EVENT, ATTRIBUTE = "event", "attribute"
EVENT_DAYS = (7, 14, 30, 60)  # the nights keep the usage of 60 days at hand
PULSE = "pulse"


class Unit(StrEnum):
    """How a raw value is read."""

    DAYS = "days"
    COUNT = "count"
    SHARE = "share"
    RATIO = "ratio"  # 1 = as before
    SCORE = "score"
    POINTS = "points"
    YEARS = "years"
    NUMBER = "number"


@dataclass(frozen=True)
class Source:
    """An input: `explains` documents its source, `window` is in days (None: the state of the day).

    `points` (raw value, score) and `fresh_for` are what a new factor begins with.
    """

    key: str
    name: "StrPromise | str | Promise"
    explains: "StrPromise | str | Promise"
    unit: Unit
    points: tuple[tuple[float, float], ...]
    window: int | None = None
    fresh_for: int | None = None

    def setting(self, weight: float = 10) -> dict[str, object]:
        """Return what a scorecard says of it at first: weight, curve and freshness as plain data."""
        return {
            "weight": round(weight * 100),
            "curve": [[round(x * 1000), round(y * 100)] for x, y in self.points],
            "fresh_for": self.fresh_for,
        }


_ALL = (
    Source(
        "active_days",
        _("Usage frequency"),
        _(
            "Days with use among the last 30. Known of customers that used it lately, of all once usage is kept "
            "for a month."
        ),
        Unit.DAYS,
        ((6, 0), (13, 25), (18, 60), (22, 95), (24, 100)),
        window=30,
    ),
    Source(
        "usage_trend",
        _("Usage trend"),
        _(
            "Usage events of the last 30 days, divided by those of the 30 days before. 1 is as much as before."
        ),
        Unit.RATIO,
        ((0.5, 0), (0.8, 30), (0.95, 70), (1.1, 95), (1.2, 100)),
        window=60,
    ),
    Source(
        "breadth",
        _("Usage breadth"),
        _("Features used in the last 30 days, of those in the customer's plan that a usage event shows."),
        Unit.SHARE,
        ((0, 0), (0.3, 50), (0.8, 100)),
        window=30,
    ),
    Source(
        "seats_used",
        _("Seats used"),
        _("Different people seen in the last 30 days, divided by the seats bought."),
        Unit.SHARE,
        ((0, 0), (0.4, 50), (0.8, 100)),
        window=30,
    ),
    Source(
        "tickets_per_user",
        _("Tickets per user"),
        _(
            "Tickets opened in the last 90 days per person active in 30 days; where no use is known per seat, else "
            "as they are. Known since the first ticket of anybody."
        ),
        Unit.NUMBER,
        ((0, 95), (0.3, 75), (1, 45), (2.5, 0)),
        window=90,
    ),
    Source(
        "trouble",
        _("Reopened or overdue tickets"),
        _("Tickets of the last 90 days that were reopened, and those open past their due time."),
        Unit.COUNT,
        ((0, 90), (1, 30), (2, 0)),
        window=90,
    ),
    Source(
        "open_ticket_days",
        _("Oldest open ticket"),
        _("How many days the ticket that waits longest has been open; 0 where none is."),
        Unit.DAYS,
        ((0, 100), (3, 80), (7, 45), (21, 0)),
    ),
    Source(
        "csat",
        _("Latest CSAT"),
        _("The latest CSAT answer (1–5) of the last year."),
        Unit.SCORE,
        ((1, 0), (3, 35), (4, 70), (5, 100)),
        window=365,
        fresh_for=60,
    ),
    Source(
        "ces",
        _("Latest CES"),
        _("The latest CES answer (1–7, higher is easier) of the last year."),
        Unit.SCORE,
        ((1, 0), (4, 45), (5, 75), (7, 100)),
        window=365,
        fresh_for=120,
    ),
    Source(
        "nps",
        _("Account NPS"),
        _("NPS of the last 12 months, one vote per respondent, the latest. As old as its newest answer."),
        Unit.POINTS,
        ((-100, 0), (0, 30), (50, 75), (100, 100)),
        window=365,
        fresh_for=120,
    ),
    Source(
        "mrr_trend",
        _("Contract value trend"),
        _("MRR today, divided by the MRR of 90 days ago. Not known for customers that paid nothing then."),
        Unit.RATIO,
        ((0.7, 0), (0.95, 20), (1, 62), (1.15, 100)),
        window=90,
    ),
    Source(
        "renewals",
        _("Renewal history"),
        _("Contract terms begun so far, less the first. Known for customers with a contract."),
        Unit.COUNT,
        ((0, 50), (1, 80), (3, 100)),
    ),
    Source(
        "tenure",
        _("Years with us"),
        _("Years since the customer's start, else since its first subscription."),
        Unit.YEARS,
        ((0, 50), (1, 70), (3, 100)),
    ),
    Source(
        "renewal_days",
        _("Days to renewal"),
        _("Days until the contract ends without a signed one to follow; below 0 once it has ended."),
        Unit.DAYS,
        ((0, 0), (30, 50), (90, 85), (180, 100)),
    ),
    Source(
        "late_payments",
        _("Late payments"),
        _("Invoices due in the last 180 days that were paid late or are not paid. Known where invoices are."),
        Unit.COUNT,
        ((0, 100), (1, 70), (3, 20), (5, 0)),
        window=180,
    ),
    Source(
        "milestones",
        _("Adoption milestones"),
        _("Milestones reached so far."),
        Unit.COUNT,
        ((0, 0), (2, 55), (4, 100)),
    ),
    Source(
        "success",
        _("Success attainment"),
        _(
            "How much of what was promised is reached, as the customer says, in per cent: the success plan's total. "
            "Known once the customer confirmed half of its plan; as old as the newest thing it said."
        ),
        Unit.SCORE,
        ((0, 0), (50, 50), (100, 100)),
        fresh_for=120,
    ),
    Source(
        "value_gap",
        _("Value gap"),
        _(
            "What the customer says it reached less what is due by the day, in percentage points; below 0 it has less."
        ),
        Unit.POINTS,
        ((-50, 0), (-25, 30), (-10, 65), (0, 90), (20, 100)),
        fresh_for=120,
    ),
    Source(
        "perception_gap",
        _("Perception gap"),
        _("What we believe was reached less what the customer confirms, in percentage points."),
        Unit.POINTS,
        ((0, 100), (10, 80), (25, 40), (50, 0)),
        fresh_for=120,
    ),
    Source(
        "stakeholders",
        _("Stakeholder coverage"),
        _("Share of the five key roles in which somebody was talked to within 45 days."),
        Unit.SHARE,
        ((0, 0), (0.2, 50), (0.6, 100)),
        window=45,
    ),
    Source(
        "touch_days",
        _("Days since the last conversation"),
        _("Days since the latest touchpoint of any kind."),
        Unit.DAYS,
        ((10, 100), (30, 60), (60, 15), (90, 0)),
    ),
    Source(
        "advocacy",
        _("Referrals and references"),
        _("Customers it referred so far, and references given in the last year."),
        Unit.COUNT,
        ((0, 50), (1, 85), (3, 100)),
        window=365,
    ),
    Source(
        PULSE,
        _("Analyst's pulse"),
        _("How the customer feels to the person who knows it, 0–100, with a reason and an expiry."),
        Unit.SCORE,
        ((0, 0), (100, 100)),
    ),
)
SHIPPED: Mapping[str, Source] = {source.key: source for source in _ALL}

# Works on day one with only subscriptions and tickets: those weigh half of it. Weights and curves are such that the
# demo company's bands are believable and tell who leaves; each workspace then finds its own in the lab.
_DEFAULT_WEIGHTS = {
    "active_days": 20,
    "usage_trend": 12,
    "mrr_trend": 22,
    "tickets_per_user": 10,
    "trouble": 18,
    "nps": 10,
    "csat": 2,
    "touch_days": 6,
}


def default_definition() -> dict[str, object]:
    """Return the scorecard that every workspace begins with: eight factors."""
    said = {key: SHIPPED[key].setting(weight) for key, weight in _DEFAULT_WEIGHTS.items()}
    return {"factors": list(said), "cells": {"": said}, "edges": {}}


def source(key: str) -> Source:
    """Return the input of this key. Raises `ValidationError` when there is none."""
    if key in SHIPPED:
        return SHIPPED[key]
    kind, _sep, rest = key.partition(":")
    if kind == ATTRIBUTE and rest:
        return Source(
            key,
            rest,
            _("The number kept with the customer under “%(key)s”, since it became a factor.") % {"key": rest},
            Unit.NUMBER,
            ((0, 0), (10, 100)),
        )
    name, days = event_of(key)
    if not name:
        raise ValidationError(_now("There is no factor “%(key)s”.") % {"key": key})
    return Source(
        key,
        name,
        ngettext(
            "How often “%(event)s” happened in %(days)d day.",
            "How often “%(event)s” happened in %(days)d days.",
            days,
        )
        % {"event": name, "days": days},
        Unit.COUNT,
        ((0, 0), (10, 100)),
        window=days,
    )


def event_of(key: str) -> tuple[str, int]:
    """Return the usage event and the days of an input such as `event:report_opened:30`; ("", 0) for others."""
    kind, _sep, rest = key.partition(":")
    name, _sep, days = rest.rpartition(":")
    if kind == EVENT and name and days.isdecimal() and int(days) in EVENT_DAYS:
        return name, int(days)
    return "", 0


def attribute_of(key: str) -> str:
    """Return the attribute of an input such as `attribute:employees`, "" for others."""
    kind, _sep, rest = key.partition(":")
    return rest if kind == ATTRIBUTE else ""
