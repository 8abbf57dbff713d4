"""What an admin types to connect a system, and their export files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ingest.models import Connection

LABELS = {
    Connection.Kind.STRIPE: _("Signing secret of the webhook (whsec_…)"),
    Connection.Kind.ZENDESK: _("Signing secret of the webhook"),
}


class ConnectionForm(forms.Form):
    """The secret, which is never shown again, and what becomes of unknown customers."""

    secret = forms.CharField(
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
    )
    makes_customers = forms.BooleanField(
        required=False,
        label=_("Add customers that are not there yet"),
        help_text=_("Otherwise what belongs to nobody here waits until its customer appears."),
    )

    def __init__(self, *args: Any, kind: str, known: bool, **kwargs: Any) -> None:
        kwargs["prefix"] = kind
        super().__init__(*args, **kwargs)
        self.fields["secret"].label = LABELS[Connection.Kind(kind)]
        if known:
            self.fields["secret"].help_text = _("It is kept sealed. Leave this empty to keep it.")


class ExportFileForm(forms.Form):
    """A file that one of these systems exported."""

    file = forms.FileField(
        label=_("Export file"),
        help_text=_(
            "CSV of Stripe's customers, subscriptions or invoices; CSV or JSON of Zendesk's tickets."
        ),
    )
