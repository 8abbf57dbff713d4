"""What makes a customer activated: published in versions, per segment or for everybody."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from customers.models import Segment
from metrics.models import ActivationCriteria, ActivationItem


@dataclass(frozen=True)
class Asked:
    """One thing asked for: so many of an event, or a milestone (once), within days of the start."""

    kind: str
    name: str
    times: int
    within_days: int

    def __str__(self) -> str:
        return f"{self.kind} {self.name} × {self.times}, {self.within_days} d"


def versions(segment: str) -> list[ActivationCriteria]:
    """Return the published versions of a segment ("" for everybody) with what they ask for, the newest first."""
    return list(
        ActivationCriteria.objects.filter(segment=segment)
        .select_related("published_by")
        .prefetch_related("items")
    )


def asked_by(criteria: ActivationCriteria) -> list[Asked]:
    """Return what a version asks for, in order."""
    return [Asked(item.kind, item.name, item.times, item.within_days) for item in criteria.items.all()]


@transaction.atomic
def activation_publish(
    *, actor: User, segment: str, applies_from: dt.date | None, asked: Sequence[Asked]
) -> ActivationCriteria | None:
    """Publish a new version; None when it would be the same as the one before.

    It holds for customers that started on `applies_from` or later, without it for all. Raises `ValidationError` for
    a segment that does not exist, and for something asked for that cannot be met or is asked for twice.
    """
    _check(segment, asked)
    before = next(iter(versions(segment)), None)
    asked_before = asked_by(before) if before else []
    if asked_before == list(asked) and (before is None or before.applies_from == applies_from):
        return None
    last = ActivationCriteria.objects.filter(segment=segment).aggregate(last=Max("version"))["last"] or 0
    criteria = ActivationCriteria.objects.create(
        segment=segment, version=last + 1, applies_from=applies_from, published_by=actor
    )
    ActivationItem.objects.bulk_create(
        ActivationItem(
            criteria=criteria,
            position=place,
            kind=one.kind,
            name=one.name,
            times=one.times,
            within_days=one.within_days,
        )
        for place, one in enumerate(asked)
    )
    record(
        actor=actor,
        action="activation.published",
        subject=criteria,
        changes={
            "asked": ([str(one) for one in asked_before], [str(one) for one in asked]),
            "applies_from": (
                before.applies_from.isoformat() if before and before.applies_from else None,
                applies_from.isoformat() if applies_from else None,
            ),
        },
    )
    return criteria


def _check(segment: str, asked: Sequence[Asked]) -> None:
    if segment and segment not in Segment.values:
        raise ValidationError(_("There is no segment “%(segment)s”.") % {"segment": segment})
    if any(not one.name or one.times < 1 or one.within_days < 1 for one in asked):
        raise ValidationError(_("Each criterion needs a name, and at least 1 time and 1 day."))
    if any(one.kind == ActivationItem.Kind.MILESTONE and one.times > 1 for one in asked):
        raise ValidationError(_("A milestone is reached once: ask for it 1 time."))
    if len({(one.kind, one.name, one.within_days) for one in asked}) < len(asked):
        raise ValidationError(_("Two criteria ask for the same; keep one of them."))
