"""Right after a fact is committed the customer it touches is scored anew, so that its page says so at once."""

import logging

from core.models import Event
from metrics.health import night
from metrics.models import HealthDay
from metrics.scope import cell_of, some

log = logging.getLogger(__name__)

AT_ONCE = 200  # a file brings thousands; those wait for the night and the hourly refill


def hear_facts_changed(events: list[Event]) -> None:
    """Score today's day again for the customers that events of the kind `fact.changed` name."""
    customers = sorted({event.customer_id for event in events if event.customer_id is not None})[:AT_ONCE]
    if not customers or not HealthDay.objects.exists():
        return
    by_cell: dict[int, list[int]] = {}
    for key in customers:
        by_cell.setdefault(cell_of(key), []).append(key)
    for keys in by_cell.values():
        night.score_today(some(keys))
