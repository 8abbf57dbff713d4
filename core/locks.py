"""Names that one transaction at a time may hold."""

from zlib import crc32

from django.db import connection

SPACE = 20_012  # keeps these advisory locks apart from those of `metrics.sql` and any other program's


def hold(*names: str) -> None:
    """Let nobody else hold any of these names until the present transaction ends; wait for whoever does.

    Taken in one order by everybody, so that two who want the same names never wait for each other. On SQLite a
    transaction begins IMMEDIATE and is alone anyway. Two names may share a lock: that costs a wait, nothing else.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for number in sorted({crc32(name.encode()) - 2**31 for name in names}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SPACE, number])
