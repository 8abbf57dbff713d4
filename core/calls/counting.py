"""Count calls by the minute: in the cache where all processes share one, else in the database."""

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from core import time
from core.models import CallCount

MINUTE = 60
_TABLE = CallCount._meta.db_table


def count_call(caller: str) -> tuple[int, int]:
    """Count a call; return how many the caller made in this minute, and the seconds until the next one."""
    minute, gone = divmod(int(time.now().timestamp()), MINUTE)
    calls = _in_cache(caller, minute) if settings.CACHE_URL else _in_database(caller, minute)
    return calls, MINUTE - gone


def _in_cache(caller: str, minute: int) -> int:
    key = f"calls:{caller}:{minute}"
    cache.add(key, 0, timeout=2 * MINUTE)
    try:
        return int(cache.incr(key))
    except ValueError:  # it was thrown out between the two
        return 1


def _in_database(caller: str, minute: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (caller, minute, calls) VALUES (%s, %s, 1) ON CONFLICT (caller) DO UPDATE SET"
            f" calls = CASE WHEN {_TABLE}.minute = excluded.minute THEN {_TABLE}.calls + 1 ELSE 1 END,"
            " minute = excluded.minute RETURNING calls",
            [caller, minute],
        )
        return int(cursor.fetchone()[0])
