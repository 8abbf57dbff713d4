"""The probes behind `/statusz` and `/-/metrics`: broker, last night, outbox, events, disk."""

import datetime as dt
from pathlib import Path

from django.conf import settings

from config.celery import app
from core import status, time
from core.models import WorkState
from core.status import Reading
from metrics.models import Night

NIGHT_DONE_BY = dt.time(6)


def register() -> None:
    """Let the status page ask every probe we have."""
    status.register("broker", broker)
    status.register("night", night)
    status.register("outbox", status.outbox)
    status.register("events", status.events)
    status.register("disk", status.disk)


def broker() -> Reading:
    """Whether the broker takes messages; for the embedded one, how many wait in its folder."""
    if not settings.BROKER_URL:
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
        waiting = sum(1 for _ in folder.iterdir())
        return Reading(True, f"embedded, {waiting} messages wait", {"broker_messages": float(waiting)})
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    return Reading(True, f"{settings.BROKER_URL.split(':', 1)[0]} answers")


def night() -> Reading:
    """Whether the night of yesterday is done (until 06:00 that of the day before is enough)."""
    last = Night.objects.filter(state=WorkState.DONE).order_by("-day").first()
    if last is None:
        return Reading(True, "no night yet")
    now = time.now().astimezone(time.workspace_zone())
    due = now.date() - dt.timedelta(days=1 if now.time() >= NIGHT_DONE_BY else 2)
    end_of_last = time.day_start(last.day + dt.timedelta(days=1))
    return Reading(
        ok=last.day >= due,
        detail=f"last finished night: {last.day.isoformat()}",
        values={"night_age_seconds": (now - end_of_last).total_seconds()},
    )
