"""A happening becomes a message to each webhook that asked for its kind, in the transaction that made it happen."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import AuditEntry, Webhook, WebhookMessage
from core import bells, time

AT_ONCE = 1000


@dataclass(frozen=True)
class Happening:
    """What happened: its kind, a key that no other happening has, when, and the few values that name it.

    Messages are thin: ids to look things up with, nothing that only some may see.
    """

    kind: str
    key: str
    data: Mapping[str, Any] = field(default_factory=dict)
    at: dt.datetime | None = None


def announce(happenings: Iterable[Happening]) -> int:
    """Write the messages there are to bring; return how many. The same happening twice is one message."""
    webhooks = list(Webhook.objects.filter(disabled_at=None).only("pk", "types"))
    if not webhooks:
        return 0
    messages = [
        WebhookMessage(
            webhook=webhook,
            message_id=f"msg_{happening.key}",
            type=happening.kind,
            happened_at=happening.at or time.now(),
            data=dict(happening.data),
        )
        for happening in happenings
        for webhook in webhooks
        if happening.kind in webhook.types
    ]
    if messages:
        WebhookMessage.objects.bulk_create(messages, ignore_conflicts=True, batch_size=AT_ONCE)
        bells.ring("webhooks")
    return len(messages)


def announce_entries(entries: Iterable[AuditEntry]) -> None:
    """Announce what the audit trail has just recorded."""
    announce(
        Happening(
            kind=entry.action,
            key=f"audit_{entry.pk}",
            at=entry.at,
            data={
                "object": entry.object_type,
                "id": entry.object_id,
                "customer_id": entry.customer_id,
                "changed": entry.changed_fields,
            },
        )
        for entry in entries
    )
