"""Segment and stage rules as rows of a form; an empty row is no rule."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.forms import MoneyField
from customers.models import Segment, SegmentRule, Stage, StageRule
from customers.stages import StageMove

CONDITIONS = 3
SPARE_ROWS = 2
WHAT = [
    ("", "—"),
    ("mrr:gte", _("MRR from")),
    ("mrr:lt", _("MRR below")),
    ("seats:gte", _("Seats from")),
    ("seats:lt", _("Seats below")),
    ("plan:is", _("Plan is")),
    ("plan:is_not", _("Plan is not")),
    ("tag:is", _("Has the tag")),
    ("tag:is_not", _("Has not the tag")),
]


class SegmentRuleForm(forms.Form):
    """One rule: a segment and up to three conditions that must all hold."""

    segment = forms.ChoiceField(label=_("Segment"), required=False, choices=[("", "—"), *Segment.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(CONDITIONS):
            self.fields[f"what{number}"] = forms.ChoiceField(
                label=_("Condition"), required=False, choices=WHAT
            )
            self.fields[f"value{number}"] = forms.CharField(label=_("Value"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        """Read the conditions."""
        data = super().clean() or {}
        conditions = [
            one for number in range(CONDITIONS) if (one := self._condition(data, number)) is not None
        ]
        if conditions and not data.get("segment"):
            self.add_error("segment", _g("Choose the segment this rule leads to."))
        data["conditions"] = conditions
        return data

    def _condition(self, data: dict[str, Any], number: int) -> dict[str, Any] | None:
        what, text = data.get(f"what{number}") or "", (data.get(f"value{number}") or "").strip()
        if not what:
            if text:
                self.add_error(f"what{number}", _g("Say what this value is about, or leave it empty."))
            return None
        field, op = what.split(":")
        if not text:
            self.add_error(f"value{number}", _g("Fill in the value, or take the condition away."))
            return None
        try:
            value = _value(field, text)
        except ValidationError as wrong:
            self.add_error(f"value{number}", wrong)
            return None
        return {"field": field, "op": op, "value": value}

    def pairs(self) -> list[tuple[Any, Any]]:
        """Return the conditions' fields, two by two, for the page."""
        return [(self[f"what{number}"], self[f"value{number}"]) for number in range(CONDITIONS)]


def _value(field: str, text: str) -> int | str:
    if field == "mrr":
        return int(MoneyField().clean(text))
    if field == "seats":
        if not text.isdecimal() or len(text) > 9:
            raise ValidationError(_g("Write a whole number."))
        return int(text)
    return text


class StageRuleForm(forms.Form):
    """One move."""

    from_stage = forms.ChoiceField(label=_("From"), required=False, choices=[("", "—"), *Stage.choices])
    to_stage = forms.ChoiceField(label=_("To stage"), required=False, choices=[("", "—"), *Stage.choices])
    days = forms.IntegerField(label=_("Days"), required=False, min_value=0, max_value=10_000)
    basis = forms.ChoiceField(
        label=_("Counted from"),
        choices=[
            (StageRule.Basis.ENTERED, _("entering the stage")),
            (StageRule.Basis.STARTED, _("the customer's start")),
            (StageRule.Basis.ACTIVATED, _("being activated")),
            (StageRule.Basis.GREEN, _("the first of as many green days, once renewed")),
        ],
        initial=StageRule.Basis.ENTERED,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a whole rule, or none."""
        data = super().clean() or {}
        given = [data.get("from_stage"), data.get("to_stage"), data.get("days") is not None]
        if any(given) and not all(given) and not self.errors:
            raise ValidationError(_g("Fill in both stages and the days, or leave the row empty."))
        return data

    def move(self) -> StageMove | None:
        """Return the move of a filled row."""
        data = self.cleaned_data
        if not data.get("from_stage"):
            return None
        return StageMove(data["from_stage"], data["to_stage"], data["basis"], data["days"])


SegmentRules = forms.formset_factory(SegmentRuleForm, extra=SPARE_ROWS, max_num=30, can_order=False)
StageRules = forms.formset_factory(StageRuleForm, extra=SPARE_ROWS, max_num=20)


def segment_initial() -> list[dict[str, Any]]:
    """Return the rules in force as the form's rows."""
    rows = []
    for rule in SegmentRule.objects.all():
        row: dict[str, Any] = {"segment": rule.segment}
        for number, one in enumerate(rule.conditions[:CONDITIONS]):
            row[f"what{number}"] = f"{one['field']}:{one['op']}"
            value = one["value"]
            row[f"value{number}"] = MoneyField().prepare_value(value) if one["field"] == "mrr" else value
        rows.append(row)
    return rows


def stage_initial() -> list[dict[str, Any]]:
    """Return the moves in force as the form's rows."""
    fields = ("from_stage", "to_stage", "days", "basis")
    return list(StageRule.objects.filter(active=True).values(*fields))


def segment_rows(formset: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the filled rows of a valid form in their order."""
    return [
        (form.cleaned_data["segment"], form.cleaned_data["conditions"])
        for form in formset
        if form.cleaned_data.get("segment")
    ]
