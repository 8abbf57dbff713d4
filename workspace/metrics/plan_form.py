"""The forms of action plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import DayField, FocusedForm
from metrics.registry import Figure
from workspace.metrics.target_form import slices_of

STEPS = 3


class Person(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Somebody of the team who can sign in."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, without one the e-mail."""
        return str(obj.name or obj.email)


class PlanForm(FocusedForm):
    """Cause, owner and due day of a plan; a new one also says for whom, and its first steps."""

    cause = forms.CharField(
        label=_("Cause"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why it fell, as far as you know today."),
    )
    owner = Person(label=_("Owner"), queryset=User.objects.none())
    due_on = DayField(label=_("Due"))

    def __init__(
        self, data: Any = None, *, figure: Figure, initial: dict[str, Any], new: bool, slice_: str = ""
    ) -> None:
        super().__init__(data, initial={"slice": slice_, **initial})
        people = User.objects.filter(is_active=True).order_by("name", "email")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        if not new:
            return
        if figure.cuts:
            self.fields["slice"] = forms.ChoiceField(
                label=_("For"), required=False, choices=slices_of(figure, slice_)
            )
        for n in range(1, STEPS + 1):
            self.fields[f"step{n}"] = forms.CharField(
                label=_("Step %(n)d") % {"n": n}, max_length=200, required=False
            )

    def saved(self) -> dict[str, Any]:
        """Return what `plan_open` takes."""
        data = dict(self.cleaned_data)
        steps = [data.pop(f"step{n}") for n in range(1, STEPS + 1)]
        return {"slice": data.pop("slice", ""), **data, "steps": steps}


class StepForm(FocusedForm):
    """One more step of a plan."""

    what = forms.CharField(label=_("Step"), max_length=200)
    due_on = DayField(label=_("Due"), required=False)


class OutcomeForm(FocusedForm):
    """What came of a plan."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What helped, what did not, what is left."),
    )
