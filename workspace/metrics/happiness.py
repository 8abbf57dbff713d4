"""The report behind the customer happiness index: which behaviours it was learned from, and what each weighs."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from core import formats
from metrics import chi
from metrics.behaviours import BREADTH, LEAST, Behaviour, Learned, Limits
from metrics.nights import last_finished_day

SHOWN = 40


@dataclass(frozen=True)
class Line:
    """A behaviour in words; shares in per cent, `weight` in points."""

    name: str
    kind: str
    share: str
    counts: str
    other_share: str
    other_counts: str
    weight: str
    limits: str
    is_evidence: bool


class HappinessPage:
    """The report of a day; it speaks of the whole workspace, in sums only."""

    least = LEAST

    def __init__(self, raw_day: str = "") -> None:
        self.night = last_finished_day()
        self.day = min(_day(raw_day) or self.night, self.night) if self.night else None
        self.learned = chi.learned(self.day) if self.day else Learned()

    @property
    def value(self) -> str:
        """The index, "—" where it is not known."""
        mean = self.learned.mean
        return formats.UNKNOWN if mean is None else formats.number(round(float(mean)))

    @property
    def counting(self) -> list[Line]:
        """The behaviours that weigh, the heaviest first."""
        return [line(one) for one in self.learned.behaviours if one.weight > 0][:SHOWN]

    @property
    def others(self) -> list[Line]:
        """Those that the others show as often or more: they weigh nothing."""
        return [line(one) for one in self.learned.behaviours if not one.weight][:SHOWN]


def line(one: Behaviour) -> Line:
    """Return a behaviour as a row."""
    return Line(
        name=_("Half of the features in its plan, or more") if one.kind == BREADTH else one.name,
        kind=_kinds()[one.kind],
        share=_percent(one.share),
        counts=_counts(one.hits, one.cases, one.share_limits),
        other_share=_percent(one.other_share),
        other_counts=_counts(one.other_hits, one.other_cases, one.other_limits),
        weight=formats.number(float(one.weight) * 100),
        limits=limits(one.limits),
        is_evidence=one.is_evidence,
    )


def limits(found: Limits) -> str:
    """Return the limits of a difference of shares, in points."""
    return "" if found is None else f"{formats.number(found[0] * 100)} … {formats.number(found[1] * 100)}"


def _kinds() -> dict[str, str]:
    return {"event": _("Used in 30 days"), "milestone": _("Milestone reached"), BREADTH: _("Breadth of use")}


def _percent(share: Fraction | None) -> str:
    return formats.UNKNOWN if share is None else formats.percent(float(share))


def _counts(hits: int, cases: int, found: Limits) -> str:
    said = _("%(hits)s of %(cases)s") % {"hits": formats.number(hits), "cases": formats.number(cases)}
    return said if found is None else f"{said} ({formats.percent(found[0])}–{formats.percent(found[1])})"


def _day(raw: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        return None
