"""The form of the working hours: two spans a weekday, country, state, optional holidays, days off with names."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.forms import set_choices
from core import time
from core.days_off import PRESELECTED, countries, optional_holidays, subdivisions
from core.forms import DayField
from core.working import Hours
from customers.working import Working

SPANS = ("", "_2")
SPARE_DAYS = 3


class LenientChoices(forms.MultipleChoiceField):
    """Choices of which those that are not offered (any more) are dropped, such as another country's holidays."""

    def clean(self, value: Any) -> list[str]:
        """Return the chosen ones that are offered."""
        return [one for one in super().to_python(value) if self.valid_value(one)]


class WorkingForm(forms.Form):
    """When the team works. `chosen_country`: the country whose states and holidays are offered."""

    is_set = forms.BooleanField(label=_("Count in these working hours"), required=False)
    country = forms.ChoiceField(label=_("Holidays of"), required=False)
    subdivision = forms.ChoiceField(label=_("State"), required=False)
    optional = LenientChoices(
        label=_("Optional holidays that are kept"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Mapping[str, Any] | None, saved: Working) -> None:
        super().__init__(data, initial=_initial(saved))
        for n in range(7):
            for span in SPANS:
                for end in ("from", "to"):
                    self.fields[f"{end}{n}{span}"] = forms.TimeField(
                        required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
                    )
        asked = saved.country if data is None else data.get("country", "")
        offered = countries()
        self.chosen_country = asked if asked in dict(offered) else ""
        set_choices(self.fields["country"], [("", _g("No holidays")), *offered])
        states = subdivisions(self.chosen_country) if self.chosen_country else []
        set_choices(self.fields["subdivision"], [("", _g("None, national holidays only")), *states])
        self.fields["subdivision"].disabled = not states
        known = optional_holidays(self.chosen_country, "", time.today().year) if self.chosen_country else []
        set_choices(self.fields["optional"], known)

    @property
    def days(self) -> list[dict[str, Any]]:
        """The rows of the week: name and its four fields, with what is wrong in them."""
        rows = []
        for n, name in WEEKDAYS.items():
            bound = [self[f"{end}{n}{span}"] for span in SPANS for end in ("from", "to")]
            errors = [error for field in bound for error in field.errors]
            rows.append({"name": name, "fields": bound, "errors": errors})
        return rows

    def clean(self) -> dict[str, Any]:
        """Ask for the other end of a span that has one only."""
        data = super().clean() or {}
        for n in range(7):
            for span in SPANS:
                start, end = data.get(f"from{n}{span}"), data.get(f"to{n}{span}")
                if (start is None) != (end is None):
                    missing = f"to{n}{span}" if end is None else f"from{n}{span}"
                    self.add_error(missing, _g("Give both times, or neither."))
        return data

    def clean_subdivision(self) -> str:
        """Drop the state of another country."""
        return str(self.cleaned_data["subdivision"]) if self.chosen_country else ""

    def working(self, own: Mapping[dt.date, str]) -> Working:
        """Return what a valid form says, with the days off."""
        data = self.cleaned_data
        return Working(
            is_set=data["is_set"],
            hours=tuple(self._hours(n) for n in range(7)),
            country=data["country"],
            subdivision=data["subdivision"],
            optional=tuple(data["optional"]),
            own=own,
        )

    def _hours(self, n: int) -> Hours:
        data = self.cleaned_data
        spans = ((data[f"from{n}{span}"], data[f"to{n}{span}"]) for span in SPANS)
        return tuple((start, end) for start, end in spans if start is not None and end is not None)


class DayOffForm(forms.Form):
    """A day off with its name; an empty row is none."""

    day = DayField(label=_("Day"), required=False)
    name = forms.CharField(label=_("Name"), required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        """Ask for both or neither."""
        data = super().clean() or {}
        if data.get("day") and not data.get("name"):
            self.add_error("name", _g("Say what this day is."))
        if data.get("name") and not data.get("day") and "day" not in self.errors:
            self.add_error("day", _g("Say which day that is, or empty the name."))
        return data


DayOffRows = forms.formset_factory(DayOffForm, extra=SPARE_DAYS, max_num=400)


def rows_of(saved: Working) -> list[dict[str, Any]]:
    """Return the days off as the form's rows, in order."""
    return [{"day": day, "name": saved.own[day]} for day in sorted(saved.own)]


def own_days(formset: Any) -> dict[dt.date, str]:
    """Return the days off of the filled rows. Raises ValidationError when a row is not valid or a day comes twice."""
    if not formset.is_valid():
        raise ValidationError(_g("Look at the rows marked below."))
    filled = [(form.cleaned_data.get("day"), form.cleaned_data.get("name")) for form in formset]
    pairs = [(day, name) for day, name in filled if day and name]
    if len(dict(pairs)) < len(pairs):
        raise ValidationError(_g("A day off stands here twice; keep one of them."))
    return dict(pairs)


def of_country(data: QueryDict) -> QueryDict:
    """Return posted data with what is proposed for the country just chosen: no state, its usual optional holidays."""
    fresh = data.copy()
    fresh["subdivision"] = ""
    fresh.setlist("optional", list(PRESELECTED.get(data.get("country", ""), ())))
    return fresh


def _initial(saved: Working) -> dict[str, Any]:
    values: dict[str, Any] = {
        "is_set": saved.is_set,
        "country": saved.country,
        "subdivision": saved.subdivision,
        "optional": list(saved.optional),
    }
    for n, hours in enumerate(saved.hours):
        for span, (start, end) in zip(SPANS, hours, strict=False):
            values |= {f"from{n}{span}": start, f"to{n}{span}": end}
    return values
