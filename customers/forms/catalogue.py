"""Attributes, tags, costs and products as an admin types them."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.forms import FocusedForm, MoneyField
from customers.models import AcquisitionCost, AttributeDefinition


class ChoicesField(forms.CharField):
    """Choices, one per line; cleaned to the list without repetitions."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the lines that are not empty, each once."""
        return list(dict.fromkeys(line.strip() for line in super().clean(value).splitlines() if line.strip()))


class AttributeForm(FocusedForm):
    """What may be changed of an attribute once it exists."""

    label = forms.CharField(label=_("Name"), max_length=80)
    choices = ChoicesField(
        label=_("Choices"), required=False, help_text=_("One per line; only for the type “Choice”.")
    )
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=1000, initial=0, help_text=_("Lower ones stand first.")
    )


class AttributeNewForm(AttributeForm):
    """A new attribute."""

    kind = forms.ChoiceField(label=_("Type"), choices=AttributeDefinition.Kind.choices)
    key = forms.SlugField(
        label=_("Key"),
        max_length=40,
        required=False,
        help_text=_("Files name the column attr:KEY. Leave it empty and one is made of the name."),
    )
    field_order = ("label", "kind", "choices", "key", "position")


class TagForm(FocusedForm):
    """A tag's name."""

    name = forms.CharField(label=_("Name"), max_length=60)


class MonthField(forms.CharField):
    """A month, YYYY-MM; cleaned to its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-01"})

    def prepare_value(self, value: Any) -> Any:
        """Show a day as its month."""
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> Any:
        """Return the month's first day."""
        text = super().clean(value)
        if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", text):
            raise ValidationError(_g("Write the month like 2026-01."))
        return dt.date(int(text[:4]), int(text[5:]), 1)


COST_CATEGORIES = [
    (AcquisitionCost.Category.SALES, _("Sales")),
    (AcquisitionCost.Category.MARKETING, _("Marketing")),
]


class CostForm(FocusedForm):
    """What winning customers cost in a month."""

    month = MonthField(label=_("Month"))
    category = forms.ChoiceField(label=_("Category"), choices=COST_CATEGORIES)
    amount_cents = MoneyField(label=_("Amount"))


class ProductForm(FocusedForm):
    """A feature of a product's plan, and the usage event that shows it."""

    product = forms.CharField(label=_("Product"), max_length=120)
    plan = forms.CharField(label=_("Plan"), max_length=120, required=False)
    feature = forms.CharField(label=_("Feature"), max_length=120)
    event = forms.CharField(
        label=_("Usage event"),
        max_length=120,
        required=False,
        help_text=_("Which event shows that it is used."),
    )
    price_cents = MoneyField(label=_("Price per month"), required=False)
