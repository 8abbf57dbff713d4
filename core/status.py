"""What an alarm asks: probes register here by name, the status page and the metrics read them.

core knows no domain words, so who knows more (`config/probes.py`) registers more.
"""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Min, Q

from core import time
from core.models import Event, OutgoingMail, WorkState

LATE_AFTER = dt.timedelta(minutes=15)
LEAST_FREE_SHARE = 0.05
LEAST_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Reading:
    """What a probe saw: whether it is well, a sentence, and figures by metric name (units in the name)."""

    ok: bool
    detail: str
    values: dict[str, float] = field(default_factory=dict)


Probe = Callable[[], Reading]
_probes: dict[str, Probe] = {}


def register(name: str, probe: Probe) -> None:
    """Let the status page ask `probe` under `name`; registering a name again replaces its probe."""
    _probes[name] = probe


def readings() -> dict[str, Reading]:
    """Ask every probe; one that fails is a reading that is not well, never an error."""
    seen: dict[str, Reading] = {}
    for name, probe in _probes.items():
        try:
            seen[name] = probe()
        except Exception as error:  # a broken part must not hide the state of the others
            seen[name] = Reading(ok=False, detail=f"{type(error).__name__}: {error}")
    return seen


def disk() -> Reading:
    """Free space where files and the embedded database stand."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    enough = usage.free >= LEAST_FREE_BYTES and usage.free >= LEAST_FREE_SHARE * usage.total
    return Reading(
        ok=enough,
        detail=f"{usage.free / 1024**3:.1f} GB free of {usage.total / 1024**3:.1f} GB",
        values={"disk_free_bytes": float(usage.free), "disk_total_bytes": float(usage.total)},
    )


def outbox() -> Reading:
    """Mails that are due and have not left, and those that failed."""
    return _backlog(OutgoingMail, "outbox", "mails")


def events() -> Reading:
    """Events that no subscriber has handled yet, and those that failed."""
    return _backlog(Event, "events", "events")


def _backlog(model: Any, name: str, noun: str) -> Reading:
    """Read a table of leased work: what is due and waits, since when, and what failed."""
    at = time.now()
    open_ = Q(state__in=[WorkState.WAITING, WorkState.RUNNING], due_at__lte=at)
    waiting = model.objects.filter(open_)
    oldest = waiting.aggregate(oldest=Min("due_at"))["oldest"]
    age = at - oldest if oldest else dt.timedelta()
    failed = model.objects.filter(state=WorkState.FAILED).count()
    count = waiting.count()
    return Reading(
        ok=age <= LATE_AFTER,
        detail=f"{count} {noun} due, the oldest for {int(age.total_seconds())} s; {failed} failed",
        values={
            f"{name}_due": float(count),
            f"{name}_oldest_age_seconds": age.total_seconds(),
            f"{name}_failed": float(failed),
        },
    )
