"""The form of a cell of the strategy matrix."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FocusedForm
from playbooks.services.strategy import MOST_DAYS
from surveys.models import Survey
from workspace.strategy.matrix import Cell


class StrategyForm(FocusedForm):
    """What a cell is for, how often its customers are talked to, which surveys they get."""

    purpose = forms.CharField(
        label=_("Purpose"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    touch_days = forms.IntegerField(
        label=_("Talk to them every, days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("Empty: no rhythm; then only playbooks reach them."),
    )
    surveys = forms.ModelMultipleChoiceField(
        label=_("Surveys"),
        required=False,
        queryset=Survey.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, cell: Cell) -> None:
        shown = {
            "purpose": cell.purpose,
            "touch_days": cell.touch_days,
            "surveys": [row.pk for row in cell.surveys],
        }
        super().__init__(data, initial=shown)
        self.fields["surveys"].queryset = Survey.objects.filter(archived_at=None)  # type: ignore[attr-defined]
