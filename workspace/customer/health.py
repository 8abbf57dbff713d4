"""The health of a customer on its page: band, score and one sentence; under it, why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from customers.models import Customer, Segment, Stage
from metrics.health import explain, profiles, words
from metrics.health.explain import Explained, Factor
from metrics.health.split import CAUSES
from metrics.models import HealthDay, HealthOverride, HealthPulse
from workspace.customer.asof import AsOf
from workspace.customer.risk import risk

SPANS = (7, 30, 90)
LINE_DAYS = 90
WIDTH, HEIGHT = 600.0, 120.0


@dataclass(frozen=True)
class Line:
    """One factor in words; numbers in hundredths, `change` the points it gave since the chosen day."""

    factor: Factor
    name: str
    raw: str
    raw_before: str
    fresh: str
    share: float
    band: str

    @property
    def score(self) -> str:
        """The factor's own score."""
        return words.points(self.factor.score)

    @property
    def points(self) -> str:
        """What it gives."""
        return words.points(self.factor.points)

    @property
    def possible(self) -> str:
        """What it could give."""
        return words.points(self.factor.possible)

    @property
    def change(self) -> float | None:
        """The points it gave or took since the chosen day."""
        return None if self.factor.change is None else self.factor.change / 100


@dataclass(frozen=True)
class Curve:
    """The score over time: points of a polyline per unbroken stretch, and where the edges of the bands lie."""

    stretches: list[str]
    first: dt.date
    last: dt.date
    green: float
    yellow: float


def health(
    customer: Customer, seen: AsOf, raw_days: str = "", between: tuple[str, str] = ("", "")
) -> dict[str, Any] | None:
    """Return what the panel shows, None where the customer has no score; a fixed number of queries.

    It compares as many days back, or any two days up to the one looked at.
    """
    first, second = (_day(raw) for raw in between)
    row = explain.latest(customer.pk, min(second or seen.day, seen.day))
    if row is None:
        return None
    days = int(raw_days) if raw_days in {str(one) for one in SPANS} else SPANS[1]
    if first is not None and first < row.day:
        days = (row.day - first).days
    since = row.day - dt.timedelta(days=days)
    found = explain.explain(row, since)
    spoken = said(customer.pk, seen.day)
    return {
        "row": row,
        "band": row.band_key,
        "score": None if row.score is None else row.score / 100,
        "score_text": words.points(row.score),
        "own": words.points(row.own),
        "low": words.points(row.low),
        "high": words.points(row.high),
        "coverage": round(row.coverage / 100),
        "crosses": found.crosses,
        "by_hand": row.override_id is not None,
        "not_over": seen.live and row.day == seen.day,
        "change": None if found.split is None else found.split.total / 100,
        "sentence": sentence(found, days),
        "lines": lines(found),
        "causes": causes(found),
        "arrived": words.listed(found.arrived),
        "gone": words.listed(found.gone),
        "days": days,
        "spans": SPANS,
        "since": since,
        "last": seen.day,
        "curve": curve(customer.pk, row.day, found),
        "profile": profile_name(row.profile),
        "risk": risk(customer.pk, row.day),
        **spoken,
    }


def _day(raw: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        return None


def profile_name(cell: str) -> str:
    """Return a profile in words: "Mid × Ongoing"."""
    segment, stage = profiles.parsed(cell)
    names = [str(Segment(segment).label) if segment else "", str(Stage(stage).label) if stage else ""]
    return " × ".join(filter(None, names))


def sentence(found: Explained, days: int) -> str:
    """Return why the score moved, or what is missing for telling it."""
    if found.before is None:
        return ""
    return words.sentence(found.split, found.inputs_before, found.inputs, days=days)


def lines(found: Explained) -> list[Line]:
    """Return the factors in words, the heaviest first."""
    all_weight = found.profile.all_weight or 1
    edges = found.profile.edges
    return [
        Line(
            one,
            words.name(one.key),
            words.raw(one.key, one.raw),
            words.raw(one.key, one.raw_before) if one.raw_before not in (None, one.raw) else "",
            words.freshness(found.row.day, one.age, one.fresh_for) if one.age is not None else "",
            one.weight / all_weight,
            edges.band(one.score).key if one.score is not None and one.counts else "none",
        )
        for one in sorted(found.factors, key=lambda one: -one.weight)
    ]


def causes(found: Explained) -> list[dict[str, Any]]:
    """Return the four causes of a move with their parts, in points."""
    if found.split is None:
        return []
    return [
        {
            "name": words.cause(key),
            "points": found.split.causes[key] / 100,
            "parts": [
                {"name": words.name(factor) if factor else formats.UNKNOWN, "points": part / 100}
                for factor, part in sorted(found.split.parts[key].items(), key=lambda item: -abs(item[1]))
                if part
            ],
        }
        for key in CAUSES
    ]


def said(customer_id: int, day: dt.date) -> dict[str, Any]:
    """Return what people say of the customer: the pulse and the score by hand that count, and what was said before."""
    pulses = list(
        HealthPulse.objects.filter(customer=customer_id, set_on__lte=day).select_related("author")[:20]
    )
    overrides = list(
        HealthOverride.objects.filter(customer=customer_id, set_on__lte=day).select_related("author")[:20]
    )
    told = [_Said(_("Pulse"), row) for row in pulses] + [_Said(_("By hand"), row) for row in overrides]
    return {
        "pulse": _counting(pulses, day),
        "override": _counting(overrides, day),
        "said_before": sorted(
            (one for one in told if not one.row.holds_on(day)), key=lambda one: one.row.set_on, reverse=True
        ),
    }


@dataclass(frozen=True)
class _Said:
    what: str
    row: HealthPulse | HealthOverride

    @property
    def text(self) -> str:
        """Its score."""
        return words.points(self.row.score)


def _counting(rows: Sequence[Any], day: dt.date) -> dict[str, Any] | None:
    """Return what counts on a day as the page says it; the newest word replaces the ones before."""
    newest = rows[0] if rows else None
    if newest is None or not newest.holds_on(day):
        return None
    return {
        "text": words.points(newest.score),
        "author": newest.author,
        "reason": newest.reason,
        "expires_on": newest.expires_on,
    }


def curve(customer_id: int, last: dt.date, found: Explained) -> Curve | None:
    """Return the score of the last 90 days as lines; None with fewer than two days."""
    first = last - dt.timedelta(days=LINE_DAYS - 1)
    rows = HealthDay.objects.filter(customer=customer_id, day__range=(first, last)).order_by("day")
    scores = [(day, score) for day, score in rows.values_list("day", "score") if score is not None]
    if len(scores) < 2:
        return None
    span = max((last - scores[0][0]).days, 1)
    stretches: list[list[str]] = [[]]
    before = scores[0][0]
    for day, score in scores:
        if (day - before).days > 1:
            stretches.append([])
        x = round((day - scores[0][0]).days / span * WIDTH, 1)
        stretches[-1].append(f"{x},{round(HEIGHT - score / 10_000 * HEIGHT, 1)}")
        before = day
    edges = found.profile.edges
    return Curve(
        [" ".join(points) for points in stretches if len(points) > 1],
        scores[0][0],
        last,
        round(HEIGHT - edges.green / 10_000 * HEIGHT, 1),
        round(HEIGHT - edges.yellow / 10_000 * HEIGHT, 1),
    )
