"""The forms of opportunities."""

from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import DayField, FocusedForm, MoneyField
from customers.forms.fields import CustomerField
from customers.models import Customer
from customers.services.owners import assignable_people
from playbooks.models import Opportunity
from workspace.opportunities.board import OPEN_STAGES
from workspace.tasks.forms import PersonField

NAMES = ("title", "kind", "mrr_cents", "stage", "expected_on", "note")


class OpportunityForm(FocusedForm):
    """An opportunity that is not decided; of one that is, only the note."""

    customer = CustomerField(label=_("Customer"), help_text=_("Its name or ID."))
    title = forms.CharField(label=_("What they could buy"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Opportunity.Kind.choices,
        help_text=_("Upsell: more of what they have. Cross-sell: a product they do not have."),
    )
    mrr_cents = MoneyField(label=_("Would bring, a month"))
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[one for one in Opportunity.Stage.choices if one[0] in OPEN_STAGES]
    )
    expected_on = DayField(label=_("Expected by"), required=False)
    owner = PersonField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        opportunity: Opportunity | None = None,
        customer: Customer | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(opportunity, user))
        self.fields["owner"].queryset = assignable_people()  # type: ignore[attr-defined]
        if opportunity is not None or customer is not None:
            del self.fields["customer"]
        else:
            about = cast("CustomerField", self.fields["customer"])
            about.customers = Customer.objects.editable_by(user)
            about.look_up_at(reverse("customer_lookup"))
        if opportunity is not None and opportunity.decided_on is not None:
            for name in (*NAMES[:-1], "owner"):
                del self.fields[name]


def _initial(opportunity: Opportunity | None, user: User) -> dict[str, Any]:
    if opportunity is None:
        return {"owner": user.pk}
    return {**{name: getattr(opportunity, name) for name in NAMES}, "owner": opportunity.owner_id}
