"""Health over the portfolio: the mix over time, by segment and stage, who moved and why, and overrides judged."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from core import formats
from customers.models import Customer, Segment, Stage
from metrics.health import overrides, slice_split, words
from metrics.health.bands import Band
from metrics.health.facts import SEGMENTS, STAGES
from metrics.health.slice_split import Moved
from metrics.health.split import CAUSES, Split
from metrics.models import HealthDay
from metrics.nights import last_finished_day
from metrics.periods import add_months

if TYPE_CHECKING:
    import numpy as np

MONTHS = 12
MOVERS = 8
USUAL = dt.timedelta(days=30)
BANDS = (Band.RED, Band.YELLOW, Band.GREEN, Band.UNKNOWN)
LEAST = 50  # hundredths: less than half a point is no move
REASONS = 2
WIDTH = 100.0


@dataclass(frozen=True)
class Between:
    """The two days that are compared."""

    first: dt.date
    second: dt.date


def chosen(raw_first: str, raw_second: str, last: dt.date) -> Between:
    """Read the two days of an address; what is no stored day becomes the last night and 30 days before it."""
    second = _day(raw_second) or last
    second = min(second, last)
    first = _day(raw_first) or second - USUAL
    return Between(first, second) if first < second else Between(second - USUAL, second)


def overview(user: User, raw_first: str = "", raw_second: str = "") -> dict[str, Any] | None:
    """Return all of the page, of the customers that this person may see; None before the first night."""
    last = last_finished_day()
    if last is None:
        return None
    visible = Customer.objects.visible_to(user)
    days = chosen(raw_first, raw_second, last)
    rows = HealthDay.objects.filter(customer__in=visible).order_by()
    ids = None if _sees_all(visible) else list(visible.values_list("pk", flat=True))
    moved = slice_split.moved(days.first, days.second, among=ids)
    return {
        "last": last,
        "earliest": HealthDay.objects.aggregate(day=Min("day"))["day"],
        "days": days,
        "mix": mix(rows, last),
        "grid": grid(rows, last),
        "compared": len(moved.customer),
        "whole": told(slice_split.mean(moved)),
        "slices": slices(moved),
        "movers": movers(moved),
        "accuracy": overrides.accuracy(last, ids),
    }


def mix(rows: QuerySet[HealthDay], last: dt.date) -> list[dict[str, Any]]:
    """Return customers by band at the end of the last 12 months and in the last night, the oldest first."""
    ends = [add_months(last.replace(day=1), -n) - dt.timedelta(days=1) for n in range(MONTHS)]
    days = sorted({*ends, last})
    counted = rows.filter(day__in=days).values_list("day", "band").annotate(n=Count("pk"))
    counts: dict[dt.date, dict[int, int]] = {}
    for day, band, n in counted:
        counts.setdefault(day, {})[band] = n
    return [_mixed(day, counts[day]) for day in days if day in counts]


def grid(rows: QuerySet[HealthDay], last: dt.date) -> list[dict[str, Any]]:
    """Return the last night's bands and mean scores for every segment × stage, with their sums."""
    counted = (
        rows.filter(day=last)
        .values_list("segment", "stage", "band")
        .annotate(n=Count("pk"), points=Sum("score"), scored=Count("score"))
    )
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for segment, stage, band, n, points, scored in counted:
        for key in {(segment, stage), (segment, "*"), ("*", stage), ("*", "*")}:
            cell = cells.setdefault(key, {"counts": {}, "points": 0, "scored": 0})
            cell["counts"][band] = cell["counts"].get(band, 0) + n
            cell["points"] += points or 0
            cell["scored"] += scored
    names = {"*": _("All"), "": _("None"), **dict(Segment.choices)}
    columns = ["*", *Stage.values, *([""] if ("*", "") in cells else [])]
    lines = ["*", *Segment.values, *([""] if ("", "*") in cells else [])]
    return [
        {"label": names[segment], "cells": [_cell(segment, stage, cells) for stage in columns]}
        for segment in lines
    ]


