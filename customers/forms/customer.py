"""What people type about a customer itself."""

import json
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import time
from core.forms import DayField, FocusedForm
from customers.forms.fields import CustomerField, TagsField, attribute_field
from customers.models import AttributeDefinition, Customer, Segment, Stage
from customers.services.customer import LINK_FIELDS, OWNER_FIELDS
from customers.services.owners import assignable_people

ATTRIBUTE = "attr_"


class CustomerForm(FocusedForm):
    """The fields of a customer, its owners, links, tags and attributes."""

    name = forms.CharField(label=_("Name"), max_length=200)
    tax_id = forms.CharField(
        label=_("Tax ID"), max_length=32, required=False, help_text=_("CNPJ for Brazilian companies.")
    )
    domain = forms.CharField(label=_("Domain"), max_length=200, required=False)
    industry = forms.CharField(label=_("Industry"), max_length=120, required=False)
    started_on = DayField(label=_("Customer since"), required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    region = forms.CharField(label=_("State or region"), max_length=60, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    locale = forms.CharField(
        label=_("Language"), max_length=16, required=False, help_text=_("Such as pt-BR or en.")
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False, empty_label="—")
    onboarding_owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner for onboarding"), required=False, empty_label="—"
    )
    commercial_owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Commercial owner"), required=False, empty_label="—"
    )
    tags = TagsField(label=_("Tags"), required=False, help_text=_("Separated by commas."))
    parent = CustomerField(label=_("Parent company"), required=False, help_text=_("Its ID or whole name."))
    referred_by = CustomerField(label=_("Referred by"), required=False, help_text=_("Its ID or whole name."))

    def __init__(self, *args: Any, user: User, customer: Customer | None = None, **kwargs: Any) -> None:
        if customer is not None:
            kwargs.setdefault("initial", form_values(customer))
        super().__init__(*args, **kwargs)
        for definition in AttributeDefinition.objects.filter(archived_at__isnull=True):
            name = f"{ATTRIBUTE}{definition.key}"
            self.fields[name] = attribute_field(definition)
            if definition.kind == AttributeDefinition.Kind.NUMBER and self.initial.get(name):
                self.initial[name] = Decimal(self.initial[name])  # shown as the reader writes numbers
        for name in OWNER_FIELDS:
            people = assignable_people()
            held = getattr(customer, f"{name}_id", None)
            if held is not None:  # a person who was disabled stays chosen until somebody else is
                people = people | User.objects.filter(pk=held)
            self.fields[name].queryset = people  # type: ignore[attr-defined]
        own = f"?not={customer.pk}" if customer else ""
        for name in LINK_FIELDS:
            field = cast("CustomerField", self.fields[name])
            field.customers = Customer.objects.visible_to(user)
            field.look_up_at(f"{reverse('customer_lookup')}{own}")

    def changes(self) -> dict[str, Any]:
        """Return what was typed as `customer_update` takes it."""
        data = dict(self.cleaned_data)
        attributes = {
            name.removeprefix(ATTRIBUTE): data.pop(name) for name in list(data) if name.startswith(ATTRIBUTE)
        }
        return {name: value for name, value in data.items() if name not in OWN_FIELDS} | {
            "attributes": attributes
        }


OWN_FIELDS = ("external_id", "segment", "stage", "reason", "version", "base")


class CustomerNewForm(CustomerForm):
    """A new customer; segment and stage may be decided by hand at once."""

    external_id = forms.CharField(
        label=_("ID"),
        max_length=120,
        required=False,
        help_text=_("As your other systems call this customer. Leave it empty and one is made."),
    )
    segment = forms.ChoiceField(
        label=_("Segment"), required=False, choices=[("", _("By the rules")), *Segment.choices]
    )
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("By the rules")), *Stage.choices]
    )


class CustomerEditForm(CustomerForm):
    """A customer as it was read: `version` and `base` tell what somebody else changed meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        values = form_values(customer)
        kwargs["initial"] = values | {"version": customer.version, "base": as_base(values)}
        super().__init__(*args, customer=customer, **kwargs)


class SegmentForm(FocusedForm):
    """A segment decided by hand, or given back to the rules."""

    segment = forms.ChoiceField(
        label=_("Segment"), required=False, choices=[("", _("By the rules")), *Segment.choices]
    )
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=300, help_text=_("Needed when you decide by hand.")
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where a person decides."""
        data = super().clean() or {}
        if data.get("segment") and not (data.get("reason") or "").strip():
            raise ValidationError({"reason": _g("Say in a few words why; colleagues will ask.")})
        return data


class StageForm(FocusedForm):
    """A move to another stage."""

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    on = DayField(label=_("From"), initial=time.today)
    reason = forms.CharField(label=_("Why"), required=False, max_length=300)


def form_values(customer: Customer) -> dict[str, Any]:
    """Return a customer's values as the form's fields take them."""
    names = [name for name in CustomerForm.base_fields if name not in ("tags",)]
    values = {name: getattr(customer, name) for name in names}
    values["tags"] = list(customer.tags.order_by("name").values_list("name", flat=True))
    for key, value in customer.attributes.items():
        values[f"{ATTRIBUTE}{key}"] = (
            {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        )
    return values


def as_base(values: dict[str, Any]) -> str:
    """Write form values so that two readings of a customer can be compared."""
    return json.dumps({name: shown(value) for name, value in values.items()}, sort_keys=True)


def shown(value: Any) -> str:
    """Say a form value in words: people and customers by name."""
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, list) else str(value)
