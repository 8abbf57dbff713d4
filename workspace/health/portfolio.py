"""Health over the portfolio: the mix over time, by segment and stage, who moved and why, and overrides judged."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
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
from metrics.models import HealthDay, Night
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
KEPT_SECONDS = 86_400


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
    """Return how healthy the customers are that this person may see, and which days are compared.

    None before the first night. What takes long, why scores moved, is told by `movement`.
    """
    days = days_asked(raw_first, raw_second)
    if days is None:
        return None
    last: dt.date = days["last"]
    visible = Customer.objects.visible_to(user)
    rows = (
        HealthDay.objects.filter(customer__in=visible)
        if visible.query.has_filters()
        else HealthDay.objects.all()
    )
    return {
        **days,
        "mix": mix(rows.order_by(), last, whole=not visible.query.has_filters()),
        "grid": grid(rows.order_by(), last),
        "accuracy": overrides.accuracy(last, _ids(visible)),
    }


def days_asked(raw_first: str, raw_second: str) -> dict[str, Any] | None:
    """Return which days are compared, and between which they may be chosen; None before the first night."""
    last = last_finished_day()
    if last is None:
        return None
    earliest = HealthDay.objects.aggregate(day=Min("day"))["day"]
    return {"last": last, "earliest": earliest, "days": chosen(raw_first, raw_second, last)}


def movement(user: User, days: Between) -> dict[str, Any]:
    """Return why the scores of the customers that this person may see moved between two days."""
    found = slice_split.moved(days.first, days.second, among=_ids(Customer.objects.visible_to(user)))
    return {
        "compared": len(found.customer),
        "whole": told(slice_split.mean(found)),
        "slices": slices(found) + owners(found, days.second),
        "movers": movers(found),
    }


def mix(rows: QuerySet[HealthDay], last: dt.date, *, whole: bool) -> list[dict[str, Any]]:
    """Return customers by band at the end of the last 12 months and in the last night, the oldest first.

    `whole`: of all customers. A month end is then counted once for as long as its night is not restated.
    """
    ends = [add_months(last.replace(day=1), -n) - dt.timedelta(days=1) for n in range(MONTHS)]
    days = sorted({*ends, last})
    nights = Night.objects.filter(day__in=days).values_list("day", "finished_at", "restated_at")
    names = {
        day: f"healthmix:{day}:{max(filter(None, times), default=last).isoformat()}" for day, *times in nights
    }
    kept = cache.get_many(names.values()) if whole else {}
    counts: dict[dt.date, dict[int, int]] = {day: kept[name] for day, name in names.items() if kept.get(name)}
    missing = [day for day in days if day not in counts]
    for day, band, n in rows.filter(day__in=missing).values_list("day", "band").annotate(n=Count("pk")):
        counts.setdefault(day, {})[band] = n
    if whole:
        fresh = {names[day]: counts[day] for day in missing if day in counts and day in names}
        cache.set_many(fresh, KEPT_SECONDS)
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


def owners(moved: Moved, day: dt.date) -> list[dict[str, Any]]:
    """Return the split of each owner's customers, by name; only where there are several owners."""
    found = slice_split.by_owner(moved, day)
    if len(found) < 2:
        return []
    names = dict(User.objects.filter(pk__in=[key for key in found if key]).values_list("pk", "name"))
    rows = [
        {
            "name": names.get(key, "") if key else _("No owner"),
            "customers": count,
            "total": split.total / 100,
            "causes": [split.causes[cause] / 100 for cause in CAUSES],
        }
        for key, (count, split) in found.items()
    ]
    return sorted(rows, key=lambda row: row["name"])


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


def _ids(visible: QuerySet[Customer]) -> list[int] | None:
    return list(visible.values_list("pk", flat=True)) if visible.query.has_filters() else None


def _day(raw: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        return None
