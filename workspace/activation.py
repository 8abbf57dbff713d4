"""The form of the activation page: what a segment, or everybody, is asked for, in rows; an empty row asks nothing."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import formats
from core.forms import DayField
from metrics.behaviours import Behaviour
from metrics.first_weeks import HORIZON, activation_minimum
from metrics.minimum import LEAST, Minimum
from metrics.minimum import Asked as FirstWeeks
from metrics.models import ActivationCriteria, ActivationItem
from metrics.nights import last_finished_day
from metrics.services.activation import Asked, asked_by

SPARE_ROWS = 2
LONGEST_DAYS = 3650


class AskedForm(forms.Form):
    """One criterion; without a name there is none."""

    kind = forms.ChoiceField(label=_("What"), choices=ActivationItem.Kind.choices)
    name = forms.CharField(
        label=_("Event or milestone"),
        required=False,
        max_length=120,
        help_text=_("Its name as your systems send it. Empty the field to take the criterion away."),
    )
    times = forms.IntegerField(label=_("Times"), required=False, min_value=1, max_value=1_000_000, initial=1)
    within_days = forms.IntegerField(
        label=_("Within days of the start"), required=False, min_value=1, max_value=LONGEST_DAYS
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the days of a named criterion, and for a name where days are given in a spare row."""
        data = super().clean() or {}
        if data.get("name") and not data.get("within_days") and "within_days" not in self.errors:
            self.add_error("within_days", _g("Say within how many days of the start it counts."))
        if "name" in data and not data["name"] and data.get("within_days") and self.empty_permitted:
            self.add_error("name", _g("Name the event or milestone, or leave the row empty."))
        return data

    def asked(self) -> Asked | None:
        """Return the criterion of a filled row."""
        data = self.cleaned_data
        if not data.get("name"):
            return None
        return Asked(data["kind"], data["name"], data.get("times") or 1, data["within_days"])


class AppliesForm(forms.Form):
    """For whom the new version holds."""

    applies_from = DayField(
        label=_("For customers that started from"),
        required=False,
        help_text=_("Left empty it holds for all customers, also for those that started long ago."),
    )


AskedRows = forms.formset_factory(AskedForm, extra=SPARE_ROWS, max_num=30)


def initial(current: ActivationCriteria | None) -> list[dict[str, Any]]:
    """Return what the newest version asks for as the form's rows."""
    return [vars(one).copy() for one in (asked_by(current) if current else [])]


@dataclass(frozen=True)
class Line:
    """A thing done in the first weeks, in words, with who of both sides did it."""

    name: str
    told: str
    stayed: str
    left: str
    difference: str
    is_evidence: bool


class MinimumPage:
    """What best tells who stays, for a segment or everybody, as a proposal for the criteria."""

    def __init__(self, segment: str = "") -> None:
        self.segment = segment
        self.night = last_finished_day()
        self.found = activation_minimum(self.night, segment) if self.night else Minimum()
        self.least, self.horizon = LEAST, HORIZON

    @property
    def asked(self) -> list[str]:
        """What is proposed, in words."""
        return [words(one) for one in self.found.asked]

    @property
    def tried(self) -> Line | None:
        """How the proposal tells customers apart that it was not chosen from."""
        return None if self.found.tried is None else line("", "", self.found.tried)

    @property
    def best(self) -> list[Line]:
        """Things by themselves, those that tell best first."""
        return [line(one.name, words(one), told) for one, told in self.found.best]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The proposal as rows of the form."""
        return [
            {"kind": one.kind, "name": one.name, "times": one.times, "within_days": one.within}
            for one in self.found.asked
        ]


def words(one: FirstWeeks) -> str:
    """Return a thing in words: "report × 3 within 14 days"."""
    times = f" × {formats.number(one.times)}" if one.times > 1 else ""
    return ngettext(
        "%(name)s%(times)s within %(n)d day", "%(name)s%(times)s within %(n)d days", one.within
    ) % {"name": one.name, "times": times, "n": one.within}


def line(name: str, told: str, found: Behaviour) -> Line:
    """Return how a thing tells who stayed from who left."""
    low, high = found.limits or (0.0, 0.0)
    difference = float((found.share or 0) - (found.other_share or 0))
    return Line(
        name=name,
        told=told,
        stayed=_counted(found.hits, found.cases),
        left=_counted(found.other_hits, found.other_cases),
        difference=_g("%(points)s points (%(low)s … %(high)s)")
        % {
            name: formats.number(value * 100)
            for name, value in (("points", difference), ("low", low), ("high", high))
        },
        is_evidence=found.is_evidence and found.other_cases >= LEAST,
    )


def _counted(hits: int, cases: int) -> str:
    share = formats.percent(hits / cases) if cases else formats.UNKNOWN
    return _g("%(share)s, %(hits)s of %(cases)s") % {
        "share": share,
        "hits": formats.number(hits),
        "cases": formats.number(cases),
    }


def asked_rows(formset: Any) -> list[Asked]:
    """Return what the filled rows of a valid form ask for. Raises ValidationError when a row is not valid."""
    if not formset.is_valid():
        raise ValidationError(_g("Look at the rows marked below."))
    return [one for form in formset if (one := form.asked()) is not None]
