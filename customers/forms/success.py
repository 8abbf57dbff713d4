"""What people type about a success plan: what was sold, objectives, and what each side says was reached."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core import time
from core.forms import DayField, FocusedForm
from customers.forms.facts import FactForm, contacts_field
from customers.measures import FIGURES
from customers.models import Attained, Customer, Objective, PlanTemplate, SuccessPlan

TEXT = {"rows": 3}


class PlanForm(FocusedForm):
    """What a customer was promised, in its words, and how we know."""

    promise = forms.CharField(
        label=_("What was promised"),
        widget=forms.Textarea(attrs=TEXT),
        max_length=4000,
        help_text=_("The value the customer bought, as it was sold."),
    )
    in_their_words = forms.CharField(
        label=_("In the customer's words"), widget=forms.Textarea(attrs=TEXT), max_length=4000, required=False
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        widget=forms.Textarea(attrs=TEXT),
        max_length=4000,
        required=False,
        help_text=_("Where this is written or was said: proposal, mail, hand-over call."),
    )
    next_steps = forms.CharField(
        label=_("Next steps, and who does what"),
        widget=forms.Textarea(attrs=TEXT),
        max_length=4000,
        required=False,
        help_text=_("The customer sees this on the page you share with it."),
    )
    ask_every_days = forms.IntegerField(
        label=_("Ask the customer every so many days"), min_value=1, max_value=730, required=False
    )
    reviewed_on = DayField(label=_("Last reviewed together on"), required=False)

    def __init__(self, *args: Any, plan: SuccessPlan | None = None, **kwargs: Any) -> None:
        if plan is not None:
            kwargs["initial"] = {name: getattr(plan, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def clean_reviewed_on(self) -> Any:
        """Refuse a review that is still to come."""
        day = self.cleaned_data["reviewed_on"]
        if day and day > time.today():
            raise ValidationError(_g("This day is still to come."))
        return day


class ObjectiveForm(FactForm):
    """What is to be reached, by when, and what measures it."""

    name = forms.CharField(label=_("Objective"), max_length=200)
    promise = forms.CharField(
        label=_("What it is for"), widget=forms.Textarea(attrs=TEXT), max_length=2000, required=False
    )
    unit = forms.CharField(
        label=_("Unit"), max_length=40, required=False, help_text=_("Such as days, % or R$.")
    )
    baseline = forms.DecimalField(label=_("At the start"), max_digits=18, decimal_places=4, localize=True)
    target = forms.DecimalField(
        label=_("Target"),
        max_digits=18,
        decimal_places=4,
        localize=True,
        help_text=_("May be lower than at the start: less cost, less time."),
    )
    starts_on = DayField(label=_("Starts on"), initial=time.today)
    due_on = DayField(label=_("Due on"))
    weight = forms.DecimalField(
        label=_("Weight"),
        max_digits=8,
        decimal_places=2,
        min_value=0,
        initial=1,
        localize=True,
        help_text=_("How much it counts in the plan. With 0 it is shown and does not count."),
    )
    event = forms.CharField(
        label=_("Measured by a usage event"),
        max_length=120,
        required=False,
        help_text=_(
            "How often it happened in 30 days, every night. Leave all three empty to assess it by hand."
        ),
    )
    figure = forms.ChoiceField(label=_("Measured by a figure"), required=False)
    milestone = forms.CharField(label=_("Measured by a milestone"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.row
        gone = row.figure if isinstance(row, Objective) and row.figure not in ("", *FIGURES) else ""
        choices = [("", "—"), *FIGURES.items()]
        if gone:
            choices.append((gone, _g("%(figure)s (no longer there)") % {"figure": gone}))
        self.fields["figure"].choices = choices  # type: ignore[attr-defined]


class AttainedForm(FocusedForm):
    """What one side says was reached."""

    side = forms.ChoiceField(
        label=_("Whose view"),
        choices=[("customer", _("The customer said it")), ("ours", _("We assess it"))],
        widget=forms.RadioSelect,
        initial="customer",
    )
    value = forms.DecimalField(label=_("Value reached"), max_digits=18, decimal_places=4, localize=True)
    stated_on = DayField(label=_("On"), initial=time.today)
    contact = contacts_field(label=_("Who said it"))
    evidence = forms.CharField(
        label=_("How we know"),
        widget=forms.Textarea(attrs=TEXT),
        max_length=4000,
        required=False,
        help_text=_("For the customer's view: the conversation in which it was said."),
    )

    def __init__(self, *args: Any, objective: Objective, side: str = "customer", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["side"] = side
        self.fields["contact"].queryset = objective.customer.contacts.filter(archived_at__isnull=True)  # type: ignore[attr-defined]
        if objective.unit:
            self.fields["value"].label = _g("Value reached, in %(unit)s") % {"unit": objective.unit}

    def clean(self) -> dict[str, Any]:
        """Say where the value comes from; nobody at the customer speaks for us."""
        data = super().clean() or {}
        theirs = data.get("side") == Attained.Side.CUSTOMER
        data["source"] = Attained.Source.CONVERSATION if theirs else Attained.Source.ASSESSMENT
        if not theirs:
            data["contact"] = None
        return data


class FromTemplateForm(FocusedForm):
    """Which template a plan begins with, and when."""

    template = forms.ModelChoiceField(PlanTemplate.objects.none(), label=_("Template"), empty_label=None)
    starts_on = DayField(label=_("Objectives start on"), initial=time.today)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = PlanTemplate.objects.for_customer(customer)  # type: ignore[attr-defined]
