"""The segment and stage rules as an admin sets them; saved, they are applied at once."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import time
from customers.models import Segment, SegmentRule, Stage, StageRule
from customers.segments import Rule, RuleError, rules_from
from customers.services.ruled import segments_apply, stages_apply
from customers.stages import StageMove

SegmentRow = tuple[str, list[dict[str, Any]]]


def segment_rules_checked(rows: Sequence[SegmentRow]) -> list[Rule]:
    """Read an ordered list of (segment, conditions). Raises `ValidationError` saying which rule is wrong."""
    for number, (segment, conditions) in enumerate(rows, start=1):
        if segment not in Segment.values:
            raise ValidationError(_("Rule %(n)s has no segment. Choose one.") % {"n": number})
        if not conditions and number < len(rows):
            raise ValidationError(
                _("Rule %(n)s has no condition, so the rules after it would never be reached. Put it last.")
                % {"n": number}
            )
        try:
            rules_from([(segment, conditions)])
        except RuleError:
            raise ValidationError(
                _("Rule %(n)s has a condition that is not complete. Fill it in or leave it empty.")
                % {"n": number}
            ) from None
    return rules_from(rows)


@transaction.atomic
def segment_rules_set(*, actor: Principal, rows: Sequence[SegmentRow]) -> int:
    """Replace the ordered list of segment rules and apply it; return how many customers moved."""
    segment_rules_checked(rows)
    before = list(SegmentRule.objects.values_list("segment", "conditions"))
    after = [(segment, list(conditions)) for segment, conditions in rows]
    if [list(row) for row in before] != [list(row) for row in after]:
        # The rules are settings, and the audit trail keeps the whole list they were.
        SegmentRule.objects.all().delete()
        SegmentRule.objects.bulk_create(
            [
                SegmentRule(position=position, segment=segment, conditions=conditions)
                for position, (segment, conditions) in enumerate(after, start=1)
            ]
        )
        audit.record(
            actor=actor,
            action="segment_rules.changed",
            subject=(SegmentRule._meta.label_lower, "all"),
            changes={"rules": (_told(before), _told(after))},
        )
    return segments_apply(day=time.today(), actor=actor)


def _told(rows: Sequence[SegmentRow]) -> list[dict[str, Any]]:
    return [{"segment": segment, "conditions": conditions} for segment, conditions in rows]


def stage_moves_checked(moves: Sequence[StageMove]) -> None:
    """Refuse a list of moves that makes no sense. Raises `ValidationError` saying which one."""
    for number, move in enumerate(moves, start=1):
        if move.from_stage not in Stage.values or move.to_stage not in Stage.values:
            raise ValidationError(_("Rule %(n)s has no stage. Choose one.") % {"n": number})
        if move.from_stage == move.to_stage:
            raise ValidationError(_("Rule %(n)s leads to the stage it starts from.") % {"n": number})
        if move.basis not in StageRule.Basis.values or not 0 <= move.days <= 10_000:
            raise ValidationError(_("Rule %(n)s needs a number of days from 0 to 10,000.") % {"n": number})
    pairs = {(move.from_stage, move.to_stage) for move in moves}
    for move in moves:
        if (move.to_stage, move.from_stage) in pairs:
            raise ValidationError(
                _("Two rules lead to and fro between the same stages. Customers would move each night.")
            )


@transaction.atomic
def stage_rules_set(*, actor: Principal, moves: Sequence[StageMove]) -> int:
    """Replace the stage rules and apply them; return how many customers moved."""
    stage_moves_checked(moves)
    fields = ("from_stage", "to_stage", "basis", "days")
    before = [list(row) for row in StageRule.objects.filter(active=True).values_list(*fields)]
    after = [[move.from_stage, move.to_stage, move.basis, move.days] for move in moves]
    if before != after:
        StageRule.objects.all().delete()
        StageRule.objects.bulk_create([StageRule(**dict(zip(fields, row, strict=True))) for row in after])
        audit.record(
            actor=actor,
            action="stage_rules.changed",
            subject=(StageRule._meta.label_lower, "all"),
            changes={"rules": (before, after)},
        )
    return stages_apply(day=time.today(), actor=actor)
