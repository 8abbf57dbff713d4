"""The ten-second entry: what was just said, to whom, and how it felt."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from core.forms import DayField
from customers.models import Contact, Customer, InsightKind, InsightTheme, Touchpoint
from workspace.timeline.conversations import TONES

LONGEST = 5000
MORE = ("promise", "promise_due", "insight", "theme")


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

    promise = forms.CharField(
        label=_("We promised"),
        required=False,
        max_length=200,
        help_text=_("Becomes a task of yours."),
    )
    promise_due = DayField(label=_("By"), required=False)
    insight = forms.ChoiceField(
        label=_("Insight"),
        choices=[("", _("None")), *InsightKind.choices],
        required=False,
        help_text=_("What was said becomes its words."),
    )
    theme = forms.ModelChoiceField(
        label=_("Theme"),
        queryset=InsightTheme.objects.none(),
        required=False,
        empty_label=_("Not sorted yet"),
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
        self.fields["theme"].queryset = InsightTheme.objects.live()  # type: ignore[attr-defined]

    @property
    def has_more(self) -> bool:
        """Whether something is said in the part that is folded away at first."""
        return any(self[name].value() for name in MORE)

    def clean_happened_at(self) -> dt.datetime:
        """Return when it happened, now where nothing was given; the future is refused."""
        given: dt.datetime | None = self.cleaned_data["happened_at"]
        now = time.now()
        if given is not None and given > now:
            raise forms.ValidationError(
                _("This lies in the future. Give a time that has passed, or none for now.")
            )
        return given or now
