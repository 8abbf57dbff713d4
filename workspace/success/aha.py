"""The page that compares customers which reached their goals with those that did not."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core import formats
from customers.models import Customer, Segment
from metrics.aha import LEAST, WITHIN, Aha, Compared, Side, afterwards, first_steps
from metrics.nights import last_finished_day
from metrics.slices import NONE, Only


@dataclass(frozen=True)
class Line:
    """A step, or what came after, in words."""

    name: str
    kind: str
    reached: str
    reached_foot: str
    others: str
    others_foot: str
    difference: str
    limits: str
    is_evidence: bool


class AhaPage:
    """The page for one reader."""

    def __init__(self, user: User, params: Any) -> None:
        segment = params.get("segment", "")
        self.segment = segment if segment in (*Segment.values, NONE) else None
        self.night = last_finished_day()
        self.only = Only.of(self.segment, Customer.objects.visible_to(user))
        self.least, self.within = LEAST, WITHIN

    @cached_property
    def aha(self) -> Aha:
        """Both sides and their steps."""
        return Aha(0, 0, 0, ()) if self.night is None else first_steps(self.night, self.only)

    @property
    def steps(self) -> list[Line]:
        """The steps, largest differences first."""
        return [_line(one, one.name, _kinds()[one.kind]) for one in self.aha.steps]

    @property
    def after(self) -> list[Line]:
        """What came within half a year."""
        if self.night is None:
            return []
        names = {
            "stays": _("Still a customer"),
            "more": _("Pays more"),
            "active": _("As many people active, or more"),
        }
        return [_line(one, names[one.name], "") for one in afterwards(self.night, self.only)]

    @property
    def segments(self) -> list[tuple[str, str, bool]]:
        """The segments to choose from."""
        return [
            ("" if key is None else f"segment={key}", str(label), key == self.segment)
            for key, label in ((None, _("All")), *Segment.choices)
        ]


def _kinds() -> dict[str, str]:
    return {"event": _("Feature used"), "milestone": _("Step reached"), "objective": _("Objective reached")}


def _line(one: Compared, name: str, kind: str) -> Line:
    limits = one.limits
    return Line(
        name=name,
        kind=kind,
        reached=formats.percent(one.reached.share),
        reached_foot=_foot(one.reached, days=bool(kind)),
        others=formats.percent(one.others.share),
        others_foot=_foot(one.others, days=bool(kind)),
        difference=_points(one.difference),
        limits="" if limits is None else f"{_points(limits[0])} … {_points(limits[1])}",
        is_evidence=one.is_evidence,
    )


def _points(share: float | None) -> str:
    return formats.UNKNOWN if share is None else formats.number(round(share * 100))


def _foot(side: Side, *, days: bool) -> str:
    """Return the counts, the interval and how soon."""
    said = _("%(hits)s of %(cases)s") % {
        "hits": formats.number(side.hits),
        "cases": formats.number(side.cases),
    }
    if side.limits is not None:
        said += f" ({formats.percent(side.limits[0])}–{formats.percent(side.limits[1])})"
    if days and side.median is not None:
        said += ", " + _("half of them by day %(n)s") % {"n": formats.number(side.median)}
    return said
