"""A call of another system is checked and kept; it is answered only when that is durable."""

import json
from collections.abc import Mapping
from typing import Any

from core import bells, time
from core.sealed import Unsealable, unseal
from customers.erased import ErasedPeople
from ingest.connected import stripe, zendesk
from ingest.connected.sent import Sent, Unreadable
from ingest.connected.signatures import NotTheirs, check_stripe, check_zendesk
from ingest.models import Connection, Delivery
from ingest.problems.noting import Odd, note_problems

KIND = "deliveries"
READERS = {Connection.Kind.STRIPE: stripe.read_event, Connection.Kind.ZENDESK: zendesk.read_event}


def receive(connection: Connection, *, headers: Mapping[str, str], body: bytes) -> bool:
    """Keep what a call says; tell whether it is new. The same event again, however often, is one.

    Raises `NotTheirs` where the signature is missing, wrong or of another time, `Unreadable` where the body is none
    of theirs; both are counted among the problems.
    """
    try:
        _check(connection, headers, body)
        sent = READERS[Connection.Kind(connection.kind)](json.loads(body))
    except NotTheirs as wrong:
        note_problems(str(connection), [Odd(wrong.code)])
        raise
    except (Unreadable, ValueError, RecursionError) as error:
        note_problems(str(connection), [Odd("bad_event", "", body[:2000].decode("utf-8", "replace"))])
        raise Unreadable from error
    Connection.objects.filter(pk=connection.pk).update(last_at=time.now())
    if sent is None:
        return False
    return _keep(connection, sent)


def _keep(connection: Connection, sent: Sent) -> bool:
    """Keep an event; the address of somebody who was erased is not kept again."""
    email = sent.facts.get("email", "")
    if email and ErasedPeople.load().find(0, email):
        sent.facts["email"] = ""
    _, made = Delivery.objects.get_or_create(
        source=connection.kind,
        event_id=sent.event_id,
        defaults={
            "subject": sent.subject,
            "type": sent.type,
            "happened_at": sent.at,
            "facts": sent.facts,
        },
    )
    if made:
        bells.ring(KIND)
    return made


def _check(connection: Connection, headers: Mapping[str, str], body: bytes) -> None:
    try:
        secret = unseal(connection.secret_sealed)
    except Unsealable as error:  # SECRET_KEY was changed: the settings page asks for the secret again
        raise NotTheirs("bad_signature") from error
    said: Any = headers.get
    if connection.kind == Connection.Kind.STRIPE:
        check_stripe(secret=secret, header=said("Stripe-Signature", ""), body=body, now=time.now())
    else:
        check_zendesk(
            secret=secret,
            signature=said("X-Zendesk-Webhook-Signature", ""),
            timestamp=said("X-Zendesk-Webhook-Signature-Timestamp", ""),
            body=body,
            now=time.now(),
        )
