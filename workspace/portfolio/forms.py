"""The form that names a view of the portfolio."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ViewForm(forms.Form):
    """A view's name, whether the team sees it, and whether it takes over what is shown now."""

    name = forms.CharField(label=_("Name"), max_length=60)
    shared = forms.BooleanField(
        label=_("Share with the team"), required=False, help_text=_("Everybody sees it among their views.")
    )
    redefine = forms.BooleanField(
        label=_("Show what the portfolio shows now"),
        required=False,
        help_text=_("Takes over its filters, order and columns."),
    )

    def __init__(self, *args: Any, may_share: bool, redefine: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]
        if redefine:
            self.fields["redefine"].initial = True
        else:
            del self.fields["redefine"]

    @property
    def is_shared(self) -> bool:
        """Whether the team is to see it."""
        return bool(self.cleaned_data.get("shared"))
