"""Calendar feeds: a secret address per person, shown once, stored hashed, revocable."""

import datetime as dt

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.services.secrets import secret_hash, secret_new
from playbooks.models import CalendarFeed


@transaction.atomic
def feed_make(*, actor: User) -> str:
    """Make a person's calendar address anew and return its secret; an earlier address stops working."""
    raw = secret_new()
    feed, made = CalendarFeed.objects.update_or_create(
        user=actor, defaults={"key_hash": secret_hash(raw), "read_on": None}
    )
    audit.record(actor=actor, action="calendar.made" if made else "calendar.renewed", subject=feed)
    return raw


@transaction.atomic
def feed_revoke(*, actor: User) -> None:
    """Let a person's calendar address stop working."""
    for feed in CalendarFeed.objects.filter(user=actor):
        audit.record(actor=actor, action="calendar.revoked", subject=feed)
        feed.delete()


def feed_owner(raw: str, today: dt.date) -> User | None:
    """Return whose address a secret is; None for one that is unknown, revoked, or of somebody who left."""
    feed = CalendarFeed.objects.select_related("user").filter(key_hash=secret_hash(raw)).first()
    if feed is None or not feed.user.is_active:
        return None
    if feed.read_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_on=today)
    return feed.user
