"""What an admin types about a webhook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import set_choices
from accounts.webhooks import types


class WebhookForm(forms.Form):
    """Where to, what for, and of what to tell."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/zelo"}),
        help_text=_("An https:// address on the internet. Zelo follows no redirects."),
    )
    description = forms.CharField(
        label=_("What it is for"), max_length=120, required=False, help_text=_("For example “CRM”.")
    )
    types = forms.MultipleChoiceField(label=_("Tell it when"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["types"], types.known().items())
