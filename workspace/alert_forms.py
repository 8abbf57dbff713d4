"""The form of an alert rule, with the sentence it makes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FocusedForm
from customers.models import Segment, Stage
from playbooks.alerts.kinds import MOST_AMOUNT, MOST_DAYS, Kind
from playbooks.alerts.words import rule_sentence
from playbooks.models import AlertRule


class RuleForm(FocusedForm):
    """What a rule of a kind asks for, for whom, and whether it is looked at."""

    segment = forms.ChoiceField(
        label=_("Segment"), required=False, choices=[("", _("All")), *Segment.choices]
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All")), *Stage.choices])
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, data: Any = None, *, kind: Kind, rule: AlertRule | None = None) -> None:
        self.kind, self.rule = kind, rule
        names = ("days", "amount", "segment", "stage", "active")
        super().__init__(data, initial={name: getattr(rule, name) for name in names} if rule else None)
        asked = (("amount", kind.amount_word, MOST_AMOUNT), ("days", kind.days_word, MOST_DAYS))
        for name, word, most in asked:
            if word:
                self.fields[name] = forms.IntegerField(label=word, min_value=0, max_value=most)
        self.order_fields(["days", "amount"])

    @property
    def sentence(self) -> str:
        """What the rule says with what is in the form, as far as that can be read."""
        said = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else self.initial
        return rule_sentence(AlertRule(kind=self.kind.key, days=said.get("days"), amount=said.get("amount")))
