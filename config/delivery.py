"""Events reach their subscribers: claimed, heard in one transaction with the mark of it, retried with pauses."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from django.db import transaction

from core import time
from core.models import Event, WorkState

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
AT_ONCE = 100
MOST_ATTEMPTS = 8

Heard = Mapping[str, Sequence[Callable[[list[Event]], None]]]


def due() -> bool:
    """Tell whether an event waits to be heard."""
    return Event.objects.claimable(time.now()).exists()


def deliver(heard: Heard) -> int:
    """Bring up to 100 events to their subscribers, those of a kind together; return how many were taken."""
    taken: list[Event] = sorted(Event.objects.claim(limit=AT_ONCE, lease=LEASE), key=lambda event: event.kind)
    for kind, same in groupby(taken, key=lambda event: event.kind):
        _hear(list(same), heard.get(kind, ()))
    return len(taken)


def _hear(events: list[Event], subscribers: Sequence[Callable[[list[Event]], None]]) -> None:
    rows = Event.objects.filter(pk__in=[event.pk for event in events])
    try:
        with transaction.atomic():
            for subscriber in subscribers:
                subscriber(events)
            rows.update(state=WorkState.DONE, finished_at=time.now(), leased_until=None, error="")
    except Exception as error:
        if len(events) > 1:  # one bad event must not hold up the others
            for event in events:
                _hear([event], subscribers)
            return
        log.exception("Event %s failed", events[0])
        given_up = events[0].attempts >= MOST_ATTEMPTS
        rows.update(
            state=WorkState.FAILED if given_up else WorkState.WAITING,
            due_at=time.now() + dt.timedelta(minutes=2 ** events[0].attempts),
            leased_until=None,
            error=f"{type(error).__name__}: {error}"[:500],
        )
