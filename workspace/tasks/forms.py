"""The forms of tasks."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import time
from core.forms import DayField, FocusedForm
from customers.forms.fields import CustomerField
from customers.models import Customer
from customers.services.owners import assignable_people
from playbooks.models import Task
from playbooks.services.tasks import MOST_EVERY


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Somebody of the team who can do tasks."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, without one the e-mail."""
        return str(obj.name or obj.email)


class TaskForm(FocusedForm):
    """A task. Its checklist is written line by line when it is new."""

    title = forms.CharField(label=_("Task"), max_length=200)
    customer = CustomerField(
        label=_("Customer"), required=False, help_text=_("Its name or ID. Empty: not about one customer.")
    )
    owner = PersonField(label=_("Owner"), queryset=User.objects.none())
    due_on = DayField(label=_("Due"), required=False)
    due_at = forms.TimeField(
        label=_("At"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Task.Priority.choices, coerce=int, initial=Task.Priority.NORMAL
    )
    repeats = forms.ChoiceField(label=_("Repeats every"), choices=Task.Repeats.choices, required=False)
    every = forms.IntegerField(
        label=_("How many of these"), min_value=1, max_value=MOST_EVERY, initial=1, required=False
    )
    body = forms.CharField(
        label=_("Details"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, data: Any = None, *, user: User, task: Task | None = None, customer: Customer | None = None
    ) -> None:
        self.task = task
        super().__init__(data, initial=_initial(task, user, customer))
        self.fields["owner"].queryset = assignable_people()  # type: ignore[attr-defined]
        about = cast("CustomerField", self.fields["customer"])
        about.customers = Customer.objects.visible_to(user)
        about.look_up_at(reverse("customer_lookup"))
        if task is None:
            self.fields["items"] = forms.CharField(
                label=_("Checklist"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("One line each."),
            )

    def clean_every(self) -> int:
        """Return 1 where nothing is said."""
        return self.cleaned_data["every"] or 1

    def clean(self) -> dict[str, Any]:
        """Return what `task_create` takes."""
        data = super().clean() or {}
        if "items" in data:
            data["items"] = data["items"].splitlines()
        return data


class CoverForm(FocusedForm):
    """Who stands in, and on which days."""

    substitute = PersonField(label=_("Who stands in"), queryset=User.objects.none())
    first_on = DayField(label=_("From"))
    last_on = DayField(label=_("To, included"))

    def __init__(self, data: Any = None, *, user: User) -> None:
        today = time.today()
        super().__init__(data, initial={"first_on": today, "last_on": today + dt.timedelta(days=14)})
        people = assignable_people().exclude(pk=user.pk)
        self.fields["substitute"].queryset = people  # type: ignore[attr-defined]


def _initial(task: Task | None, user: User, customer: Customer | None) -> dict[str, Any]:
    if task is None:
        return {"owner": user.pk, "customer": customer, "due_on": time.today()}
    names = ("title", "due_on", "due_at", "priority", "repeats", "every", "body")
    return {
        **{name: getattr(task, name) for name in names},
        "owner": task.owner_id,
        "customer": task.customer,
    }
