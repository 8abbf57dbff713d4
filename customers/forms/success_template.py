"""Forms of a plan's template: its head, and its objectives as rows; an empty row is none."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.forms import FocusedForm
from customers.models import PlanTemplate, Segment
from customers.services.success_template import Asked

SPARE_ROWS = 2


class TemplateForm(FocusedForm):
    """For whom a template is."""

    name = forms.CharField(label=_("Name"), max_length=120)
    segment = forms.ChoiceField(
        label=_("Segment"), required=False, choices=[("", _("Any segment")), *Segment.choices]
    )
    product = forms.CharField(
        label=_("Product"), max_length=120, required=False, help_text=_("Empty: any product.")
    )
    promise = forms.CharField(
        label=_("What is promised"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )

    def __init__(self, *args: Any, template: PlanTemplate | None = None, **kwargs: Any) -> None:
        if template is not None:
            kwargs["initial"] = {name: getattr(template, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)


class ObjectiveRowForm(forms.Form):
    """One objective; without a name there is none."""

    name = forms.CharField(label=_("Objective"), max_length=200, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    baseline = forms.DecimalField(
        label=_("At the start"), max_digits=18, decimal_places=4, required=False, localize=True
    )
    target = forms.DecimalField(
        label=_("Target"), max_digits=18, decimal_places=4, required=False, localize=True
    )
    days = forms.IntegerField(label=_("Due after days"), min_value=1, max_value=3650, required=False)
    weight = forms.DecimalField(
        label=_("Weight"), max_digits=8, decimal_places=2, min_value=0, required=False, localize=True
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what a named objective needs."""
        data = super().clean() or {}
        if data.get("name"):
            for name in ("baseline", "target", "days"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _g("This is needed to tell how far it is."))
        return data

    def asked(self) -> Asked | None:
        """Return the objective of a filled row."""
        data = self.cleaned_data
        if not data.get("name"):
            return None
        weight = 1 if data["weight"] is None else data["weight"]
        return Asked(data["name"], data["unit"], data["baseline"], data["target"], data["days"], weight)


ObjectiveRows = forms.formset_factory(ObjectiveRowForm, extra=SPARE_ROWS, max_num=40)


def rows_of(template: PlanTemplate | None) -> list[dict[str, Any]]:
    """Return a template's objectives as the form's rows."""
    if template is None:
        return []
    names = list(ObjectiveRowForm.base_fields)
    return list(template.objectives.values(*names))


def asked_rows(formset: Any) -> list[Asked]:
    """Return the objectives of the filled rows. Raises ValidationError when a row is not valid."""
    if not formset.is_valid():
        raise ValidationError(_g("Look at the rows marked below."))
    return [one for form in formset if (one := form.asked()) is not None]
