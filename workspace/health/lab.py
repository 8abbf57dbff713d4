"""The score lab's form: what healthy means, cell by cell, as it is typed and as it is kept."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.translation import gettext as _

from core import time
from customers.models import Segment, Stage
from metrics.health import cards, configuration, profiles, sources, words
from metrics.health.bands import Edges
from metrics.health.configuration import Configuration
from metrics.health.curve import thousandths
from metrics.models import HealthDay, ScorecardVersion
from metrics.nights import last_finished_day

Definition = dict[str, Any]
COLOURS = 6  # data colours that factors take in turn
EDGE_FIELDS = ("yellow", "green", "known", "margin")  # in hundredths; `days` is in days


@dataclass(frozen=True)
class FactorRow:
    """A factor in the form: what the cell says itself ("" where it inherits) and what holds."""

    key: str
    name: str
    explains: str
    window: int | None
    weight: str
    curve: str
    fresh: str
    holds_weight: str
    holds_curve: str
    holds_fresh: str
    share: float
    points: str
    change: float
    own: bool
    colour: int


def definition_now() -> tuple[Definition, Configuration, ScorecardVersion | None]:
    """Return what is worked on (the draft, else what is in force), what is in force, and the draft if there is one."""
    card = cards.in_force([time.today()])[0]
    draft = cards.draft()
    return (draft or card.version).definition, card.configuration, draft


def rows(
    definition: Definition, cell: str, in_force: Configuration, typed: Mapping[str, str] | None = None
) -> list[FactorRow]:
    """Return the factors of a cell for the form, in the order of the scorecard; `typed` is what a refused form said."""
    card = configuration.configuration(definition)
    segment, stage = profiles.parsed(cell)
    holds, before = card.profile(segment, stage), in_force.profile(segment, stage)
    own = definition.get("cells", {}).get(cell, {})
    found = []
    for place, (key, setting) in enumerate(holds.settings.items()):
        said = own.get(key, {})
        source = sources.source(key)
        weight_before = before.settings[key].weight if key in before.settings else 0
        found.append(
            FactorRow(
                key=key,
                name=words.name(key),
                explains=str(source.explains),
                window=source.window,
                weight=_said(typed, f"w:{key}", _hundredths(said["weight"]) if "weight" in said else ""),
                curve=_said(typed, f"c:{key}", curve_text(said["curve"]) if "curve" in said else ""),
                fresh=_said(typed, f"f:{key}", str(said["fresh_for"] or "") if "fresh_for" in said else ""),
                holds_weight=_hundredths(setting.weight),
                holds_curve=curve_text(setting.curve.points),
                holds_fresh=str(setting.fresh_for or ""),
                share=setting.weight / holds.all_weight,
                points=plot(setting.curve.points),
                change=(setting.weight - weight_before) / 100,
                own=bool(said),
                colour=place % COLOURS + 1,
            )
        )
    return found


def read(definition: Definition, cell: str, sent: Mapping[str, str]) -> Definition:
    """Return the definition with what a form says of a cell. Raises `ValidationError` naming the factor.

    An empty field of a cell other than the default inherits; in the default an empty weight is 0.
    """
    changed: Definition = json.loads(json.dumps(definition))
    cells = changed.setdefault("cells", {})
    own: dict[str, Any] = {}
    for key in changed["factors"]:
        said: dict[str, Any] = {}
        name = words.name(key)
        if text := sent.get(f"w:{key}", "").strip():
            said["weight"] = _number(text, name, 100)
        if text := sent.get(f"c:{key}", "").strip():
            said["curve"] = curve_points(text, name)
        if f"f:{key}" in sent and (text := sent[f"f:{key}"].strip()):
            said["fresh_for"] = _number(text, name, 1)
        if cell == profiles.DEFAULT:
            before = cells.get(cell, {}).get(key, {})
            said = {"weight": 0, "curve": before.get("curve"), "fresh_for": None} | said
        if said:
            own[key] = said
    cells[cell] = own
    edges = {
        name: _number(sent[name], _("Thresholds"), 100) for name in EDGE_FIELDS if sent.get(name, "").strip()
    }
    if sent.get("days", "").strip():
        edges["days"] = _number(sent["days"], _("Thresholds"), 1)
    changed.setdefault("edges", {})[cell] = edges
    configuration.configuration(changed)
    return changed


def with_factor(definition: Definition, key: str) -> Definition:
    """Return the definition with one more factor, at no weight in no profile until it is given one."""
    source = sources.source(key)
    if key in definition["factors"]:
        raise ValidationError(_("“%(factor)s” is a factor already.") % {"factor": words.name(key)})
    changed: Definition = json.loads(json.dumps(definition))
    changed["factors"].append(key)
    changed["cells"].setdefault(profiles.DEFAULT, {})[key] = source.setting(10)
    return changed


def without_factor(definition: Definition, key: str) -> Definition:
    """Return the definition without a factor, in all cells."""
    changed: Definition = json.loads(json.dumps(definition))
    changed["factors"] = [one for one in changed["factors"] if one != key]
    for said in changed["cells"].values():
        said.pop(key, None)
    configuration.configuration(changed)
    return changed


def copied(definition: Definition, source: str, cell: str) -> Definition:
    """Return the definition in which a cell says what another one says, weights, curves and edges.

    The default profile says everything, so it keeps what the other one leaves to it.
    """
    changed: Definition = json.loads(json.dumps(definition))
    for part in ("cells", "edges"):
        of = changed.setdefault(part, {})
        said = json.loads(json.dumps(of.get(source, {})))
        if cell == profiles.DEFAULT and part == "cells":
            said = {key: one | said.get(key, {}) for key, one in of[cell].items()}
        of[cell] = said
    configuration.configuration(changed)
    return changed


def segments_of_sum(rows: Sequence[FactorRow]) -> list[dict[str, Any]]:
    """Return the shares of the weights as stretches of a bar 100 wide, in the order of the rows."""
    found, at = [], 0.0
    for row in rows:
        if row.share:
            found.append({"x": f"{at * 100:.2f}", "width": f"{row.share * 100:.2f}", "colour": row.colour})
        at += row.share
    return found


def grid(definition: Definition) -> list[dict[str, Any]]:
    """Return the profiles as a table: customers of the last night in each cell, and whose settings hold there."""
    day = last_finished_day() or dt.date.min
    counted = (
        HealthDay.objects.filter(day=day).order_by().values_list("segment", "stage").annotate(n=Count("pk"))
    )
    counts = {(segment, stage): n for segment, stage, n in counted}
    named = {name for name, said in definition.get("cells", {}).items() if said} | {
        name for name, said in definition.get("edges", {}).items() if said
    }
    table = []
    for segment, label in [("", _("Every segment")), *Segment.choices]:
        line = []
        for stage, _label in [("", ""), *Stage.choices]:
            cell = profiles.cell(segment, stage)
            count = sum(
                n
                for (a, b), n in counts.items()
                if (not segment or a == segment) and (not stage or b == stage)
            )
            line.append({"cell": cell, "count": count, "own": cell in named and bool(cell)})
        table.append({"label": label, "cells": line})
    return table


def edge_values(
    definition: Definition, cell: str, typed: Mapping[str, str] | None = None
) -> dict[str, dict[str, str]]:
    """Return what the cell says of the bands' edges and what holds there, as the form writes it."""
    own = definition.get("edges", {}).get(cell, {})
    segment, stage = profiles.parsed(cell)
    holds: Edges = configuration.configuration(definition).profile(segment, stage).edges
    found = {}
    for name in (*EDGE_FIELDS, "days"):
        write = str if name == "days" else _hundredths
        stored = write(own[name]) if name in own else ""
        found[name] = {"own": _said(typed, name, stored), "holds": write(getattr(holds, name))}
    return found


