"""The ten-second entry: what was just said, to whom, and how it felt."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models import Contact, Customer, Touchpoint
from workspace.timeline.conversations import TONES

LONGEST = 5000


class LogForm(forms.Form):
    """A conversation with a customer; without a time it happened just now."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Touchpoint.Kind.choices, initial=Touchpoint.Kind.CALL, widget=forms.Select
    )
    contact = forms.ModelChoiceField(
        label=_("With"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Not named"),
    )
    happened_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty means now."),
    )
    summary = forms.CharField(
        label=_("What was said"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "data-key": "l"}),
        error_messages={"required": _("Write in a few words what was said.")},
    )
    sentiment = forms.TypedChoiceField(
        label=_("Tone"),
        choices=[("", _("Not said")), *((tone, word) for tone, (_band, word) in TONES.items())],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "log")
        super().__init__(*args, **kwargs)
        today = time.today()
        present = Contact.objects.filter(
            Q(active_until__isnull=True) | Q(active_until__gt=today),
            customer=customer,
            archived_at__isnull=True,
        )
        self.fields["contact"] = forms.ModelChoiceField(
            label=_("With"), queryset=present, required=False, empty_label=_("Not named")
        )

    def clean_happened_at(self) -> dt.datetime:
        """Return when it happened, now where nothing was given; the future is refused."""
        given: dt.datetime | None = self.cleaned_data["happened_at"]
        now = time.now()
        if given is not None and given > now:
            raise forms.ValidationError(
                _("This lies in the future. Give a time that has passed, or none for now.")
            )
        return given or now
