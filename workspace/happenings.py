"""What webhooks are told of that is nobody's change: alerts that opened and ended, answers that came.

A look finds what no message was written for yet, so a process that dies between the two leaves nothing untold; the
message's id is made of the row, so looking twice tells once.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounts.models import Webhook, WebhookMessage
from accounts.webhooks import types
from accounts.webhooks.announce import Happening, announce
from core import time
from playbooks.models import Alert
from surveys.models import Response

KIND = "happenings"
NEWS = dt.timedelta(days=2)  # what is older is none
AT_ONCE = 500
AUDITED = {
    "alert.dismissed": _("An alert was dismissed"),
    "alert.snoozed": _("An alert was put off"),
    "run.started": _("A playbook was started for a customer"),
    "run.finished": _("A playbook was finished for a customer"),
    "run.stopped": _("A playbook was stopped for a customer"),
}


@dataclass(frozen=True)
class Source:
    """A kind of happening: its label, the rows that make it up, when each happened, and what is told of it."""

    kind: str
    label: Any
    rows: Callable[[], QuerySet[Any]]
    at: str
    tell: Callable[[Any], Mapping[str, Any]]


def _alert(row: Alert) -> dict[str, Any]:
    return {"id": row.pk, "customer_id": row.customer_id, "rule": row.rule_id, "scope": row.scope}


def _answer(row: Response) -> dict[str, Any]:
    return {"id": row.pk, "customer_id": row.customer_id, "survey": row.survey}


SOURCES = (
    Source("alert.opened", _("An alert opened"), Alert.objects.all, "opened_at", _alert),
    Source("alert.ended", _("An alert's cause is gone"), Alert.objects.all, "ended_at", _alert),
    Source(
        "response.received",
        _("A customer answered a survey"),
        Response.objects.counted,
        "recorded_at",
        _answer,
    ),
)


def register_happenings() -> None:
    """Let webhooks choose them."""
    for kind, label in {**AUDITED, **{one.kind: one.label for one in SOURCES}}.items():
        types.add(kind, label)


def due() -> bool:
    """Tell whether something happened that a webhook asked for and no message says."""
    return any(rows.exists() for _, rows in _untold())


def tell() -> int:
    """Write the messages of a piece of what happened; return how many."""
    told = 0
    for source, rows in _untold():
        told += announce(
            Happening(
                kind=source.kind,
                key=f"{source.kind}_{row.pk}",
                data=source.tell(row),
                at=getattr(row, source.at),
            )
            for row in rows.order_by("pk")[:AT_ONCE]
        )
    return told


def _untold() -> list[tuple[Source, QuerySet[Any]]]:
    """Return for each kind, and each webhook that asked for it, the rows it was not told of since it was set up."""
    found = []
    for webhook in Webhook.objects.filter(disabled_at=None).only("pk", "types", "created_at"):
        since = max(time.now() - NEWS, webhook.created_at)
        for source in SOURCES:
            if source.kind in webhook.types:
                key = Concat(Value(f"msg_{source.kind}_"), Cast(OuterRef("pk"), CharField()))
                told = WebhookMessage.objects.filter(webhook=webhook, message_id=key)
                rows = source.rows().filter(**{f"{source.at}__gte": since}).exclude(Exists(told))
                found.append((source, rows))
    return found
