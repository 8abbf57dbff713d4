"""What is done and long past is taken out of the tables of work, a piece at a time."""

import datetime as dt

from accounts.models import WebhookMessage
from core import time
from core.calls import remembering
from core.models import Event, LeasedQuerySet
from ingest.problems import keeping as problems
from metrics.health import keeping
from metrics.models import NightShard

KEPT_FOR = dt.timedelta(days=90)  # long enough to look into what happened
AT_ONCE = 2000  # rows of a table that one statement takes, so that nobody waits for it
TABLES = (Event, NightShard, WebhookMessage)


def due() -> bool:
    """Tell whether there is something to take out."""
    return (
        keeping.past().exists()
        or problems.past().exists()
        or remembering.past().exists()
        or any(rows.exists() for rows in _past())
    )


def tidy() -> int:
    """Delete a piece of each table; return how many rows went."""
    taken = keeping.tidy() + remembering.tidy() + problems.tidy()
    for rows in _past():
        piece = rows.order_by("due_at").values("pk")[:AT_ONCE]
        taken += rows.model._default_manager.filter(pk__in=piece).delete()[0]
    return taken


def _past() -> list[LeasedQuerySet]:
    return [table.objects.done_before(time.now() - KEPT_FOR) for table in TABLES]
