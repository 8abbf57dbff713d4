"""The strategy of a cell, said in the team's own words."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.principals import Principal
from core import time
from playbooks.models import Strategy
from playbooks.services.records import record_note
from surveys.models import Survey

MOST_DAYS = 730


@transaction.atomic
def strategy_set(
    *,
    actor: Principal | None,
    segment: str,
    stage: str,
    purpose: str,
    touch_days: int | None,
    surveys: Iterable[Survey] = (),
) -> Strategy:
    """Say what a cell is for, every how many days its customers are talked to, and which surveys go to them.

    Raises ValidationError by field.
    """
    if touch_days is not None and not 1 <= touch_days <= MOST_DAYS:
        raise ValidationError({"touch_days": _("Give a number from 1 to %(n)s.") % {"n": MOST_DAYS}})
    row, _made = Strategy.objects.select_for_update().get_or_create(segment=segment, stage=stage)
    before = {"purpose": row.purpose, "touch_days": row.touch_days}
    asked_before = sorted(row.surveys.values_list("name", flat=True))
    row.purpose, row.touch_days, row.recorded_at = purpose.strip(), touch_days, time.now()
    row.save()
    row.surveys.set(surveys)
    after = {"purpose": row.purpose, "touch_days": row.touch_days}
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    asked = sorted(row.surveys.values_list("name", flat=True))
    if asked != asked_before:
        changes["surveys"] = (", ".join(asked_before), ", ".join(asked))
    if changes:
        record_note(actor, row, "strategy.updated", changes)
    return row
