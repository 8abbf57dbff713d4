"""Forms of pages that cross apps."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import DemoRow


class StartForm(forms.Form):
    """Who the first admin of one's own is, and what the company is called."""

    company = forms.CharField(label=_("Your company"), max_length=120)
    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("Your e-mail"))
    password = forms.CharField(
        label=_("A password"),
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters. You will be the first admin and can invite others."),
    )

    def clean_email(self) -> str:
        """Refuse the address of somebody who stays."""
        email = str(self.cleaned_data["email"]).lower()
        demo = DemoRow.objects.filter(table="user").values("row_id")
        if User.objects.filter(email=email).exclude(pk__in=demo).exists():
            raise ValidationError(_("This person is already in the team: sign in with this address instead."))
        return email

    def clean_password(self) -> str:
        """Hold the password to the same rules as everywhere."""
        validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])
