"""Count problems: one row per source, reason, subject and day, by one upsert each."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core import time
from ingest.models import Problem

SAMPLE = 2000  # characters of a sample that are kept
SUBJECTS = 50  # so many subjects of a reason are told apart in one call; the others are counted together
_TABLE = Problem._meta.db_table


@dataclass(frozen=True)
class Odd:
    """An item that is refused or odd: why, what about it, and itself."""

    code: str
    about: str = ""
    sample: Any = None
    count: int = 1


def note_problems(source: str, odd: Iterable[Odd], *, at: dt.datetime | None = None) -> None:
    """Count the odd items of a source, inside the caller's transaction if there is one."""
    found: dict[tuple[str, str], tuple[int, Any]] = {}
    subjects: dict[str, set[str]] = {}
    for one in odd:
        about = _plain(one.about)[:120]
        known = subjects.setdefault(one.code, set())
        if len(known) < SUBJECTS:
            known.add(about)
        elif about not in known:
            about = ""
        count, sample = found.get((one.code, about), (0, one.sample))
        found[one.code, about] = (count + one.count, sample)
    at = at or time.now()
    for (code, about), (count, sample) in sorted(found.items(), key=lambda item: item[0]):
        _add(source[:120], code, about, count, _text(sample), at)


def _add(source: str, code: str, about: str, count: int, sample: str, at: dt.datetime) -> None:
    fields = ("source", "code", "about", "day", "count", "first_at", "last_at", "sample")
    values = (source, code, about, time.local_day(at), count, at, at, sample)
    prepared = [
        Problem._meta.get_field(name).get_db_prep_save(value, connection)  # type: ignore[union-attr]
        for name, value in zip(fields, values, strict=True)
    ]
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} ({', '.join(fields)}) VALUES ({marks}) ON CONFLICT (day, source, code, about)"
            f" DO UPDATE SET count = {_TABLE}.count + excluded.count, last_at = excluded.last_at,"
            " sample = excluded.sample",
            prepared,
        )


def _text(sample: Any) -> str:
    if sample is None:
        return ""
    text = sample if isinstance(sample, str) else json.dumps(sample, ensure_ascii=False, default=str)
    return _plain(text)[:SAMPLE]


def _plain(text: str) -> str:
    """Take out what no database keeps."""
    return text.replace("\x00", "�").encode("utf-8", "replace").decode()
