"""The forms of the register of losses and of its reasons."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import time
from core.forms import DayField, FocusedForm, MoneyField
from customers.forms.fields import CustomerField
from customers.models import Customer
from metrics.models import CustomerDay
from metrics.nights import last_finished_day
from playbooks.models import Loss, LossReason

NAMES = ("noticed_on", "whole", "mrr_cents", "reason", "tried", "competitor", "comes_back", "note")


class LossForm(FocusedForm):
    """A loss or a notice. Without a `customer` the form asks for it; of what was lost the amount is not asked."""

    customer = CustomerField(label=_("Customer"), help_text=_("Its name or ID."))
    noticed_on = DayField(label=_("Notice on"), help_text=_("When we heard of it."))
    whole = forms.TypedChoiceField(
        label=_("What would be lost"),
        choices=[("1", _("Whole customer")), ("0", _("Part of it"))],
        coerce=lambda said: str(said) == "1",
        initial="1",
    )
    mrr_cents = MoneyField(label=_("MRR at stake"))
    reason = forms.ModelChoiceField(
        label=_("Reason"), queryset=LossReason.objects.none(), required=False, empty_label=_("Not known yet")
    )
    tried = forms.CharField(
        label=_("What was tried"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    competitor = forms.CharField(
        label=_("Competitor"), required=False, max_length=120, help_text=_("To whom they go, if to anybody.")
    )
    comes_back = forms.ChoiceField(
        label=_("Will they come back"), choices=Loss.ComesBack.choices, required=False
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, data: Any = None, *, user: User, loss: Loss | None = None, customer: Customer | None = None
    ) -> None:
        super().__init__(data, initial=_initial(loss, customer))
        offered = Q(retired_at__isnull=True) | Q(pk=loss.reason_id if loss else None)
        self.fields["reason"].queryset = LossReason.objects.filter(offered)  # type: ignore[attr-defined]
        if loss is not None or customer is not None:
            del self.fields["customer"]
        else:
            about = cast("CustomerField", self.fields["customer"])
            about.customers = Customer.objects.editable_by(user)
            about.look_up_at(reverse("customer_lookup"))
        if loss is not None and loss.state == Loss.State.LOST:
            del self.fields["whole"], self.fields["mrr_cents"]
            self.fields["noticed_on"].required = False


def _initial(loss: Loss | None, customer: Customer | None) -> dict[str, Any]:
    if loss is not None:
        said = {name: getattr(loss, name) for name in NAMES}
        return said | {"reason": loss.reason_id, "whole": "1" if loss.whole else "0"}
    found: dict[str, Any] = {"noticed_on": time.today(), "customer": customer}
    night = last_finished_day()
    if customer is not None and night is not None:
        found["mrr_cents"] = (
            CustomerDay.objects.filter(day=night, customer=customer)
            .values_list("mrr_cents", flat=True)
            .first()
        )
    return found


class ReasonForm(FocusedForm):
    """A reason to choose from."""

    name = forms.CharField(label=_("Reason"), max_length=80)
    offered = forms.BooleanField(
        label=_("Offered"),
        required=False,
        initial=True,
        help_text=_("One that is not offered any more stays with the losses that have it."),
    )

    def __init__(self, data: Any = None, *, reason: LossReason | None = None) -> None:
        shown = {"name": str(reason), "offered": reason.retired_at is None} if reason else None
        super().__init__(data, initial=shown)
        if reason is None:
            del self.fields["offered"]
