"""Messages are brought: claimed, posted outside every transaction, tried again over 75 hours."""

import datetime as dt
import json

from django.db import transaction

from accounts.models import Webhook, WebhookAttempt, WebhookMessage
from core import time
from core.models import WorkState
from core.outgoing.client import Answer, post
from core.outgoing.signing import sign
from core.sealed import Unsealable, unseal

LEASE = dt.timedelta(minutes=2)
AT_ONCE = 20
PAUSES = (
    dt.timedelta(seconds=5),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=5),
    dt.timedelta(hours=10),
    dt.timedelta(hours=14),
    dt.timedelta(hours=20),
    dt.timedelta(hours=24),
)
"""How long to wait after the first, second … failure: 75½ hours in all, as Standard Webhooks suggests."""
GONE = 410


def due() -> bool:
    """Tell whether a message waits to be brought."""
    return WebhookMessage.objects.claimable(time.now()).exists()


def bring() -> int:
    """Bring up to 20 messages; return how many were taken. A worker killed in between: brought again, same id."""
    taken: list[WebhookMessage] = WebhookMessage.objects.claim(limit=AT_ONCE, lease=LEASE)
    webhooks = Webhook.objects.in_bulk({message.webhook_id for message in taken})
    for message in taken:
        webhook = webhooks[message.webhook_id]
        if webhook.is_on or message.why == WebhookMessage.Why.TEST:
            _keep(message, send(webhook, message))
        else:
            _give_up(message, "off")
    return len(taken)


def payload(message: WebhookMessage) -> bytes:
    """Return the bytes that are sent and signed: type, moment and the ids to look the rest up with."""
    body = {"type": message.type, "timestamp": message.happened_at.isoformat(), "data": message.data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def send(webhook: Webhook, message: WebhookMessage) -> Answer:
    """Post a message once and return what came back."""
    now = time.now()
    body = payload(message)
    try:
        keys = [unseal(webhook.secret_sealed)]
        if webhook.old_secret_sealed and webhook.old_secret_until and webhook.old_secret_until > now:
            keys.append(unseal(webhook.old_secret_sealed))
    except Unsealable:
        return Answer(None, error="SECRET_KEY has changed: make a new signing secret for this webhook.")
    signed = sign(body, message_id=message.message_id, at=now, secrets_in_use=keys)
    return post(webhook.url, body, {"Content-Type": "application/json", **signed})


@transaction.atomic
def _keep(message: WebhookMessage, answer: Answer) -> None:
    now = time.now()
    WebhookAttempt.objects.create(
        message=message,
        at=now,
        status=answer.status,
        answer=answer.body,
        error=answer.error[:300],
        milliseconds=answer.milliseconds,
    )
    if answer.ok:
        _close(message, WorkState.DONE, "")
        return
    if answer.status == GONE:
        Webhook.objects.filter(pk=message.webhook_id, disabled_at=None).update(
            disabled_at=now, disabled_why="410"
        )
    said = answer.error or f"HTTP {answer.status}"
    last = message.attempts > len(PAUSES)
    if answer.status == GONE or last or message.why == WebhookMessage.Why.TEST:
        _close(message, WorkState.FAILED, said)
        return
    WebhookMessage.objects.filter(pk=message.pk).update(
        state=WorkState.WAITING,
        due_at=now + PAUSES[message.attempts - 1],
        leased_until=None,
        error=said[:500],
    )


def _give_up(message: WebhookMessage, why: str) -> None:
    _close(message, WorkState.FAILED, why)


def _close(message: WebhookMessage, state: WorkState, error: str) -> None:
    WebhookMessage.objects.filter(pk=message.pk).update(
        state=state, error=error[:500], leased_until=None, finished_at=time.now()
    )
