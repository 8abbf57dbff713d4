"""An SQLite that would fail under concurrent writes is refused at the start."""

import threading

import pytest
from django.db import connection, connections
from django.db.utils import ConnectionHandler

from core import checks

GOOD = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL;"}


def _found(**change):
    return [message.id for message in checks._problems(GOOD | change, "default")]


def test_wal_and_immediate_with_patience_is_what_we_want():
    assert _found() == []
    assert checks.sqlite_settings(None) == []


@pytest.mark.parametrize(
    ("change", "id_"),
    [
        ({"transaction_mode": "DEFERRED"}, "core.E001"),
        ({"transaction_mode": None}, "core.E001"),
        ({"init_command": "PRAGMA synchronous=NORMAL"}, "core.E002"),
        ({"init_command": "PRAGMA journal_mode=DELETE"}, "core.E002"),
        ({"timeout": 5}, "core.E003"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(change, id_):
    assert _found(**change) == [id_]
    assert checks._problems(GOOD | change, "default")[0].hint


@pytest.fixture
def file_database(tmp_path, django_db_blocker):
    """Return a function that gives a connection to an SQLite file with options."""
    opened = []

    def open_(**options):
        values = {
            **connections.settings["default"],
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(tmp_path / "try.sqlite3"),
            "OPTIONS": GOOD | options,
            "CONN_MAX_AGE": 0,
        }
        made = ConnectionHandler({"default": values})["default"]
        opened.append(made)
        return made

    with django_db_blocker.unblock():
        yield open_
        for each in opened:
            each.close()


def test_the_database_itself_is_asked(file_database, monkeypatch):
    weak = file_database(init_command="PRAGMA journal_mode=DELETE")
    monkeypatch.setattr(checks, "connections", {"default": weak})
    assert [m.id for m in checks.sqlite_journal(None, databases=["default"])] == ["core.E004"]
    monkeypatch.setattr(checks, "connections", {"default": file_database()})
    assert checks.sqlite_journal(None, databases=["default"]) == []


def test_with_these_options_concurrent_writers_that_read_first_all_get_through(file_database):
    with file_database().cursor() as cursor:
        cursor.execute("CREATE TABLE counter (n INTEGER)")
        cursor.execute("INSERT INTO counter VALUES (0)")
    errors = []

    def count():
        mine = file_database()
        mine.inc_thread_sharing()
        try:
            for _ in range(40):
                mine.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
                with mine.cursor() as cursor:
                    n = cursor.execute("SELECT n FROM counter").fetchone()[0]
                    cursor.execute("UPDATE counter SET n = %s", [n + 1])
                mine.commit()
                mine.set_autocommit(True)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with file_database().cursor() as cursor:
        assert cursor.execute("SELECT n FROM counter").fetchone()[0] == 160


@pytest.mark.django_db
def test_the_database_of_this_run_passes():
    assert checks.sqlite_journal(None, databases=[connection.alias]) == []
