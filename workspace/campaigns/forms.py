"""The campaign's form. The audience is a view by its name, or the filters somebody came with from the portfolio."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.forms import set_choices
from accounts.models import User
from core.forms import DayField, FocusedForm
from customers.models import Contact
from surveys.models import Campaign, Survey
from workspace.portfolio.saved import views_of

FILTERS = "?"  # the first sign of an audience that is a query string
VIEW = "v:"


class CampaignForm(FocusedForm):
    """Who is asked what, when and how often."""

    survey = forms.ModelChoiceField(label=_("Survey"), queryset=Survey.objects.none(), empty_label=None)
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("For the team; customers do not see it.")
    )
    audience = forms.ChoiceField(label=_("Customers"))
    roles = forms.MultipleChoiceField(
        label=_("People there"),
        required=False,
        choices=Contact.Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    when = forms.ChoiceField(label=_("When"), choices=Campaign.When.choices)
    starts_on = DayField(label=_("First day"), required=False, help_text=_("Empty: the day it is started."))
    daily_share = forms.IntegerField(
        label=_("Share asked per day, %"),
        min_value=1,
        max_value=100,
        initial=20,
        help_text=_("For once and every few months: so that answers, and the work they make, spread out."),
    )
    every_months = forms.IntegerField(label=_("Every how many months"), min_value=1, max_value=24, initial=3)
    days_before = forms.IntegerField(
        label=_("Days before the renewal"), min_value=1, max_value=365, initial=60
    )
    reminders = forms.TypedChoiceField(
        label=_("Reminders"),
        coerce=int,
        choices=[(0, _("None")), (1, _("One")), (2, _("Two"))],
        initial=1,
        help_text=_("Only to those who have not answered."),
    )
    reminder_days = forms.IntegerField(label=_("Days until a reminder"), min_value=1, max_value=30, initial=4)

    def __init__(
        self, *args: Any, person: User, campaign: Campaign | None = None, came_with: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        surveys = Survey.objects.filter(archived_at__isnull=True)
        self.fields["survey"].queryset = surveys  # type: ignore[attr-defined]
        choices = [(f"{VIEW}{view.key}", str(view.name)) for view in views_of(person)]
        extra = came_with or (as_choice(campaign.audience) if campaign else "")
        if extra.startswith(FILTERS):
            choices.insert(0, (extra, _g("The filters chosen in the portfolio")))
        elif extra and extra not in dict(choices):
            choices.insert(0, (extra, _g("The view chosen before")))
        set_choices(self.fields["audience"], choices)
        if campaign is not None:
            del self.fields["survey"]
            if campaign.started_at is not None:
                self.fields["when"].disabled = True
        self.focus()

    def values(self) -> dict[str, Any]:
        """Return what a valid form says, as the services take it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "survey"}
        values["audience"] = as_query(values["audience"])
        return values


def as_query(choice: str) -> dict[str, list[str]]:
    """Return the audience that a choice of the form stands for."""
    if choice.startswith(VIEW):
        return {"view": [choice.removeprefix(VIEW)]}
    given = QueryDict(choice.removeprefix(FILTERS))
    return {
        name: given.getlist(name) for name in given if name not in {"sort", "cols", "rows", "after", "before"}
    }


def as_choice(audience: dict[str, list[str]]) -> str:
    """Return the form's choice for an audience."""
    if list(audience) == ["view"]:
        return f"{VIEW}{audience['view'][0]}"
    if not audience:
        return f"{VIEW}all"
    query = QueryDict(mutable=True)
    for name, values in audience.items():
        query.setlist(name, values)
    return FILTERS + query.urlencode()
