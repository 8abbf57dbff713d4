"""Moves worth knowing: another band, ten points lost in a week, coverage lost, a risk that doubled.

Found once for each night, when it is done for the first time: what is restated later changes no move, because who
listens was told already. Rows are kept for every night of the last 90 days; listeners (`config/pipeline.py`) and
webhooks are told of the days just over only, so that years taken in at once raise no alarm. One statement a kind.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.webhooks import types
from accounts.webhooks.announce import Happening, announce
from core import events, time
from core.models import WorkState
from metrics import sql
from metrics.health.bands import Band
from metrics.models import HealthMove, Night

EVENT = "health.moved"
WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
FALL = 1000  # hundredths
KEPT = dt.timedelta(days=90)  # nights older than this are not looked at
NEWS = dt.timedelta(days=3)  # moves of days older than this are told to nobody
AT_ONCE = 30
TABLE = HealthMove._meta.db_table

for _kind, _label in {
    HealthMove.BAND: _("A customer's health changed its band"),
    HealthMove.DROP: _("A customer's health lost ten points in seven days"),
    HealthMove.COVERAGE: _("A customer's health is no longer known"),
    HealthMove.RISK: _("A customer's risk of leaving doubled"),
}.items():
    types.add(f"health.{_kind}", _label)

# Kind → the query of its rows on a day: `customer_id`, `was`, `now`. Who works out more adds its own by `also`.
_QUERIES: dict[str, str] = {
    HealthMove.BAND: """
        SELECT z.customer_id, y.band AS was, z.band AS now FROM metrics_healthday z
        JOIN metrics_healthday y ON y.customer_id = z.customer_id AND y.day = %(before)s
        WHERE z.day = %(day)s AND z.band > 0 AND y.band > 0 AND z.band <> y.band""",
    HealthMove.COVERAGE: """
        SELECT z.customer_id, y.band AS was, z.band AS now FROM metrics_healthday z
        JOIN metrics_healthday y ON y.customer_id = z.customer_id AND y.day = %(before)s
        WHERE z.day = %(day)s AND z.band = 0 AND y.band > 0""",
    HealthMove.DROP: f"""
        SELECT z.customer_id, y.score AS was, z.score AS now FROM metrics_healthday z
        JOIN metrics_healthday y ON y.customer_id = z.customer_id AND y.day = %(week)s
        WHERE z.day = %(day)s AND z.band > 0 AND y.band > 0 AND z.score <= y.score - {FALL}
          AND NOT EXISTS (
              SELECT 1 FROM {TABLE} m WHERE m.customer_id = z.customer_id AND m.kind = '{HealthMove.DROP}'
                 AND m.day > %(week)s AND m.day < %(day)s
          )""",
}


def also(kind: str, query: str) -> None:
    """Let the nights find one more kind of move: `query` yields `customer_id`, `was` and `now` of `%(day)s`.

    It may also use `%(before)s`, the day before, and `%(week)s`, the day a week before.
    """
    _QUERIES[kind] = query


def due() -> bool:
    """Tell whether a finished night waits to be looked at."""
    return _waiting().exists()


def find() -> int:
    """Write the moves of nights that wait, the oldest first, and tell of those just over; return how many nights."""
    oldest = time.today() - KEPT
    passed = _waiting().filter(day__lt=oldest).update(moved_at=time.now())
    days = list(_waiting().order_by("day").values_list("day", flat=True)[:AT_ONCE])
    for day in days:
        _find(day)
    return passed + len(days)


@transaction.atomic
def _find(day: dt.date) -> None:
    """Write a night's moves, tell of them and mark it, all or nothing; whoever comes second finds it marked."""
    at = time.now()
    if not _waiting().filter(day=day).update(moved_at=at):
        return
    for kind, query in _QUERIES.items():
        sql.execute(
            f"""INSERT INTO {TABLE} (day, customer_id, kind, "before", "after")
            SELECT {_marked_day()}, q.customer_id, '{kind}', q.was, q.now FROM ({query}) q
            WHERE true ON CONFLICT (day, customer_id, kind) DO NOTHING""",
            {"day": sql.date(day), "before": sql.date(day - DAY), "week": sql.date(day - WEEK)},
        )
    if day >= time.today() - NEWS:
        _tell(day)


def _tell(day: dt.date) -> None:
    """Leave an event and a webhook message for every move of a day."""
    moves = list(HealthMove.objects.filter(day=day).order_by("pk"))
    events.emit_each(EVENT, [(move.customer_id, payload(move)) for move in moves])
    announce(
        Happening(
            kind=f"health.{move.kind}",
            key=f"health_{move.pk}",
            data={"customer_id": move.customer_id, **payload(move)},
        )
        for move in moves
    )


def payload(move: HealthMove) -> Mapping[str, object]:
    """Return what is told of a move: bands by name, scores as points, probabilities as shares."""
    told: tuple[object, object]
    if move.kind in (HealthMove.BAND, HealthMove.COVERAGE):
        told = Band(move.before).key, Band(move.after).key
    elif move.kind == HealthMove.RISK:
        told = move.before / 10_000, move.after / 10_000
    else:
        told = move.before / 100, move.after / 100
    return {"kind": move.kind, "day": move.day.isoformat(), "before": told[0], "after": told[1]}


def _marked_day() -> str:
    return "CAST(%(day)s AS date)" if sql.on_postgres() else "%(day)s"


def _waiting() -> QuerySet[Night]:
    return Night.objects.filter(state=WorkState.DONE, moved_at__isnull=True)
