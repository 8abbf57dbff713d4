"""The effect of a playbook from what is stored: who got it, who is comparable, what became of both.

A customer is looked at as it was at the end of the day before the start: segment, stage, score, tenure and MRR.
Compared are customers that never got this playbook, as they were on the same days, else those held back by lot.
Outcomes: the score after 30, 60 and 90 days; whether it still pays after 90 days; its MRR then as a share of what it
was (weighted by that, so that the mean is the NRR of the group).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customers.models import Customer, Segment, Stage
from metrics.models import CustomerDay, HealthDay
from playbooks.models import Playbook, Run

if TYPE_CHECKING:
    from playbooks.plays.effect import Effect, Group

HORIZONS = (30, 60, 90)
LAST = HORIZONS[-1]
MOST_DAYS = 120  # start days looked at, the newest first
MOST_OTHERS = 1000  # compared customers a start day
FEWEST_CONTROLS = 20  # held back by lot, from which on they alone are compared
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Seen:
    """A customer at a start: what it is compared by, and what became of it by horizon (None: not known)."""

    cell: str
    score: float
    tenure: float
    mrr_cents: int
    scores: Mapping[int, float | None]
    mrr_after: Mapping[int, int | None]


def measure(playbook: Playbook, as_of: dt.date) -> dict[str, Any]:
    """Return the effect as of a day: `{"by": "lot" or "matching", "figures": [...]}`, ready to be stored."""
    runs = list(
        Run.objects.filter(playbook=playbook, started_on__lte=as_of - HORIZONS[0] * DAY)
        .order_by("-started_on", "pk")
        .values_list("customer", "started_on", "standing")
    )
    days = sorted({day for _customer, day, _standing in runs}, reverse=True)[:MOST_DAYS]
    ever = {customer for customer, _day, _standing in runs}
    got, control, others = _seen(runs, days, ever)
    lot = len(control) >= FEWEST_CONTROLS
    figures = [_figure(name, horizon, got, control if lot else others, lot) for name, horizon in _WANTED]
    return {
        "by": "lot" if lot else "matching",
        "got": len(got),
        "held_back": len(control),
        "figures": figures,
    }


_WANTED = (*(("score", horizon) for horizon in HORIZONS), ("retention", LAST), ("nrr", LAST))


def _seen(
    runs: Iterable[tuple[int, dt.date, str]], days: list[dt.date], ever: set[int]
) -> tuple[list[Seen], list[Seen], list[Seen]]:
    by_day: dict[dt.date, dict[int, str]] = defaultdict(dict)
    for customer, day, standing in runs:
        by_day[day][customer] = standing
    got: list[Seen] = []
    control: list[Seen] = []
    others: list[Seen] = []
    for day in days:
        started = by_day[day]
        there = _on(day, started, ever)
        for customer, one in there.items():
            if customer not in started:
                others.append(one)
            elif started[customer] == Run.Standing.CONTROL:
                control.append(one)
            else:
                got.append(one)
    return got, control, others


def _on(day: dt.date, started: Mapping[int, str], ever: set[int]) -> dict[int, Seen]:
    """Return the customers of a start day: those of the runs, and others of their cells; a fixed number of queries."""
    eve = day - DAY
    rows = CustomerDay.objects.filter(day=eve, mrr_cents__gt=0).order_by()
    mine = list(
        rows.filter(customer__in=list(started)).values_list("customer", "segment", "stage", "mrr_cents")
    )
    cells = {(segment, stage) for _key, segment, stage, _mrr in mine}
    elsewhere = [
        row
        for segment, stage in sorted(cells)
        for row in rows.filter(segment=segment, stage=stage)
        .exclude(customer__in=ever)
        .order_by("customer")
        .values_list("customer", "segment", "stage", "mrr_cents")[:MOST_OTHERS]
    ]
    wanted = {row[0]: row for row in (*mine, *elsewhere)}
    keys = list(wanted)
    horizons = [day + (horizon - 1) * DAY for horizon in HORIZONS]
    scores = _by_day(
        HealthDay.objects.filter(customer__in=keys, day__in=[eve, *horizons], score__isnull=False)
        .order_by()
        .values_list("customer", "day", "score")
    )
    mrr = _by_day(
        CustomerDay.objects.filter(customer__in=keys, day__in=horizons)
        .order_by()
        .values_list("customer", "day", "mrr_cents")
    )
    begun = dict(Customer.objects.filter(pk__in=keys).order_by().values_list("pk", "started_on"))
    return {
        key: Seen(
            cell=f"{segment}/{stage}",
            score=scores[key, eve] / 100,
            tenure=_tenure(begun.get(key), day),
            mrr_cents=cents,
            scores={h: _hundredth(scores.get((key, day + (h - 1) * DAY))) for h in HORIZONS},
            mrr_after={h: mrr.get((key, day + (h - 1) * DAY)) for h in HORIZONS},
        )
        for key, segment, stage, cents in wanted.values()
        if (key, eve) in scores
    }


def _tenure(begun: dt.date | None, day: dt.date) -> float:
    return 0.0 if begun is None else float((day - begun).days)


def _by_day(rows: Iterable[tuple[int, dt.date, int | None]]) -> dict[tuple[int, dt.date], int]:
    return {(customer, day): value for customer, day, value in rows if value is not None}


def _hundredth(value: int | None) -> float | None:
    return None if value is None else value / 100


def _figure(name: str, horizon: int, got: list[Seen], others: list[Seen], lot: bool) -> dict[str, Any]:
    from playbooks.plays.effect import by_lot, matched  # numpy is loaded only where something is measured

    mine, theirs = _group(name, horizon, got), _group(name, horizon, others)
    found = None if mine is None or theirs is None else (by_lot if lot else matched)(mine, theirs)
    return {"name": name, "days": horizon, **_told(found, mine, theirs)}


def _told(found: "Effect | None", mine: "Group | None", theirs: "Group | None") -> dict[str, Any]:
    if found is None:
        return {"n": len(mine or ()), "others": len(theirs or ())}
    return {
        "n": found.n,
        "others": found.others,
        "difference": round(found.difference, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "got": round(found.got, 4),
        "compared": round(found.compared, 4),
        "known": found.is_known,
    }


def _group(name: str, horizon: int, seen: list[Seen]) -> "Group | None":
    import numpy as np

    from playbooks.plays.effect import Group

    rows = [(one, _outcome(name, horizon, one)) for one in seen]
    known = [(one, value) for one, value in rows if value is not None]
    if not known:
        return None
    return Group(
        cells=np.array([_number(one.cell) for one, _value in known], dtype=np.int64),
        by=np.array([[one.score, one.tenure, np.log1p(one.mrr_cents / 100)] for one, _value in known]),
        came=np.array([value for _one, value in known], dtype=np.float64),
        weights=np.array([one.mrr_cents / 100 for one, _value in known]) if name == "nrr" else None,
    )


def _outcome(name: str, horizon: int, one: Seen) -> float | None:
    if name == "score":
        return one.scores[horizon]
    after = one.mrr_after[horizon]
    if after is None:
        return None
    return float(after > 0) if name == "retention" else after / one.mrr_cents


def _number(cell: str) -> int:
    """Return a number for a cell of segment and stage, the same in every group."""
    segment, _slash, stage = cell.partition("/")
    segments, stages = ["", *Segment.values], ["", *Stage.values]
    return segments.index(segment) * len(stages) + stages.index(stage)
