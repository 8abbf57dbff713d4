"""What people say of a renewal: how the talk stands, what they expect, and their call beside the forecast."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.principals import Principal
from playbooks.models import Renewal, RenewalCall
from playbooks.services.records import record_update

FIELDS = ("stage", "call", "amount_cents", "expansion_cents", "note")


@transaction.atomic
def renewal_update(*, actor: Principal | None, renewal: Renewal, changes: Mapping[str, Any]) -> Renewal:
    """Say how a renewal stands. A changed call is kept with the forecast of that moment. Raises ValidationError.

    A renewal that is decided takes a note only: a call after the fact would not be one.
    """
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of a renewal: {sorted(unknown)}")
    current: Renewal = Renewal.objects.select_for_update().get(pk=renewal.pk)
    if current.state in (Renewal.State.WON, Renewal.State.LOST):
        late = [name for name in FIELDS[:4] if name in changes and changes[name] != getattr(current, name)]
        if late:
            raise ValidationError({late[0]: _("This renewal is decided. Only its note can change.")})
    row = record_update(actor=actor, row=current, changes=changes, check=_check, action="renewal.updated")
    if row.call and row.call != renewal_call(current):
        RenewalCall.objects.create(
            renewal=row,
            call=row.call,
            likelihood=row.likelihood,
            author=None if actor is None else actor.person,
        )
    return row


def renewal_call(renewal: Renewal) -> str:
    """Return the call that was made last, empty without one."""
    last = RenewalCall.objects.filter(renewal=renewal).values_list("call", flat=True).first()
    return last or ""


def _check(row: Renewal) -> None:
    wrong: dict[str, str] = {}
    row.note = row.note.strip()
    for name in ("amount_cents", "expansion_cents"):
        if (getattr(row, name) or 0) < 0:
            wrong[name] = _("The amount cannot be below zero.")
    if wrong:
        raise ValidationError(wrong)
