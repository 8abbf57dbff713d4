"""The form of an escalation."""

from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import DayField, FocusedForm
from customers.forms.fields import CustomerField
from customers.models import Customer
from customers.services.owners import assignable_people
from playbooks.models import Escalation
from workspace.tasks.forms import PersonField

NAMES = ("title", "severity", "cause", "due_on", "body")


class EscalationForm(FocusedForm):
    """A problem that goes up."""

    customer = CustomerField(label=_("Customer"), help_text=_("Its name or ID."))
    title = forms.CharField(label=_("What is wrong"), max_length=200)
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        choices=Escalation.Severity.choices,
        coerce=int,
        initial=Escalation.Severity.MEDIUM,
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=Escalation.Cause.choices)
    owner = PersonField(label=_("Owner"), queryset=User.objects.none())
    due_on = DayField(label=_("Solved by"), required=False)
    body = forms.CharField(
        label=_("Details"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        escalation: Escalation | None = None,
        customer: Customer | None = None,
    ) -> None:
        shown: dict[str, Any] = {"owner": user.pk}
        if escalation is not None:
            shown = {**{name: getattr(escalation, name) for name in NAMES}, "owner": escalation.owner_id}
        super().__init__(data, initial=shown)
        self.fields["owner"].queryset = assignable_people()  # type: ignore[attr-defined]
        if escalation is not None or customer is not None:
            del self.fields["customer"]
        else:
            about = cast("CustomerField", self.fields["customer"])
            about.customers = Customer.objects.editable_by(user)
            about.look_up_at(reverse("customer_lookup"))
