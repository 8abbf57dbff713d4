"""What must travel upwards: an event row now, its subscribers (config/pipeline.py) after the commit."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from core.models import Event

_bells: list[Callable[[], None]] = []


def emit(kind: str, *, customer_id: int | None = None, **payload: Any) -> Event:
    """Record that something happened, inside the transaction that made it happen.

    `kind` is a dotted name such as `customer.changed` or `fact.changed`; `payload` holds plain values.
    A `fact.changed` names the days it touches: `first` and `last` (ISO dates, `last` null = until now).
    """
    event = Event.objects.create(kind=kind, customer_id=customer_id, payload=payload)
    for bell in _bells:
        transaction.on_commit(bell)
    return event


def emit_many(kind: str, *, customer_ids: Iterable[int], **payload: Any) -> None:
    """Record the same happening for many customers, in a fixed number of statements."""
    Event.objects.bulk_create(
        [Event(kind=kind, customer_id=key, payload=payload) for key in customer_ids], batch_size=1000
    )
    for bell in _bells:
        transaction.on_commit(bell)


def ring_with(bell: Callable[[], None]) -> None:
    """Register what is rung after a commit that emitted events (done once, by `config`)."""
    if bell not in _bells:
        _bells.append(bell)
