"""What people type about a customer's contacts, subscriptions, contracts, payments, tickets, milestones, talks."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core import time
from core.forms import DayField, FocusedForm, MomentField, MoneyField
from customers.models import Contact, Customer, Touchpoint

ID_HINT = _("Leave it empty and one is made. Imports find the entry again by it.")


class FactForm(FocusedForm):
    """A form about one customer's fact; its fields are named as the fact's columns."""

    def __init__(
        self, *args: Any, customer: Customer, row: models.Model | None = None, **kwargs: Any
    ) -> None:
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields} | (
                kwargs.get("initial") or {}
            )
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.row = row
        if "contact" in self.fields:
            self.fields["contact"].queryset = customer.contacts.filter(archived_at__isnull=True)  # type: ignore[attr-defined]
        if row is not None and "external_id" in self.fields:
            self.fields["external_id"].required = True
            self.fields["external_id"].help_text = _("Imports find the entry again by it.")

    def clean(self) -> dict[str, Any]:
        """Keep the seconds of a moment nobody touched: the browser's picker shows minutes only."""
        data = super().clean() or {}
        for name, field in self.fields.items():
            was = self.initial.get(name)
            if not isinstance(field, MomentField) or not isinstance(was, dt.datetime):
                continue
            if data.get(name) == was.replace(second=0, microsecond=0):
                data[name] = was
        return data


def contacts_field(**kwargs: Any) -> "forms.ModelChoiceField[Contact]":
    """Return the field of a person at the customer; the form says whose."""
    return forms.ModelChoiceField(Contact.objects.none(), required=False, empty_label="—", **kwargs)


class ContactForm(FactForm):
    """A person at a customer."""

    name = forms.CharField(label=_("Name"), max_length=160, required=False)
    email = forms.EmailField(label=_("E-mail"))
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Contact.Role.choices, initial=Contact.Role.OTHER)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    locale = forms.CharField(
        label=_("Language"), max_length=16, required=False, help_text=_("Such as pt-BR or en.")
    )
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=60, required=False, help_text=_("Such as America/Sao_Paulo.")
    )
    active_from = DayField(label=_("There since"), required=False)
    active_until = DayField(
        label=_("Left on"), required=False, help_text=_("The first day this person is no longer there.")
    )
    opted_out = forms.BooleanField(label=_("Wants no surveys"), required=False)

    def clean_time_zone(self) -> str:
        """Accept only zones that exist."""
        name = str(self.cleaned_data["time_zone"])
        if name and name not in zoneinfo.available_timezones():
            raise ValidationError(_g("This time zone is not known. Write it like America/Sao_Paulo."))
        return name


class SubscriptionForm(FactForm):
    """A recurring amount over a span in which it did not change."""

    product = forms.CharField(label=_("Product"), max_length=120)
    plan = forms.CharField(label=_("Plan"), max_length=120, required=False)
    mrr_cents = MoneyField(label=_("Amount per month"))
    seats = forms.IntegerField(label=_("Seats"), min_value=0, max_value=2_000_000_000, required=False)
    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("Until"),
        required=False,
        help_text=_("The first day on which it no longer counts; empty while it runs."),
    )
    cancelled_on = DayField(label=_("Cancelled on"), required=False)
    cancel_reason = forms.CharField(label=_("Reason of the cancellation"), max_length=300, required=False)
    external_id = forms.CharField(
        label=_("ID"),
        max_length=120,
        required=False,
        help_text=_("The same ID for each span of one subscription; leave it empty and one is made."),
    )


class ContractForm(FactForm):
    """A term that ends and is renewed or not."""

    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Due on"), help_text=_("The day after its last day: the renewal is due."))
    value_cents = MoneyField(label=_("Value of the whole term"), required=False)
    signed_on = DayField(label=_("Signed on"), required=False)
    auto_renews = forms.BooleanField(label=_("Renews by itself"), required=False)
    renews_external_id = forms.CharField(
        label=_("Renews the contract"), max_length=120, required=False, help_text=_("ID of the one before.")
    )
    cancelled_on = DayField(label=_("Cancelled on"), required=False)
    external_id = forms.CharField(label=_("ID"), max_length=120, required=False, help_text=ID_HINT)


class PaymentForm(FactForm):
    """Money received or due; a refund has a minus sign."""

    amount_cents = MoneyField(
        label=_("Amount"), allow_negative=True, help_text=_("With a minus sign for a refund.")
    )
    paid_on = DayField(label=_("Paid on"), required=False)
    due_on = DayField(label=_("Due on"), required=False)
    external_id = forms.CharField(label=_("ID"), max_length=120, required=False, help_text=ID_HINT)


class TicketForm(FactForm):
    """A request for help."""

    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    contact = contacts_field(label=_("Contact"))
    priority = forms.CharField(label=_("Priority"), max_length=20, required=False)
    channel = forms.CharField(label=_("Channel"), max_length=40, required=False)
    assignee_email = forms.EmailField(label=_("Assigned to"), required=False)
    opened_at = MomentField(label=_("Opened"), initial=time.now)
    first_response_at = MomentField(label=_("First reply"), required=False)
    solved_at = MomentField(label=_("Solved"), required=False, help_text=_("Empty while it is open."))
    due_at = MomentField(label=_("Due"), required=False)
    team_replies = forms.IntegerField(
        label=_("Public replies"), min_value=0, max_value=100_000, required=False
    )
    reopens = forms.IntegerField(label=_("Reopened"), min_value=0, max_value=100_000, required=False)
    external_id = forms.CharField(label=_("ID"), max_length=120, required=False, help_text=ID_HINT)


class MilestoneForm(FactForm):
    """A step a customer reached."""

    milestone = forms.CharField(label=_("Milestone"), max_length=120)
    reached_on = DayField(label=_("Reached on"), initial=time.today)


MOODS = [
    ("", "—"),
    ("2", _("Very good")),
    ("1", _("Good")),
    ("0", _("Neutral")),
    ("-1", _("Bad")),
    ("-2", _("Very bad")),
]


class TouchpointForm(FactForm):
    """A conversation."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Touchpoint.Kind.choices)
    happened_at = MomentField(label=_("When"), initial=time.now)
    contact = contacts_field(label=_("With"))
    summary = forms.CharField(label=_("Summary"), required=False, max_length=10_000, widget=forms.Textarea)
    sentiment = forms.TypedChoiceField(
        label=_("Mood"), choices=MOODS, coerce=int, empty_value=None, required=False
    )
