"""What a version of the scorecard says, from the plain data it is stored as, and back.

    {"factors": [KEY, …],                                  in the order of the page
     "cells": {"": {KEY: {"weight": 2000, "curve": [[0, 0], [20000, 10000]], "fresh_for": 30}},
               "segment=mid": {KEY: {"weight": 500}}},     what is not said is inherited
     "edges": {"": {"yellow": 4000, "green": 7000, "known": 5000, "margin": 200, "days": 3}}}

Weights, scores and coverage in hundredths, raw values in thousandths, `fresh_for` in days (null: never grows old).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from metrics.health import bands, profiles
from metrics.health.bands import Edges
from metrics.health.curve import curve
from metrics.health.profiles import DEFAULT, Profile, Setting

HEAVIEST = 100_000  # hundredths: a weight of 1 000
LONGEST_FRESH = 1095
MOST_FACTORS = 40


@dataclass(frozen=True, eq=False)
class Configuration:
    """A checked scorecard: `factors` in order, and what each cell says of them and of the bands' edges."""

    factors: tuple[str, ...]
    cells: Mapping[str, Mapping[str, Mapping[str, Any]]]
    edges: Mapping[str, Mapping[str, int]]
    _resolved: dict[tuple[str, str], Profile] = field(default_factory=dict, repr=False)

    def profile(self, segment: str, stage: str) -> Profile:
        """Return all settings of a customer of this segment and stage ("" where it has none)."""
        if (segment, stage) not in self._resolved:
            self._resolved[segment, stage] = _profile(self, segment, stage)
        return self._resolved[segment, stage]

    @property
    def named_cells(self) -> set[str]:
        """Return the cells that say something of their own."""
        return {name for name, said in self.cells.items() if said} | {
            name for name, said in self.edges.items() if said
        }


def _profile(configuration: Configuration, segment: str, stage: str) -> Profile:
    settings = {}
    for factor in configuration.factors:
        said = profiles.inherited(
            {name: of.get(factor, {}) for name, of in configuration.cells.items()}, segment, stage
        )
        settings[factor] = Setting(said["weight"], curve(said["curve"]), said["fresh_for"])
    edges = profiles.inherited(configuration.edges, segment, stage)
    name = profiles.applying(segment, stage, configuration.named_cells)
    return Profile(name, settings, Edges(**edges))


def configuration(definition: Mapping[str, Any]) -> Configuration:
    """Return the scorecard that plain data says.

    Raises `ValidationError` with the reason: a factor named twice, without a default, with a weight below 0, a curve
    that is none, edges in the wrong order, or a profile whose weights sum to 0.
    """
    factors = tuple(str(key) for key in definition.get("factors", ()))
    if not factors or len(factors) > MOST_FACTORS:
        raise ValidationError(_("A scorecard has 1 to %(most)d factors.") % {"most": MOST_FACTORS})
    if len(set(factors)) < len(factors):
        raise ValidationError(_("A factor is named twice; keep one of them."))
    cells = {name: dict(said) for name, said in definition.get("cells", {}).items()}
    edges = {name: dict(said) for name, said in definition.get("edges", {}).items()}
    edges[DEFAULT] = asdict(Edges()) | edges.get(DEFAULT, {})
    _check_cells(factors, cells, edges)
    for factor in factors:
        if set(cells.get(DEFAULT, {}).get(factor, {})) != {"weight", "curve", "fresh_for"}:
            raise ValidationError(
                _("The default profile says no weight, curve and freshness for “%(factor)s”.")
                % {"factor": factor}
            )
    result = Configuration(factors, cells, edges)
    for segment, stage in _combinations(result):
        profile = result.profile(segment, stage)
        bands.check(profile.edges)
        if profile.all_weight <= 0:
            raise ValidationError(
                _("The weights of the profile “%(profile)s” sum to 0. Give at least one factor a weight.")
                % {"profile": profile.name or "default"}
            )
    return result


def plain(source: Configuration) -> dict[str, Any]:
    """Return the data that `configuration` reads."""
    return {
        "factors": list(source.factors),
        "cells": {name: {key: dict(one) for key, one in said.items()} for name, said in source.cells.items()},
        "edges": {name: dict(said) for name, said in source.edges.items()},
    }


def _check_cells(factors: tuple[str, ...], cells: Mapping[str, Any], edges: Mapping[str, Any]) -> None:
    names = set(asdict(Edges()))
    for name in [*cells, *edges]:
        try:
            profiles.parsed(name)
        except ValueError:
            raise ValidationError(_("“%(name)s” names no profile.") % {"name": name}) from None
    for said in edges.values():
        if not set(said) <= names or not all(type(value) is int for value in said.values()):
            raise ValidationError(_("The edges of the bands are whole hundredths and days."))
    for said in cells.values():
        for factor, one in said.items():
            if factor not in factors:
                raise ValidationError(
                    _("“%(factor)s” is not a factor of this scorecard.") % {"factor": factor}
                )
            _check_setting(one)


def _check_setting(said: Mapping[str, Any]) -> None:
    if not set(said) <= {"weight", "curve", "fresh_for"}:
        raise ValidationError(_("A factor has a weight, a curve and a freshness, and nothing else."))
    weight = said.get("weight", 0)
    if type(weight) is not int or not 0 <= weight <= HEAVIEST:
        raise ValidationError(_("A weight must lie between 0 and 1000."))
    fresh_for = said.get("fresh_for")
    if fresh_for is not None and not (type(fresh_for) is int and 1 <= fresh_for <= LONGEST_FRESH):
        raise ValidationError(_("A value may stay fresh for 1 to %(most)d days.") % {"most": LONGEST_FRESH})
    if "curve" in said:
        curve(said["curve"])


def _combinations(source: Configuration) -> set[tuple[str, str]]:
    """Return every segment and stage that the cells name, combined, and none."""
    named = [profiles.parsed(name) for name in source.named_cells]
    segments = {segment for segment, _stage in named} | {""}
    stages = {stage for _segment, stage in named} | {""}
    return {(segment, stage) for segment in segments for stage in stages}
