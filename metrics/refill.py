"""Refilling: days that are done already are computed again, for the customers that a late fact touched."""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence

from core import bells, time
from core.models import WorkState
from metrics.models import Night, StaleSpan
from metrics.rollup import roll_up
from metrics.scope import Scope, cell_of, some
from metrics.stages import compute

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=10)
AT_ONCE = 500  # spans claimed together
TOGETHER = 50  # customers with like spans that are refilled in one go
PAUSE = dt.timedelta(minutes=5)


def due() -> bool:
    """Tell whether stale days wait for a worker."""
    return StaleSpan.objects.claimable(time.now()).exists()


def refill() -> int:
    """Take a batch of stale spans and compute their days again; return how many spans were taken.

    A span that is done is deleted; one that failed is tried again after a pause, with the error on it.
    """
    spans: list[StaleSpan] = StaleSpan.objects.claim(limit=AT_ONCE, lease=LEASE)
    for scope, days, of_scope in _grouped(spans):
        keys = [span.pk for span in of_scope]
        try:
            if any(span.reason == "usage" for span in of_scope):
                roll_up(days, scope)
            recompute(days, scope)
        except Exception as error:
            log.exception("Refilling %s customers failed", len(scope.ids))
            StaleSpan.objects.filter(pk__in=keys).update(
                state=WorkState.WAITING, due_at=time.now() + PAUSE, leased_until=None, error=str(error)
            )
        else:
            StaleSpan.objects.filter(pk__in=keys).delete()
    if spans:
        bells.ring("telling")
    return len(spans)


def recompute(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Compute days again in place; return those whose rows changed, which are thereby restated.

    Raises StageFailed naming the stage.
    """
    return compute(days, scope)


def opened_days(first: dt.date, last: dt.date | None) -> list[dt.date]:
    """Return the days of a span that have, or may have, rows: those whose night was begun, in order."""
    nights = Night.objects.exclude(state=WorkState.WAITING).filter(day__gte=first)
    if last is not None:
        nights = nights.filter(day__lte=last)
    return list(nights.order_by("day").values_list("day", flat=True))


def _grouped(spans: Iterable[StaleSpan]) -> Iterable[tuple[Scope, list[dt.date], list[StaleSpan]]]:
    """Put customers of one cell with like spans together, so that few days are computed in vain."""
    ordered = sorted(
        spans, key=lambda span: (cell_of(span.customer_id), span.first, span.last or dt.date.max)
    )
    while ordered:
        low = cell_of(ordered[0].customer_id)
        group = [span for span in ordered[:TOGETHER] if cell_of(span.customer_id) == low]
        ordered = ordered[len(group) :]
        lasts = [span.last for span in group]
        last = None if None in lasts else max(day for day in lasts if day)
        days = opened_days(group[0].first, last)
        yield some(span.customer_id for span in group), days, group
