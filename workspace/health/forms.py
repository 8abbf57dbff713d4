"""What a person says of a customer's health."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, FocusedForm


class WordForm(FocusedForm):
    """A score from 0 to 100, why, and until when."""

    score = forms.DecimalField(
        label=_("Score"),
        min_value=0,
        max_value=100,
        decimal_places=1,
        help_text=_(
            "0 to 100. 70 and more is healthy, under 40 at risk, unless the scorecard says otherwise."
        ),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    expires_on = DayField(label=_("Until"), help_text=_("It counts until the day before."))

    def hundredths(self) -> dict[str, Any]:
        """Return what was typed as the service takes it."""
        data = dict(self.cleaned_data)
        return data | {"score": int(Decimal(data["score"]) * 100)}
