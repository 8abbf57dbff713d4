"""A customer's stage moved by hand: when and why are part of its history."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import events, time
from customers.models import Customer, CustomerHistory, Stage
from customers.models.customer import Decided
from customers.services.history import history_record


@transaction.atomic
def stage_change(
    *, actor: Principal | None, customer: Customer, stage: str, on: dt.date, reason: str = ""
) -> Customer:
    """Move a customer to a stage by hand, or for a playbook, from a day on (today or before, not before its last move).

    Raises `ValidationError` when the stage is unknown or is the one it is in, or the day does not fit.
    """
    row = Customer.objects.select_for_update().get(pk=customer.pk)
    _check_move(row, stage, on)
    before = {"stage": row.stage, "stage_by": row.stage_by, "stage_since": row.stage_since}
    after = {"stage": stage, "stage_by": str(Decided.HAND), "stage_since": on}
    row.stage, row.stage_by, row.stage_since = stage, Decided.HAND, on
    row.version += 1
    row.save(update_fields=["stage", "stage_by", "stage_since", "version", "updated_at"])
    history_record(
        customer=row,
        field=CustomerHistory.Field.STAGE,
        value=stage,
        before=str(before["stage"]),
        valid_from=on,
        decided_by=Decided.HAND,
        actor=actor,
        reason=reason.strip(),
    )
    changes = audit.field_changes(before, after)
    if reason.strip():
        changes["reason"] = (None, reason.strip())
    audit.record(
        actor=actor,
        action="customer.stage_changed",
        subject=row,
        changes=changes,
        customer_id=row.pk,
        label=row.name,
    )
    events.emit("fact.changed", customer_id=row.pk, first=on.isoformat(), last=None, what="stage")
    return row


def _check_move(row: Customer, stage: str, on: dt.date) -> None:
    if stage not in Stage.values:
        raise ValidationError({"stage": _("Choose one of the stages.")})
    if stage == row.stage:
        raise ValidationError({"stage": _("The customer is in this stage already.")})
    if on > time.today():
        raise ValidationError({"on": _("This day is still to come. Choose today or a day before.")})
    last = (
        CustomerHistory.objects.filter(
            customer=row, field=CustomerHistory.Field.STAGE, superseded_at__isnull=True, valid_from__gt=on
        )
        .order_by("-valid_from")
        .first()
    )
    if last:
        raise ValidationError(
            {
                "on": _("The stage changed on %(day)s already. Choose that day or a later one.")
                % {"day": date_format(last.valid_from, "SHORT_DATE_FORMAT")}
            }
        )
