"""Fields that name a customer, tags or an attribute."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.forms import DayField
from customers.models import AttributeDefinition, Customer


class CustomerField(forms.CharField):
    """Another customer, named by its ID, its whole name, or both as it is shown; cleaned to the customer or None.

    Set `customers` to those the person may see before the form is used. With script what is typed is looked up at
    `look_up_at` (see `frontend/js/lookup.js`).
    """

    customers: QuerySet[Customer]

    def look_up_at(self, url: str) -> None:
        """Let the browser offer the customers that match what is typed."""
        self.widget.attrs |= {
            "data-lookup": url,
            "data-lookup-list": _("Customers to choose from"),
            "data-lookup-none": _("No customer matches"),
            "data-lookup-some": _("Customers that match: %(n)s"),
            "autocomplete": "off",
        }

    def prepare_value(self, value: Any) -> Any:
        """Show a customer by its name and ID."""
        return named(value) if isinstance(value, Customer) else value

    def clean(self, value: Any) -> Any:
        """Return the customer meant. Raises `ValidationError` when there is none or more than one."""
        text = super().clean(value)
        if not text:
            return None
        exact = self.customers.filter(external_id=text).first() or self._shown(text)
        if exact is not None:
            return exact
        same = list(self.customers.filter(Q(name__iexact=text))[:2])
        if len(same) == 1:
            return same[0]
        if same:
            raise ValidationError(_("Several customers have this name. Write the ID of the one you mean."))
        raise ValidationError(_("There is no customer with this ID or name."))

    def _shown(self, text: str) -> Customer | None:
        """Return the customer whose name and ID stand there together."""
        ids = [text[part.end() : -1] for part in re.finditer(r" \(", text)] if text.endswith(")") else []
        found = self.customers.filter(external_id__in=ids)
        return next((one for one in found if named(one).casefold() == text.casefold()), None)


def named(customer: Customer) -> str:
    """Name a customer so that nobody else is meant: "Vale Verde (c-12)"."""
    return f"{customer.name} ({customer.external_id})"


class TagsField(forms.CharField):
    """Tags separated by commas; cleaned to the list of names."""

    def prepare_value(self, value: Any) -> Any:
        """Show a list with commas."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """Return the names without empty ones."""
        return [part.strip() for part in super().clean(value).split(",") if part.strip()]


def attribute_field(definition: AttributeDefinition) -> forms.Field:
    """Return the form field that fits an attribute's type."""
    kind = AttributeDefinition.Kind
    label = definition.label
    if definition.kind == kind.DATE:
        return DayField(label=label, required=False)
    if definition.kind == kind.BOOL:
        choices = [("", "—"), ("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(label=label, required=False, choices=choices)
    if definition.kind == kind.CHOICE:
        return forms.ChoiceField(
            label=label, required=False, choices=[("", "—"), *((one, one) for one in definition.choices)]
        )
    if definition.kind == kind.NUMBER:
        return forms.DecimalField(label=label, required=False, localize=True)
    return forms.CharField(label=label, required=False, max_length=500)
