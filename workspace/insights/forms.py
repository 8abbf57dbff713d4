"""The forms of insights and their themes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import time
from core.forms import DayField, FocusedForm
from customers.forms.fields import CustomerField
from customers.models import Contact, Customer, Insight, InsightKind, InsightTeam, InsightTheme, Team
from surveys.models import Theme
from workspace.tasks.forms import PersonField

NO_TEAM = [("", _("No team yet")), *Team.choices]


class InsightForm(FocusedForm):
    """What a customer told us. Without a `customer` the form asks for it."""

    customer = CustomerField(label=_("Customer"), help_text=_("Its name or ID."))
    quote = forms.CharField(
        label=_("In their words"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=InsightKind.choices)
    theme = forms.ModelChoiceField(
        label=_("Theme"),
        queryset=InsightTheme.objects.none(),
        required=False,
        empty_label=_("Not sorted yet"),
    )
    new_theme = forms.CharField(label=_("Or a new theme"), required=False, max_length=120)
    area = forms.CharField(label=_("Product area"), required=False, max_length=80)
    contact = forms.ModelChoiceField(
        label=_("Who said it"), queryset=Contact.objects.none(), required=False, empty_label=_("Not named")
    )
    said_by = forms.CharField(label=_("Or somebody else"), required=False, max_length=120)
    said_on = DayField(label=_("When"), initial=time.today)

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        customer: Customer | None = None,
        initial: dict[str, Any] | None = None,
        suggested: list[InsightTheme] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.user = user
        self.fields["theme"].queryset = InsightTheme.objects.live()  # type: ignore[attr-defined]
        if suggested:
            names = ", ".join(theme.name for theme in suggested)
            self.fields["theme"].help_text = gettext("Suggested by its words: %(names)s") % {"names": names}
            self.initial.setdefault("theme", suggested[0].pk)
        if customer is None:
            self.fields["customer"].customers = Customer.objects.editable_by(user)  # type: ignore[attr-defined]
            del self.fields["contact"]
        else:
            del self.fields["customer"]
            people = customer.contacts.filter(archived_at__isnull=True).order_by("name", "pk")
            self.fields["contact"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse two themes at once."""
        data = super().clean() or {}
        if data.get("theme") and data.get("new_theme") and "theme" in self.changed_data:
            raise ValidationError({"new_theme": gettext("Choose a theme or name a new one, not both.")})
        return data


def insight_initial(row: Insight) -> dict[str, Any]:
    """Return an insight as its form shows it."""
    names = ("quote", "kind", "area", "said_by", "said_on")
    return {
        **{name: getattr(row, name) for name in names},
        "theme": row.theme_id,
        "contact": row.contact_id,
    }


class RouteForm(FocusedForm):
    """To whom a theme goes, and by when something is expected."""

    team = forms.ChoiceField(label=_("Goes to"), choices=NO_TEAM, required=False)
    owner = PersonField(
        label=_("Person"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    due_on = DayField(label=_("Expected"), required=False)

    def __init__(self, data: Any = None, *, theme: InsightTheme | None = None) -> None:
        shown = {} if theme is None else {"team": theme.team, "owner": theme.owner_id, "due_on": theme.due_on}
        super().__init__(data, initial=shown)
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]


class ThemeForm(RouteForm):
    """A theme of insights."""

    name = forms.CharField(label=_("Theme"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=InsightKind.choices)
    area = forms.CharField(label=_("Product area"), required=False, max_length=80)
    about = forms.CharField(
        label=_("What it is about"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    subject_id = forms.TypedChoiceField(
        label=_("Suggested by the words of"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("A theme of survey comments. Texts with its words are suggested for this one."),
    )
    field_order = ("name", "kind", "about", "area", "subject_id", "team", "owner", "due_on")

    def __init__(self, data: Any = None, *, theme: InsightTheme | None = None) -> None:
        super().__init__(data, theme=theme)
        subjects = Theme.objects.filter(archived_at=None).values_list("pk", "name")
        self.fields["subject_id"].choices = [("", "—"), *subjects]  # type: ignore[attr-defined]
        if theme is not None:
            self.initial.update({name: getattr(theme, name) for name in ("name", "kind", "area", "about")})
            self.initial["subject_id"] = theme.subject_id


class MoveForm(FocusedForm):
    """The next state of a theme."""

    state = forms.ChoiceField(label=_("State"), choices=InsightTheme.State.choices)
    why = forms.CharField(
        label=_("Why not"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when it is declined."),
    )
    note = forms.CharField(
        label=_("What was done"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Customers who asked can be told these words."),
    )

    def __init__(self, data: Any = None, *, theme: InsightTheme) -> None:
        shown = {"state": theme.state, "why": theme.declined_why, "note": theme.done_note}
        super().__init__(data, initial=shown)


class TeamsForm(FocusedForm):
    """Where each team hears of its themes."""

    def __init__(self, data: Any = None) -> None:
        known = dict(InsightTeam.objects.values_list("team", "email"))
        super().__init__(data, initial=known)
        for team, label in Team.choices:
            self.fields[team] = forms.EmailField(label=label, required=False)
