"""What people type about themselves, their invitations, tokens and the workspace."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Token, User, Workspace
from accounts.permissions import Perm, Role
from accounts.services.workspace import SETTINGS
from core import time

NEVER, ME = "never", "me"


def _password_hint() -> str:
    return " ".join(str(text) for text in password_validators_help_texts())


def set_choices(field: forms.Field, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a choice field the choices of this request."""
    cast(forms.ChoiceField, field).choices = list(choices)


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.ANALYST)


class JoinForm(forms.Form):
    """What an invited person says about themselves."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=lazy(_password_hint, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class EmailForm(forms.Form):
    """The address a person wants to sign in with."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a person is called and how the pages speak to them."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("name", "job_title", "language", "theme", "time_format", "shortcuts", "reports")
        labels = {
            "name": _("Name"),
            "job_title": _("Job title"),
            "theme": _("Theme"),
            "time_format": _("Time format"),
            "shortcuts": _("Keyboard shortcuts with single letters"),
            "reports": _("Report of my board by mail"),
        }
        help_texts = {
            "shortcuts": _("Ctrl K for search works either way."),
            "reports": _("Sent the morning after the week or month is over. It says first what changed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.language:
            self.initial["language"] = settings.LANGUAGE_CODE


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What holds for the whole installation."""

    class Meta:
        model = Workspace
        fields = SETTINGS
        labels = {
            "name": _("Company name"),
            "restrict_visibility": _("Analysts and viewers see only the customers they own"),
            "grace_days": _("Grace days"),
            "renewal_grace_days": _("Grace days of renewals"),
            "gross_margin": _("Gross margin, %"),
            "fiscal_year_start": _("The fiscal year begins in"),
            "week_start": _("Weeks begin on"),
        }
        help_texts = {
            "name": _("Stands in the corner of every page and in the mails Zelo sends."),
            "restrict_visibility": _(
                "Off: everybody in the team sees all customers, and analysts edit their own. "
                "On: customers of others are not found by analysts and viewers at all, not in lists, "
                "not by search, not by address. Managers and admins always see all."
            ),
            "grace_days": _(
                "How many days a subscription may lapse before the customer counts as lost. With 0 a gap of "
                "one day is churn and a return; with 15, a customer who renews within 15 days never left."
            ),
            "renewal_grace_days": _(
                "How many days around the due day a new contract may begin and still be the renewal; as many days "
                "after it a renewal without one is decided."
            ),
            "gross_margin": _(
                "What is left of the revenue after serving it: the expected lifetime value of a customer and the "
                "months until its acquisition is paid back are told of this share."
            ),
            "fiscal_year_start": _("Years and quarters of figures are cut there."),
            "week_start": _("On the pages; scripts and the API begin weeks on Monday."),
        }
        widgets = {
            "grace_days": forms.NumberInput(attrs={"min": 0, "max": 365, "inputmode": "numeric"}),
            "renewal_grace_days": forms.NumberInput(attrs={"min": 0, "max": 180, "inputmode": "numeric"}),
            "fiscal_year_start": forms.Select(choices=list(MONTHS.items())),
            "week_start": forms.Select(choices=list(WEEKDAYS.items())),
        }

    def clean_grace_days(self) -> int:
        """Refuse more than a year: it would hide every churn."""
        value: int = self.cleaned_data["grace_days"]
        if value > 365:
            raise forms.ValidationError(_("At most 365 days."))
        return value

    def clean_renewal_grace_days(self) -> int:
        """Refuse more than half a year: a yearly contract would renew its predecessor and its successor."""
        value: int = self.cleaned_data["renewal_grace_days"]
        if value > 180:
            raise forms.ValidationError(_("At most 180 days."))
        return value

    def clean_gross_margin(self) -> Decimal:
        """Refuse what is no share: the lifetime value would be nothing, or more than the revenue."""
        value: Decimal = self.cleaned_data["gross_margin"]
        if not 0 < value <= 100:
            raise forms.ValidationError(_("A percentage above 0, at most 100."))
        return value


class TokenForm(forms.Form):
    """What a key to the API is for, and for how long."""

    SCOPES = (
        (Token.Scope.READ, _("Read: everything its role may see")),
        (Token.Scope.WRITE, _("Write: read and change customers and what belongs to them")),
        (Token.Scope.INGEST, _("Ingest: send usage and files, read nothing")),
        (Token.Scope.ADMIN, _("Admin: also people, settings and the audit trail")),
    )
    LIFETIMES = (
        ("30", _("30 days")),
        ("90", _("90 days")),
        ("365", _("One year")),
        (NEVER, _("Never expires")),
    )

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What will use it, for example “Data warehouse”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"),
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        initial=[Token.Scope.READ],
    )
    lifetime = forms.ChoiceField(label=_("Expires after"), choices=LIFETIMES, initial="365")
    integration_role = forms.ChoiceField(
        label=_("Belongs to"),
        help_text=_("A token of yours stops working when you leave; one of an integration does not."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.may(Perm.PEOPLE_MANAGE):
            words = _("An integration with the role %(role)s")
            roles = [(role, words % {"role": name}) for role, name in Role.choices]
            set_choices(self.fields["integration_role"], [(ME, _("Me")), *roles])
        else:
            del self.fields["integration_role"]
            mine = [choice for choice in self.SCOPES if choice[0] != Token.Scope.ADMIN]
            set_choices(self.fields["scopes"], mine)

    def expires_at(self) -> dt.datetime | None:
        """Return the moment the chosen lifetime ends, None for never."""
        chosen = self.cleaned_data["lifetime"]
        return None if chosen == NEVER else time.now() + dt.timedelta(days=int(chosen))

    def role_of_integration(self) -> str | None:
        """Return the role of the integration the key is for, None for a key of one's own."""
        chosen: str = self.cleaned_data.get("integration_role", ME)
        return None if chosen == ME else chosen
