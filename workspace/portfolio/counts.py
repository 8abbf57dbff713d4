"""How many customers each view holds, kept until something changes; a change of customers is seen at once.

Every change emits an event in its own transaction, so the latest event's number names the state that was
counted, in every process. Where counting takes long, at sizes at which something changes all the time, what was counted
less than a minute ago is told all the same.
"""

import datetime as dt
import time as clock
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from zlib import crc32

from django.core.cache import cache
from django.db.models import Max

from core import time
from core.models import Event
from workspace.portfolio.portfolio import Portfolio, Registry, Total, counted
from workspace.portfolio.saved import View
from workspace.portfolio.scope import Scope

KEPT_SECONDS = 600
DEAR_SECONDS = 0.1
DEAR_KEPT = dt.timedelta(minutes=1)


def total_of(shown: Portfolio) -> Total:
    """Return the totals of what a portfolio shows, counted or as kept."""
    query = shown.state.moved().query()
    name = f"{_name(shown.scope)}:{crc32(query.encode())}"
    found: Total = _kept(name, query, shown.total)
    return found


def view_totals(scope: Scope, views: Sequence[View], known: Registry) -> dict[str, Total]:
    """Return each view's totals by its key, in at most two queries."""
    asked = {view.key: view.query for view in views}
    found: dict[str, Total] = _kept(
        _name(scope), asked, lambda: counted(scope, {view.key: view.state(known) for view in views})
    )
    return found


def _kept(name: str, asked: Any, count: Callable[[], Any]) -> Any:
    """Return what was asked, counted now or as it was kept under a name."""
    latest = Event.objects.aggregate(latest=Max("pk"))["latest"]
    kept: _Kept | None = cache.get(name)
    if kept is not None and kept.asked == asked and _holds(kept, latest):
        return kept.found
    began = clock.perf_counter()
    found = count()
    cache.set(name, _Kept(asked, latest, time.now(), clock.perf_counter() - began, found), KEPT_SECONDS)
    return found


class _Kept(NamedTuple):
    """What was counted for what, after which event, when, and how long that took."""

    asked: Any
    event: int | None
    at: dt.datetime
    seconds: float
    found: Any


def _holds(kept: _Kept, event: int | None) -> bool:
    return kept.event == event or (
        kept.seconds > DEAR_SECONDS and dt.timedelta(0) <= time.now() - kept.at < DEAR_KEPT
    )


def _name(scope: Scope) -> str:
    return f"portfolio:{_name_of(scope)}:{scope.night}:{scope.today}:{scope.past}:{scope.listed}"


def _name_of(scope: Scope) -> str:
    person = scope.user.person
    return f"{person.pk}-{person.role}" if person else "integration"
