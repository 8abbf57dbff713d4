"""The form of the activation page: what a segment, or everybody, is asked for, in rows; an empty row asks nothing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.forms import DayField
from metrics.models import ActivationCriteria, ActivationItem
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


def asked_rows(formset: Any) -> list[Asked]:
    """Return what the filled rows of a valid form ask for. Raises ValidationError when a row is not valid."""
    if not formset.is_valid():
        raise ValidationError(_g("Look at the rows marked below."))
    return [one for form in formset if (one := form.asked()) is not None]
