"""Setting up who is told what."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Webhook, WebhookMessage
from accounts.principals import Principal
from accounts.services.secrets import secret_new as random_key
from accounts.webhooks import types
from core import bells, time
from core.models import WorkState
from core.outgoing.addresses import AddressRefused, reachable
from core.outgoing.signing import secret_new
from core.sealed import seal

OVERLAP = dt.timedelta(hours=24)
"""For how long the secret before still signs beside a new one."""


@transaction.atomic
def webhook_create(
    *, actor: Principal, url: str, types_wanted: Collection[str], description: str = ""
) -> tuple[Webhook, str]:
    """Set up a webhook; return it and its signing secret, which is shown only now.

    Raises ValidationError by field: an address Zelo must not call, no kind or an unknown one.
    """
    secret = secret_new()
    webhook = Webhook.objects.create(
        url=_checked_url(url),
        types=_checked_types(types_wanted),
        description=description.strip()[:120],
        secret_sealed=seal(secret),
        created_by=actor.person,
    )
    audit.record(
        actor=actor,
        action="webhook.created",
        subject=webhook,
        changes={"url": (None, webhook.url), "types": (None, webhook.types)},
        label=str(webhook),
    )
    return webhook, secret


@transaction.atomic
def webhook_update(*, actor: Principal, webhook: Webhook, changes: Mapping[str, Any]) -> Webhook:
    """Change address, description or kinds. Raises ValidationError by field, as `webhook_create`."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    wanted: dict[str, Any] = {}
    if "url" in changes:
        wanted["url"] = _checked_url(changes["url"])
    if "types" in changes:
        wanted["types"] = _checked_types(changes["types"])
    if "description" in changes:
        wanted["description"] = changes["description"].strip()[:120]
    changed = audit.field_changes({name: getattr(webhook, name) for name in wanted}, wanted)
    if not changed:
        return webhook
    for name in changed:
        setattr(webhook, name, wanted[name])
    webhook.save(update_fields=list(changed))
    audit.record(actor=actor, action="webhook.updated", subject=webhook, changes=changed, label=str(webhook))
    return webhook


@transaction.atomic
def webhook_rotate(*, actor: Principal, webhook: Webhook) -> tuple[Webhook, str]:
    """Make a new signing secret and return it; the one before signs beside it for 24 hours."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    secret = secret_new()
    webhook.old_secret_sealed, webhook.secret_sealed = webhook.secret_sealed, seal(secret)
    webhook.old_secret_until = time.now() + OVERLAP
    webhook.save(update_fields=["old_secret_sealed", "secret_sealed", "old_secret_until"])
    audit.record(
        actor=actor,
        action="webhook.secret_rotated",
        subject=webhook,
        changes={"old_secret_until": (None, webhook.old_secret_until)},
        label=str(webhook),
    )
    return webhook, secret


@transaction.atomic
def webhook_switch(*, actor: Principal, webhook: Webhook, on: bool) -> Webhook:
    """Switch a webhook off or on again. What happens while it is off is not told later."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if webhook.is_on == on:
        return webhook
    before = webhook.disabled_at
    webhook.disabled_at = None if on else time.now()
    webhook.disabled_why = ""
    webhook.save(update_fields=["disabled_at", "disabled_why"])
    audit.record(
        actor=actor,
        action="webhook.switched_on" if on else "webhook.switched_off",
        subject=webhook,
        changes={"disabled_at": (before, webhook.disabled_at)},
        label=str(webhook),
    )
    return webhook


@transaction.atomic
def webhook_remove(*, actor: Principal, webhook: Webhook) -> None:
    """Take a webhook away with its log; the audit trail keeps that it was there."""
    audit.record(
        actor=actor,
        action="webhook.removed",
        subject=webhook,
        changes={"url": (webhook.url, None), "types": (webhook.types, None)},
        label=str(webhook),
    )
    webhook.delete()


@transaction.atomic
def webhook_test(*, actor: Principal, webhook: Webhook) -> WebhookMessage:
    """Send a test message, once."""
    message = WebhookMessage.objects.create(
        webhook=webhook,
        message_id=f"msg_test_{random_key()}",
        type=types.TEST,
        why=WebhookMessage.Why.TEST,
        data={"object": "accounts.webhook", "id": str(webhook.pk)},
    )
    audit.record(actor=actor, action="webhook.tested", subject=webhook, label=str(webhook))
    bells.ring("webhooks")
    return message


@transaction.atomic
def message_replay(*, actor: Principal, message: WebhookMessage) -> WebhookMessage:
    """Bring a message again from the first attempt on, with its id: who has it already can tell."""
    message = WebhookMessage.objects.select_for_update().get(pk=message.pk)
    message.state = WorkState.WAITING
    message.why = WebhookMessage.Why.REPLAY
    message.attempts = 0
    message.due_at = time.now()
    message.leased_until = message.finished_at = None
    message.error = ""
    message.save()
    audit.record(
        actor=actor,
        action="webhook.replayed",
        subject=message,
        label=f"{message.type} {message.message_id}",
    )
    bells.ring("webhooks")
    return message


def _checked_url(url: str) -> str:
    try:
        reachable(url)
    except AddressRefused as refusal:
        raise ValidationError({"url": str(refusal)}) from refusal
    return url.strip()


def _checked_types(wanted: Collection[str]) -> list[str]:
    unknown = sorted(set(wanted) - set(types.known()))
    if unknown:
        raise ValidationError(
            {"types": _("There is nothing called %(names)s to be told of.") % {"names": ", ".join(unknown)}}
        )
    if not wanted:
        raise ValidationError({"types": _("Choose at least one kind of happening.")})
    return sorted(set(wanted))