def columns(found: list[dict[str, Any]]) -> list[str]:
    """Return the headings of the grid's columns."""
    names = {"*": _("Every stage"), "": _("None"), **dict(Stage.choices)}
    return [str(names[cell["stage"]]) for cell in found[0]["cells"]] if found else []


def told(split: Split | None) -> dict[str, Any] | None:
    """Return a split in points, the causes with their largest parts first."""
    if split is None:
        return None
    return {
        "total": split.total / 100,
        "causes": [
            {
                "name": words.cause(key),
                "points": split.causes[key] / 100,
                "parts": [
                    {"name": words.name(factor) if factor else formats.UNKNOWN, "points": part / 100}
                    for factor, part in sorted(split.parts[key].items(), key=lambda item: -abs(item[1]))
                    if part
                ],
            }
            for key in CAUSES
        ],
    }


def slices(moved: Moved) -> list[dict[str, Any]]:
    """Return the split of each segment and each stage."""
    labels = {"segment": dict(Segment.choices), "stage": dict(Stage.choices)}
    return [
        {
            "name": labels[cut].get(name, _("None")),
            "customers": count,
            "total": split.total / 100,
            "causes": [split.causes[key] / 100 for key in CAUSES],
        }
        for cut in ("segment", "stage")
        for name, (count, split) in slice_split.by_slice(moved, cut).items()
    ]


def movers(moved: Moved) -> dict[str, list[dict[str, Any]]]:
    """Return the customers whose score fell and rose the most, with what moved it."""
    import numpy as np

    change = moved.after - moved.before
    order = np.argsort(change, kind="stable")
    down = [n for n in order[:MOVERS] if change[n] <= -LEAST]
    up = [n for n in order[::-1][:MOVERS] if change[n] >= LEAST]
    names = dict(
        Customer.objects.filter(pk__in=moved.customer[[*down, *up]].tolist()).values_list("pk", "name")
    )
    return {"down": [_mover(moved, n, names) for n in down], "up": [_mover(moved, n, names) for n in up]}


def _mover(moved: Moved, n: "np.intp", names: dict[int, str]) -> dict[str, Any]:
    pk = int(moved.customer[n])
    steps = sorted(
        ((float(column[n]), factor) for (_cause, factor), column in moved.parts.items()),
        key=lambda step: -abs(step[0]),
    )
    return {
        "pk": pk,
        "name": names.get(pk, ""),
        "segment": SEGMENTS[int(moved.segment[n])],
        "stage": STAGES[int(moved.stage[n])],
        "before": int(moved.before[n]) / 100,
        "after": int(moved.after[n]) / 100,
        "change": int(moved.after[n] - moved.before[n]) / 100,
        "reasons": [
            {"name": words.name(factor), "points": round(part) / 100}
            for part, factor in steps[:REASONS]
            if abs(part) >= LEAST
        ],
    }


def _cell(segment: str, stage: str, cells: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    found = cells.get((segment, stage), {"counts": {}, "points": 0, "scored": 0})
    mean = found["points"] / found["scored"] / 100 if found["scored"] else None
    return {"stage": stage, "mean": mean, **_mixed(None, found["counts"])}


def _mixed(day: dt.date | None, counts: dict[int, int]) -> dict[str, Any]:
    """Return counts by band, and the stretches of a bar 100 wide."""
    total = sum(counts.values())
    stretches, at = [], 0.0
    for band in BANDS:
        width = counts.get(band, 0) / total * WIDTH if total else 0.0
        if width:
            stretches.append({"band": band.key, "x": f"{at:.2f}", "width": f"{width:.2f}"})
        at += width
    return {
        "day": day,
        "total": total,
        "stretches": stretches,
        "bands": [
            {
                "band": band.key,
                "n": counts.get(band, 0),
                "share": counts.get(band, 0) / total if total else None,
            }
            for band in BANDS
        ],
    }


def _sees_all(visible: QuerySet[Customer]) -> bool:
    return not visible.query.has_filters()


def _day(raw: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        return None
