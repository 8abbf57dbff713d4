"""What winning customers cost, a row for each month and category; written by hand or by a script."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import time
from customers.models import AcquisitionCost


@transaction.atomic
def cost_create(
    *, actor: Principal | None, month: dt.date, category: str, amount_cents: int
) -> AcquisitionCost:
    """Write what a category cost in a month (its first day). Raises `ValidationError` when it is there already."""
    row = AcquisitionCost(month=month, category=category, amount_cents=amount_cents)
    _check(row)
    row.hand_edited = ["amount_cents"]
    row.save()
    changes = {"month": (None, month), "category": (None, category), "amount_cents": (None, amount_cents)}
    audit.record(actor=actor, action="cost.created", subject=row, changes=changes)
    return row


@transaction.atomic
def cost_update(
    *, actor: Principal | None, cost: AcquisitionCost, changes: Mapping[str, Any]
) -> AcquisitionCost:
    """Correct a cost; the audit trail keeps what it said before. Raises `ValidationError` as `cost_create`."""
    row = AcquisitionCost.objects.select_for_update().get(pk=cost.pk)
    changed = audit.field_changes({name: getattr(row, name) for name in changes}, changes)
    if not changed:
        return row
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row)
    row.recorded_at = time.now()
    row.hand_edited = sorted({*row.hand_edited, *changed})
    row.save()
    audit.record(actor=actor, action="cost.updated", subject=row, changes=changed)
    return row


def check_begun(month: dt.date) -> None:
    """Refuse a month that has not begun. Raises `ValidationError`."""
    if month > time.today():
        raise ValidationError(
            {"month": _("This month has not begun yet. Costs are given for months that have begun.")}
        )


def _check(row: AcquisitionCost) -> None:
    if row.month.day != 1:
        raise ValidationError({"month": _("Give the first day of the month.")})
    check_begun(row.month)
    same = AcquisitionCost.objects.filter(month=row.month, category=row.category).exclude(pk=row.pk)
    if same.exists():
        raise ValidationError(
            {"month": _("This month has a cost of this category already. Change that one instead.")}
        )
