"""Work on risk, outside the night: a model for every finished month, then the days it holds for, a cell at a time.

A month's model is learned once every night up to its last day is done, for at most the twelve months before; what it
says of days that are over already is filled in by whoever has time. Each is a row with a lease, so nothing is lost
and nothing is done twice.
"""

import datetime as dt
import logging

from core import time
from core.models import WorkState
from metrics.models import Night, RiskModel, RiskTask
from metrics.nights import last_finished_day
from metrics.periods import add_months
from metrics.risk import night, panel
from metrics.scope import cell
from metrics.services.risk import KIND, risk_model_learn

log = logging.getLogger(__name__)

__all__ = ["KIND", "due", "work"]

MODELS_BACK = 12
LEASE = dt.timedelta(minutes=20)
PAUSE = dt.timedelta(minutes=10)


def due() -> bool:
    """Tell whether a month has no model yet, or days wait to be filled."""
    return RiskTask.objects.claimable(time.now()).exists() or bool(missing())


def work() -> int:
    """Take one piece, the oldest day first, and do it; return how many were taken.

    A failure stays on the row and is tried again after a pause.
    """
    RiskTask.objects.bulk_create([RiskTask(day=day) for day in missing()], ignore_conflicts=True)
    free = RiskTask.objects.claimable(time.now()).order_by("day", "pk").values_list("pk", flat=True)[:1]
    won = RiskTask.objects.all().take(list(free), lease=LEASE, at=time.now())
    for task in RiskTask.objects.filter(pk__in=won).select_related("model"):
        _do(task)
    return len(won)


def missing() -> list[dt.date]:
    """Return the month ends whose model is not even begun, though every night up to them is done."""
    last, first = last_finished_day(), panel.first_day()
    if last is None or first is None:
        return []
    open_night = Night.objects.exclude(state=WorkState.DONE).order_by("day").values_list("day", flat=True)
    until = min([last, *(day - dt.timedelta(days=1) for day in open_night[:1])])
    next_month = (until + dt.timedelta(days=1)).replace(day=1)
    ends = [add_months(next_month, -n) - dt.timedelta(days=1) for n in range(MODELS_BACK)]
    begun = set(RiskTask.objects.filter(model__isnull=True, day__in=ends).values_list("day", flat=True))
    return sorted(day for day in ends if day >= first and day not in begun)


def _do(task: RiskTask) -> None:
    try:
        if task.model is None:
            risk_model_learn(day=task.day)
        else:
            night.score(_days(task.model), cell(task.low))
    except Exception as error:
        log.exception("Work on risk failed: %s", task)
        RiskTask.objects.filter(pk=task.pk).update(
            state=WorkState.WAITING,
            due_at=time.now() + PAUSE,
            leased_until=None,
            error=f"{type(error).__name__}: {error}"[:500],
        )
        return
    RiskTask.objects.filter(pk=task.pk).update(
        state=WorkState.DONE, finished_at=time.now(), leased_until=None, error=""
    )


def _days(model: RiskModel) -> list[dt.date]:
    """Return the days with rows on which a model holds: until the next one is learned."""
    nights = Night.objects.exclude(state=WorkState.WAITING).filter(day__gt=model.trained_on)
    later = [
        *RiskModel.objects.filter(trained_on__gt=model.trained_on).values_list("trained_on", flat=True),
        *RiskTask.objects.filter(model__isnull=True, day__gt=model.trained_on).values_list("day", flat=True),
    ]
    if later:
        nights = nights.filter(day__lte=min(later))
    return list(nights.order_by("day").values_list("day", flat=True))
