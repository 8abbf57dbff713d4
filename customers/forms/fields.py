"""Fields that name a customer, tags or an attribute."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.forms import DayField
from customers.models import AttributeDefinition, Customer


class CustomerField(forms.CharField):
    """Another customer, named by its ID or its whole name; cleaned to the customer or None.

    Set `customers` to those the person may see before the form is used.
    """

    customers: QuerySet[Customer]

    def prepare_value(self, value: Any) -> Any:
        """Show a customer by its ID."""
        return value.external_id if isinstance(value, Customer) else value

    def clean(self, value: Any) -> Any:
        """Return the customer meant. Raises `ValidationError` when there is none or more than one."""
        text = super().clean(value)
        if not text:
            return None
        exact = self.customers.filter(external_id=text).first()
        if exact is not None:
            return exact
        named = list(self.customers.filter(Q(name__iexact=text))[:2])
        if len(named) == 1:
            return named[0]
        if named:
            raise ValidationError(_("Several customers have this name. Write the ID of the one you mean."))
        raise ValidationError(_("There is no customer with this ID or name."))


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
