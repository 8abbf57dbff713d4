"""Escalations: opened, changed, closed with what was learned, opened again."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.principals import Principal
from core import time
from customers.models import Customer
from customers.services.facts import check_live
from playbooks.models import Escalation
from playbooks.services.records import record_create, record_update

FIELDS = ("title", "severity", "cause", "body", "owner", "due_on")


@transaction.atomic
def escalation_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Escalation:
    """Take a problem up. Raises ValidationError by field."""
    _known(fields)
    check_live(customer)
    row = Escalation(
        customer=customer, opened_on=time.today(), author=None if actor is None else actor.person, **fields
    )
    return record_create(actor=actor, row=row, check=_check, action="escalation.opened")


@transaction.atomic
def escalation_update(
    *, actor: Principal | None, escalation: Escalation, changes: Mapping[str, Any]
) -> Escalation:
    """Change an escalation that is open. Raises ValidationError by field."""
    _known(changes)
    if escalation.closed_on is not None:
        raise ValidationError(_("This escalation is closed. Open it again before you change it."))
    return record_update(
        actor=actor, row=escalation, changes=changes, check=_check, action="escalation.updated"
    )


@transaction.atomic
def escalation_close(*, actor: Principal | None, escalation: Escalation, learned: str) -> Escalation:
    """Close an escalation with what was learned. Raises ValidationError."""
    said = learned.strip()
    if not said:
        raise ValidationError({"learned": _("Say what was learned; the next one is shorter for it.")})
    if escalation.closed_on is not None:
        raise ValidationError(_("This escalation is closed already."))
    changes = {"closed_on": time.today(), "learned": said}
    return record_update(
        actor=actor, row=escalation, changes=changes, check=_check, action="escalation.closed"
    )


@transaction.atomic
def escalation_reopen(*, actor: Principal | None, escalation: Escalation) -> Escalation:
    """Open an escalation again; what was learned stays written. Raises ValidationError."""
    if escalation.closed_on is None:
        raise ValidationError(_("This escalation is open."))
    changes = {"closed_on": None}
    return record_update(
        actor=actor, row=escalation, changes=changes, check=_check, action="escalation.reopened"
    )


def _known(fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of an escalation: {sorted(unknown)}")


def _check(row: Escalation) -> None:
    row.title, row.body = " ".join(row.title.split()), row.body.strip()
    wrong: dict[str, str] = {}
    if not row.title:
        wrong["title"] = _("Say in a few words what is wrong.")
    if row.due_on is not None and row.due_on < row.opened_on:
        wrong["due_on"] = _("Choose the day it was opened or a later one.")
    if wrong:
        raise ValidationError(wrong)
