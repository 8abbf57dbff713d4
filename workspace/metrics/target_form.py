"""The form of a target: a figure's value as people write it, the slice it is for, the day it is due."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from core import formats
from core.forms import DayField, FocusedForm, MoneyField
from core.money import from_cents, to_cents
from customers.models import Product, Segment, Stage, Tag
from metrics.models import Target
from metrics.registry import Figure, Unit
from metrics.slices import NONE
from workspace.metrics import words

HUNDRED = Decimal(100)
Choices = list[tuple[str, str | Promise]]

WRITTEN_IN: dict[Unit, Any] = {
    Unit.RATE: _("In per cent: 105 for 105%."),
    Unit.POINTS: _("In points, from −100 to 100."),
    Unit.SCORE: _("On the scale of the survey."),
    Unit.HOURS: _("In hours."),
    Unit.DAYS: _("In days."),
    Unit.COUNT: _("A number."),
    Unit.RATIO: _("A number."),
}


class TargetForm(FocusedForm):
    """What a figure should be. Values are typed in the figure's unit: money as money, shares in per cent."""

    def __init__(
        self,
        data: Any = None,
        *,
        figure: Figure,
        today: dt.date,
        target: Target | None = None,
        slice_: str = "",
    ) -> None:
        self.figure = figure
        super().__init__(data, initial=self._initial(target, slice_))
        self.fields["slice"] = forms.ChoiceField(
            label=_("For"), required=False, choices=slices_of(figure, str(self.initial["slice"]))
        )
        if not figure.cuts:
            self.fields["slice"].widget = forms.HiddenInput()
        self.fields["value"] = self._number(pgettext_lazy("of a figure", "Should be"), required=True)
        self.fields["due_on"] = DayField(label=_("By"))
        self.fields["due_on"].widget.attrs["min"] = (today + dt.timedelta(days=1)).isoformat()
        self.fields["baseline"] = self._number(_("Baseline"), required=False)
        self.fields["baseline"].help_text = _(
            "Where the figure stands at the start. Left empty it is the figure as of the last finished night."
        )

    def _number(self, label: Any, *, required: bool) -> forms.Field:
        hint = WRITTEN_IN.get(self.figure.unit, "")
        if self.figure.unit is Unit.MONEY:
            return MoneyField(label=label, required=required, help_text=f"{settings.CURRENCY}")
        field = forms.DecimalField(
            label=label, required=required, help_text=hint, localize=True, max_digits=20, decimal_places=6
        )
        field.widget.attrs |= {"inputmode": "decimal", "class": "num"}
        return field

    def _initial(self, target: Target | None, slice_: str) -> dict[str, Any]:
        if target is None:
            return {"slice": slice_}
        return {
            "slice": target.slice,
            "due_on": target.due_on,
            "value": self._shown(target.value),
            "baseline": self._shown(target.baseline),
        }

    def _shown(self, value: Decimal | None) -> Any:
        if value is None:
            return None
        if self.figure.unit is Unit.MONEY:
            return to_cents(value)
        plain = value * HUNDRED if self.figure.unit is Unit.RATE else value
        return plain.quantize(Decimal(1)) if plain == plain.to_integral() else plain.normalize()

    def _held(self, typed: Any) -> Decimal | None:
        if typed is None:
            return None
        if self.figure.unit is Unit.MONEY:
            return from_cents(typed)
        return Decimal(typed) / HUNDRED if self.figure.unit is Unit.RATE else Decimal(typed)

    def clean(self) -> dict[str, Any]:
        """Return the values as a target holds them: money in whole units, a rate as a share."""
        data = super().clean() or {}
        return {
            name: self._held(value) if name in ("value", "baseline") else value
            for name, value in data.items()
        }


def slices_of(figure: Figure, chosen: str = "") -> list[Any]:
    """Return the slices a figure can have a target for, grouped; `chosen` is among them even if it is gone."""
    groups: list[tuple[str, Choices]] = []
    for by in figure.cuts:
        parts = [(f"{by}={key}", name) for key, name in _parts(by)]
        if parts:
            groups.append((words.cut(by), parts))
    known = {value for _name, parts in groups for value, _label in parts}
    more: Choices = [(chosen, chosen)] if chosen and chosen not in known else []
    return [("", _("All customers")), *more, *groups]


def _parts(by: str) -> list[tuple[str, Any]]:
    none = (NONE, words.part_name(NONE, {}))
    fixed: dict[str, list[tuple[str, Any]]] = {
        "segment": [*Segment.choices, none],
        "stage": [*Stage.choices, none],
        "driver": list(words.drivers().items()),
        "member": [],  # nobody sets a target for a team member
    }
    if by in fixed:
        return fixed[by]
    if by == "owner":
        people = User.objects.filter(is_active=True).order_by("name").values_list("email", "name")
        return [*((mail, name or mail) for mail, name in people), none]
    if by == "tag":
        return [(name, name) for name in Tag.objects.order_by("name").values_list("name", flat=True)]
    names = Product.objects.order_by("product").values_list("product", flat=True).distinct()
    return [(name, name) for name in names]


def slice_name(slice_: str, people: dict[str, str]) -> str:
    """Return a slice as people say it; `people` are names by e-mail."""
    by, _equals, part = slice_.partition("=")
    if not part:
        return str(_("All customers"))
    names = {**dict(Segment.choices), **dict(Stage.choices)} if by in ("segment", "stage") else people
    return f"{words.cut(by)}: {words.part_name(part, {key: str(name) for key, name in names.items()})}"


def written(value: Decimal | None, figure: Figure) -> str:
    """Return a target's value as people read it; "—" when it is not known."""
    if value is None:
        return formats.UNKNOWN
    return words.value(to_cents(value) if figure.unit is Unit.MONEY else float(value), figure.unit)
