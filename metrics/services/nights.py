"""A night computed again because a person asks for it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import bells, time
from core.models import WorkState
from metrics import nights
from metrics.models import Night, NightShard, UsageRolled
from metrics.scope import cell


def night_repeat(*, actor: Principal, day: dt.date) -> None:
    """Have the night of a closed day computed anew from its facts, roll-ups included, told and checked again.

    A day without a night gets one. Raises ValidationError for a day that is not over or before the first fact.
    """
    begin = nights.first_day()
    if day > nights.last_closed_day() or begin is None or day < begin:
        raise ValidationError(
            _("There is no night to run for that day: it is not over, or before the first fact.")
        )
    with transaction.atomic():
        Night.objects.bulk_create([Night(day=day)], ignore_conflicts=True)
        night = Night.objects.select_for_update().get(day=day)
        UsageRolled.objects.filter(day=day).delete()
        shards = [
            NightShard(night=night, low=low, high=cell(low).high, due_at=time.now()) for low in nights.cells()
        ]
        NightShard.objects.bulk_create(
            shards,
            update_conflicts=True,
            unique_fields=["night", "low"],
            update_fields=["state", "due_at", "leased_until", "attempts", "error"],
        )
        changes: dict[str, object] = {"told_at": None, "checked_at": None, "failed_step": "", "error": ""}
        if night.state != WorkState.DONE:
            changes["state"] = WorkState.RUNNING
        Night.objects.filter(pk=night.pk).update(**changes)
        audit.record(actor=actor, action="night.repeated", subject=night, label=day.isoformat())
    for kind in ("nights", "telling"):
        bells.ring(kind)
