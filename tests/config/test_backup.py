"""A backup under write load holds every row committed before it began, and comes back equal."""

import re
import threading
import time
import zipfile
from contextlib import closing

import pytest
from django.db import connection
from django.utils import translation

from config.backup import postgres
from config.backup.archive import backup_restore, backup_write
from config.backup.facts import BackupError
from tests.config.installations import Installation, installation

pytestmark = pytest.mark.xdist_group("backup")

EVENT = (
    "INSERT INTO core_event (state, attempts, due_at, error, created_at, kind, payload) VALUES "
    "('waiting', 0, '2026-01-01 00:00:00+00:00', '', '2026-01-01 00:00:00+00:00', '{kind}', '{payload}')"
)
EVENTS = "SELECT id, kind, CAST(payload AS TEXT) FROM core_event ORDER BY id"
START = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from accounts.models import User
User.objects.create_user("ana@zelo.test", name="Ana", role="admin")
"""
PADDING = 2_000


class Writer(threading.Thread):
    """Commits one row after the other until it is told to stop, and counts them."""

    def __init__(self, where: Installation) -> None:
        super().__init__(daemon=True)
        self.where = where
        self.committed = 0
        self.done = threading.Event()

    def run(self) -> None:
        with closing(self.where.connect()) as db:
            while not self.done.is_set():
                db.execute(EVENT.format(kind="load", payload=f'{{"n": {self.committed}}}'))
                self.committed += 1


@pytest.fixture(scope="session")
def busy(tmp_path_factory, django_db_setup, django_db_blocker):
    """An installation with 20 MB of rows, one person and an uploaded file."""
    with (
        django_db_blocker.unblock(),
        installation(tmp_path_factory.mktemp("one") / "busy", "busy") as made,
    ):
        started = made.python("-c", START)
        assert started.returncode == 0, started.stderr
        with closing(made.connect()) as db:
            db.execute("BEGIN")
            for _ in range(PADDING):
                db.execute(EVENT.format(kind="padding", payload='{"text": "%s"}' % ("x" * 9_000)))
            db.execute("COMMIT")
        made.media.mkdir()
        (made.media / "contract.pdf").write_bytes(b"%PDF signed")
        yield made


@pytest.fixture(scope="session")
def archive(busy, tmp_path_factory):
    """A backup of the busy installation while nobody wrote."""
    file = tmp_path_factory.mktemp("archive") / "zelo.backup"
    assert busy.manage("backup", str(file)).returncode == 0
    return file


@pytest.fixture
def empty(tmp_path, django_db_setup, django_db_blocker):
    """An installation without tables."""
    with django_db_blocker.unblock(), installation(tmp_path / "empty", "empty") as made:
        yield made


def test_a_backup_under_write_load_comes_back_equal_with_no_committed_row_missing(busy, empty, tmp_path):
    file = tmp_path / "zelo.backup"
    writer = Writer(busy)
    writer.start()
    while writer.committed < 200:
        time.sleep(0.01)
    before = writer.committed
    made = busy.manage("backup", str(file), language="pt-br")
    after = writer.committed
    writer.done.set()
    writer.join()
    assert made.returncode == 0, made.stderr
    assert after > before + 50, "the writer must not have stood still while the backup ran"

    back = empty.manage("restore", str(file), language="pt-br")
    assert back.returncode == 0, back.stderr
    assert re.search(r"zelo\.backup: \d+ linhas de \d+ tabelas; arquivos enviados: 1\.", made.stdout)
    assert re.search(
        r"Restaurado e conferido: \d+ linhas de \d+ tabelas; arquivos enviados: 1; retrato de", back.stdout
    )
    written, restored = busy.rows(EVENTS), empty.rows(EVENTS)
    assert before <= len(restored) - PADDING <= after
    assert restored == written[: len(restored)]
    assert empty.rows("SELECT email FROM accounts_user") == [("ana@zelo.test",)]
    for table in ("django_migrations", "django_content_type", "accounts_workspace"):
        query = f"SELECT * FROM {table} ORDER BY id"
        assert empty.rows(query) == busy.rows(query)
    assert (empty.media / "contract.pdf").read_bytes() == b"%PDF signed"

    with closing(empty.connect()) as db:  # keys go on after the last one
        db.execute(EVENT.format(kind="next", payload="{}"))
    assert empty.rows("SELECT max(id) FROM core_event")[0][0] > restored[-1][0]


def test_a_restore_refuses_an_installation_that_somebody_uses(busy, archive):
    rows = busy.rows("SELECT count(*) FROM core_event")
    for language, said in (("en", "is not empty"), ("pt-br", "não está vazia")):
        refused = busy.manage("restore", str(archive), language=language)
        assert refused.returncode == 1
        assert said in refused.stderr
    assert busy.rows("SELECT count(*) FROM core_event") == rows


@pytest.mark.parametrize(
    ("language", "missing", "unwritable"),
    [("en", "There is no file", "cannot be written"), ("pt-br", "não existe", "Não foi possível gravar")],
)
def test_what_went_wrong_is_said_in_the_workspaces_language(tmp_path, language, missing, unwritable):
    with translation.override(language):
        with pytest.raises(BackupError, match=missing):
            backup_restore(tmp_path / "none.backup")
        with pytest.raises(BackupError, match=unwritable):
            backup_write(tmp_path / "no-such-folder" / "zelo.backup")


def test_a_restore_refuses_what_is_not_a_whole_backup(archive, tmp_path):
    cut = tmp_path / "cut.backup"
    cut.write_bytes(archive.read_bytes()[:-2_000])
    with pytest.raises(BackupError, match="not a complete backup"):
        backup_restore(cut)


def test_a_restore_refuses_a_copy_that_is_not_what_its_list_says(busy, empty, archive, tmp_path):
    lying = tmp_path / "lying.backup"
    (rows,) = busy.rows("SELECT count(*) FROM core_event")[0]
    with zipfile.ZipFile(archive) as good, zipfile.ZipFile(lying, "w") as bad:
        for member in good.infolist():
            content = good.read(member)
            if member.filename == "manifest.json":
                content = content.replace(b'"core_event": %d' % rows, b'"core_event": %d' % (rows + 1))
            bad.writestr(member.filename, content)
    refused = empty.manage("restore", str(lying))
    assert refused.returncode == 1
    assert f"core_event: {rows} rows instead of {rows + 1}" in refused.stderr


def test_a_missing_client_tool_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="pg_dump is missing: install PostgreSQL's client tools"):
        postgres.run_tool(connection, "pg_dump")
