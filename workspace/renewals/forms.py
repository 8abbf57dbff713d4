"""The form of a renewal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FocusedForm, MoneyField
from playbooks.models import Call, Renewal

NAMES = ("call", "stage", "amount_cents", "expansion_cents", "note")


class RenewalForm(FocusedForm):
    """How a renewal stands and what is expected of it; of one that is decided only the note."""

    call = forms.ChoiceField(
        label=_("Our call"),
        choices=[("", _("No call yet")), *Call.choices],
        required=False,
        help_text=_("What you expect, whatever the forecast says. Both are kept and judged later."),
    )
    stage = forms.ChoiceField(label=_("Stage of the talk"), choices=Renewal.Stage.choices)
    amount_cents = MoneyField(
        label=_("Expected amount"), required=False, help_text=_("Of the whole next term. Empty: as it was.")
    )
    expansion_cents = MoneyField(label=_("Expected expansion, a month"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, renewal: Renewal) -> None:
        super().__init__(data, initial={name: getattr(renewal, name) for name in NAMES})
        if renewal.state in (Renewal.State.WON, Renewal.State.LOST):
            for name in NAMES[:-1]:
                del self.fields[name]

    def clean_expansion_cents(self) -> int:
        """Return 0 where nothing is said."""
        said: int = self.cleaned_data["expansion_cents"] or 0
        return said
