"""What must travel upwards: an event row now, its subscribers (config/pipeline.py) after the commit."""

from collections.abc import Iterable, Mapping
from typing import Any

from core import bells, time
from core.insert_many import insert_many
from core.models import Event, WorkState


def emit(kind: str, *, customer_id: int | None = None, **payload: Any) -> Event:
    """Record that something happened, inside the transaction that made it happen.

    `kind` is a dotted name such as `customer.changed` or `fact.changed`; `payload` holds plain values.
    A `fact.changed` names the days it touches: `first` and `last` (ISO dates, `last` null = until now).
    """
    event = Event.objects.create(kind=kind, customer_id=customer_id, payload=payload)
    bells.ring("events")
    return event


def emit_many(kind: str, *, customer_ids: Iterable[int], **payload: Any) -> None:
    """Record the same happening for many customers, in a fixed number of statements."""
    at = time.now()
    insert_many(
        Event,
        ((key,) for key in customer_ids),
        varying=("customer_id",),
        same={
            "kind": kind,
            "payload": payload,
            "state": WorkState.WAITING,
            "attempts": 0,
            "due_at": at,
            "error": "",
            "created_at": at,
        },
    )
    bells.ring("events")


def emit_each(kind: str, happenings: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Record that something happened to many customers, to each its own: (customer, payload), in a few statements."""
    rows = [Event(kind=kind, customer_id=key, payload=dict(payload)) for key, payload in happenings]
    if rows:
        Event.objects.bulk_create(rows, batch_size=1000)
        bells.ring("events")
