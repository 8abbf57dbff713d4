"""Targets: what a figure should be by a day, for all customers or for one slice."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import time
from customers.models import Segment, Stage
from metrics import figures  # noqa: F401 - registers them
from metrics.models import Target
from metrics.registry import FIGURES
from metrics.slices import NONE

FIELDS = ("key", "slice", "due_on", "value")
_KNOWN_PARTS = {"segment": [*Segment.values, NONE], "stage": [*Stage.values, NONE]}


@transaction.atomic
def target_create(
    *, actor: Principal | None, key: str, due_on: dt.date, value: Decimal, slice: str = ""
) -> Target:
    """Set what a figure should be by a day. Raises ValidationError by field."""
    target = Target(key=key, slice=slice, due_on=due_on, value=value)
    _check(target)
    target.save()
    changes = {name: (None, getattr(target, name)) for name in FIELDS}
    audit.record(actor=actor, action="target.created", subject=target, changes=changes)
    return target


@transaction.atomic
def target_update(*, actor: Principal | None, target: Target, changes: Mapping[str, Any]) -> Target:
    """Change any of `FIELDS` of a target. Raises ValidationError by field."""
    row = Target.objects.select_for_update().get(pk=target.pk)
    changed = audit.field_changes({name: getattr(row, name) for name in changes}, changes)
    if not changed:
        return row
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row)
    row.recorded_at = time.now()
    row.save()
    audit.record(actor=actor, action="target.updated", subject=row, changes=changed)
    return row


@transaction.atomic
def target_delete(*, actor: Principal | None, target: Target) -> None:
    """Take a target away; the audit trail keeps what it said."""
    row = Target.objects.select_for_update().get(pk=target.pk)
    changes = {name: (getattr(row, name), None) for name in FIELDS}
    audit.record(actor=actor, action="target.removed", subject=row, changes=changes)
    row.delete()


def _check(target: Target) -> None:
    figure = FIGURES.get(target.key)
    if figure is None:
        raise ValidationError(
            {
                "key": _("There is no figure “%(key)s”. Give one of: %(keys)s.")
                % {"key": target.key, "keys": ", ".join(FIGURES)}
            }
        )
    _check_slice(target, figure.cuts)
    same = Target.objects.filter(key=target.key, slice=target.slice, due_on=target.due_on)
    if same.exclude(pk=target.pk).exists():
        raise ValidationError(
            {"due_on": _("This figure has a target for this day already. Change that one instead.")}
        )


def _check_slice(target: Target, cuts: tuple[str, ...]) -> None:
    if not target.slice:
        return
    by, _equals, part = target.slice.partition("=")
    if not cuts:
        raise ValidationError({"slice": _("This figure is told for all customers only. Leave it empty.")})
    if by not in cuts or not part:
        sentence = _("Leave it empty for all customers, or write it like segment=mid, with one of: %(cuts)s.")
        raise ValidationError({"slice": sentence % {"cuts": ", ".join(cuts)}})
    if part not in _KNOWN_PARTS.get(by, [part]):
        sentence = _("There is no %(slice)s. Give one of: %(parts)s.")
        raise ValidationError(
            {"slice": sentence % {"slice": target.slice, "parts": ", ".join(_KNOWN_PARTS[by])}}
        )