def curve_text(points: Sequence[Sequence[int]]) -> str:
    """Write a curve as people type it: "0: 0, 4: 35, 20: 100" (value: score)."""
    return ", ".join(f"{thousandths(x)}: {_hundredths(y)}" for x, y in points)


def curve_points(text: str, name: str) -> list[list[int]]:
    """Read a curve as people type it. Raises `ValidationError` naming the factor."""
    points = []
    for part in filter(None, (one.strip() for one in text.replace(";", ",").split(","))):
        value, sep, score = part.partition(":")
        if not sep:
            raise ValidationError(
                _("%(factor)s: write the curve as points, value: score, such as 0: 0, 20: 100.")
                % {"factor": name}
            )
        points.append([_number(value, name, 1000), _number(score, name, 100)])
    return points


def plot(points: Sequence[Sequence[int]]) -> str:
    """Return a curve as the points of a polyline 100 × 32, its flat ends a tenth of the width."""
    low, high = points[0][0], points[-1][0]
    span = (high - low) or 1
    inner = [(10 + (x - low) / span * 80, 30 - y / 10_000 * 28) for x, y in points]
    drawn = [(0.0, inner[0][1]), *inner, (100.0, inner[-1][1])]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)


def _said(typed: Mapping[str, str] | None, name: str, stored: str) -> str:
    return stored if typed is None else typed.get(name, stored)


def _hundredths(value: int) -> str:
    return f"{value / 100:g}"


def _number(text: str, name: str, scale: int) -> int:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise ValidationError(
            _("%(factor)s: “%(text)s” is no number.") % {"factor": name, "text": text}
        ) from None
    if not number.is_finite() or abs(number) > 10**12:
        raise ValidationError(_("%(factor)s: “%(text)s” is no number.") % {"factor": name, "text": text})
    return int((number * scale).to_integral_value())
