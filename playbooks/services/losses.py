"""Losses written by people: notice taken, what was tried, who was saved; the reasons to choose from."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.principals import Principal
from core import time
from customers.models import Customer
from playbooks.models import Loss, LossReason
from playbooks.services.records import record_create, record_note, record_update

ABOUT = ("reason", "tried", "competitor", "comes_back", "note")
FIELDS = ("noticed_on", "whole", "mrr_cents", *ABOUT)


@transaction.atomic
def loss_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Loss:
    """Write down that a customer gave notice, or is about to. Raises ValidationError by field."""
    _known(fields)
    if Loss.objects.filter(customer=customer, state=Loss.State.NOTICE).exists():
        raise ValidationError(_("There is an open notice of this customer already. Add to that one."))
    fields["noticed_on"] = fields.get("noticed_on") or time.today()
    row = Loss(customer=customer, author=None if actor is None else actor.person, **fields)
    return record_create(actor=actor, row=row, check=_check, action="loss.noticed")


@transaction.atomic
def loss_update(*, actor: Principal | None, loss: Loss, changes: Mapping[str, Any]) -> Loss:
    """Say more about a loss. What a night found out, its amount and day, stays as it is. Raises ValidationError."""
    _known(changes)
    if loss.state == Loss.State.LOST and {"whole", "mrr_cents"} & set(changes):
        same = all(changes.get(name, getattr(loss, name)) == getattr(loss, name) for name in FIELDS[1:3])
        if not same:
            raise ValidationError({"mrr_cents": _("What was lost comes from the subscriptions. Mend them.")})
    return record_update(actor=actor, row=loss, changes=changes, check=_check, action="loss.updated")


@transaction.atomic
def loss_saved(*, actor: Principal | None, loss: Loss, saved_on: dt.date | None = None) -> Loss:
    """Say that a customer that gave notice stays. Raises ValidationError."""
    if loss.state != Loss.State.NOTICE:
        raise ValidationError(_("Only an open notice can be saved."))
    changes = {"state": Loss.State.SAVED, "saved_on": saved_on or time.today()}
    return record_update(actor=actor, row=loss, changes=changes, check=_check, action="loss.saved")


@transaction.atomic
def loss_reopen(*, actor: Principal | None, loss: Loss) -> Loss:
    """Take back that a customer was saved. Raises ValidationError."""
    if loss.state != Loss.State.SAVED:
        raise ValidationError(_("It was not saved."))
    changes = {"state": Loss.State.NOTICE, "saved_on": None}
    return record_update(actor=actor, row=loss, changes=changes, check=_check, action="loss.reopened")


@transaction.atomic
def reason_create(*, actor: Principal | None, name: str) -> LossReason:
    """Add a reason to choose from. Raises ValidationError by field."""
    last = LossReason.objects.aggregate(last=Max("position"))["last"] or 0
    row = LossReason(name=" ".join(name.split()), position=last + 1)
    _check_reason(row)
    row.save()
    record_note(actor, row, "loss_reason.created", {"name": (None, row.name)})
    return row


@transaction.atomic
def reason_update(*, actor: Principal | None, reason: LossReason, name: str, offered: bool) -> LossReason:
    """Rename a reason, put it aside or offer it again. Raises ValidationError by field."""
    row: LossReason = LossReason.objects.select_for_update().get(pk=reason.pk)
    was, was_offered = str(row), row.retired_at is None
    said = " ".join(name.split())
    if said != str(row):
        row.name = said
    _check_reason(row)
    if offered != was_offered:
        row.retired_at = None if offered else time.now()
    changes: dict[str, tuple[Any, Any]] = {} if was == str(row) else {"name": (was, str(row))}
    if offered != was_offered:
        changes["offered"] = (was_offered, offered)
    if changes:
        row.save()
        record_note(actor, row, "loss_reason.updated", changes)
    return row


def _known(fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of a loss: {sorted(unknown)}")


def _check(row: Loss) -> None:
    wrong: dict[str, str] = {}
    today = time.today()
    for name in ("tried", "note"):
        setattr(row, name, getattr(row, name).strip())
    row.competitor = " ".join(row.competitor.split())
    if row.noticed_on is None and row.state != Loss.State.LOST:
        wrong["noticed_on"] = _("Say when we heard of it.")
    if row.noticed_on is not None and row.noticed_on > today:
        wrong["noticed_on"] = _("Choose today or a day before.")
    if row.noticed_on is not None and row.lost_on is not None and row.noticed_on > row.lost_on:
        wrong["noticed_on"] = _("The notice comes before the loss.")
    if row.saved_on is not None and (row.saved_on > today or row.saved_on < (row.noticed_on or today)):
        wrong["saved_on"] = _("Choose a day from the notice to today.")
    if row.mrr_cents < 0:
        wrong["mrr_cents"] = _("The amount cannot be below zero.")
    if wrong:
        raise ValidationError(wrong)


def _check_reason(row: LossReason) -> None:
    if not str(row).strip():
        raise ValidationError({"name": _("Give the reason a name.")})
    said = str(row).casefold()
    if any(str(other).casefold() == said for other in LossReason.objects.exclude(pk=row.pk)):
        raise ValidationError({"name": _("There is such a reason already.")})
