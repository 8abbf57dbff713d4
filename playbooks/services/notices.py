"""How a person wants to work and be told; the channels that hear of alerts."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.principals import Principal
from core.outgoing.addresses import AddressRefused, reachable
from core.sealed import seal
from playbooks.models import AlertChannel, WorkWish
from playbooks.models.notice import MOST_CAPACITY
from playbooks.services.records import record_note

WISH_FIELDS = ("capacity", "alert_mail", "whose", "digest_at", "quiet_from", "quiet_to")


def wish_of(user: User) -> WorkWish:
    """Return what a person wished, or what holds without a wish."""
    return WorkWish.objects.filter(user=user).first() or WorkWish(user=user)


@transaction.atomic
def wish_set(*, actor: Principal | None, user: User, changes: Mapping[str, Any]) -> WorkWish:
    """Keep how a person wants to work. Raises ValidationError by field."""
    unknown = set(changes) - set(WISH_FIELDS)
    if unknown:
        raise TypeError(f"not a wish: {sorted(unknown)}")
    row, _made = WorkWish.objects.select_for_update(of=("self",)).get_or_create(user=user)
    before = {name: audit.plain(getattr(row, name)) for name in WISH_FIELDS}
    for name, value in changes.items():
        setattr(row, name, value)
    if not 1 <= row.capacity <= MOST_CAPACITY:
        raise ValidationError({"capacity": _("Give a number from 1 to %(n)s.") % {"n": MOST_CAPACITY}})
    if (row.quiet_from is None) != (row.quiet_to is None):
        raise ValidationError({"quiet_to": _("Give both ends of the quiet hours, or none.")})
    row.save()
    changed = {
        name: (str(before[name]), str(getattr(row, name)))
        for name in WISH_FIELDS
        if str(before[name]) != str(audit.plain(getattr(row, name)))
    }
    if changed:
        audit.record(actor=actor, action="work_wish.updated", subject=row, changes=changed, label=str(user))
    return row


@transaction.atomic
def channel_save(
    *,
    actor: Principal | None,
    channel: AlertChannel | None,
    name: str,
    kind: str,
    url: str = "",
    red_only: bool = True,
    active: bool = True,
) -> AlertChannel:
    """Set up a channel or change it; an empty address keeps the one there is. Raises ValidationError by field."""
    row = channel or AlertChannel()
    row.name, row.kind, row.red_only, row.active = " ".join(name.split()), kind, red_only, active
    if AlertChannel.objects.exclude(pk=row.pk).filter(name__iexact=row.name).exists():
        raise ValidationError({"name": _("There is such a channel already.")})
    if url:
        try:
            reachable(url)
        except AddressRefused as refusal:
            raise ValidationError({"url": str(refusal)}) from refusal
        row.url_sealed, row.said = seal(url.strip()), ""
    if not row.url_sealed:
        raise ValidationError({"url": _("Enter the address that the chat gave you.")})
    row.save()
    action = "alert_channel.created" if channel is None else "alert_channel.updated"
    record_note(actor, row, action, {"name": (None, row.name), "active": (None, row.active)})
    return row


@transaction.atomic
def channel_remove(*, actor: Principal | None, channel: AlertChannel) -> None:
    """Take a channel away; what waits for it is not told any more."""
    record_note(actor, channel, "alert_channel.removed", {"name": (channel.name, None)})
    channel.delete()
