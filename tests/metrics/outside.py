"""Work in other processes on the test's database: to be killed there, or to have several at once.

The processes are forks, because starting Django anew takes seconds.
"""

import itertools
import os
import signal
import sqlite3
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.db import connection

from core.models import WorkState
from metrics.models import Night


class Outside:
    """The test's database for other processes; what they wrote is there when the block ends.

    PostgreSQL: the test database itself (committed: `transaction=True`). SQLite's lives in memory, so a copy in a
    file is handed out and taken back at the end.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "outside.sqlite3"
        self.kept_open: Any = None

    def __enter__(self) -> Self:
        if connection.vendor == "sqlite":
            self._copy(to_file=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if connection.vendor == "sqlite":
            self._copy(to_file=False)

    def start(self, work: Callable[[], Any], *, kill_at: int = 0) -> int:
        """Start `work` in a process of its own and return its id; it dies by SIGKILL before its n-th statement."""
        process = os.fork()
        if process:
            return process
        try:
            self._connect_anew()
            with connection.execute_wrapper(_killing(kill_at)):
                work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    def run(self, work: Callable[[], Any], *, kill_at: int = 0) -> int:
        """Do `work` in another process; return its exit code, or minus the signal that ended it."""
        return ended(self.start(work, kill_at=kill_at))

    def nights_done(self) -> int:
        """Return how many nights are done by now."""
        if connection.vendor != "sqlite":
            return Night.objects.filter(state=WorkState.DONE).count()
        file = sqlite3.connect(self.file)
        done: int = file.execute("SELECT COUNT(*) FROM metrics_night WHERE state = 'done'").fetchone()[0]
        file.close()
        return done

    def environment(self) -> dict[str, str]:
        """Return the environment in which a program started anew works on this database."""
        if connection.vendor == "sqlite":
            url = f"sqlite:///{self.file}"
        else:
            of = connection.settings_dict
            url = f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT'] or 5432}/{of['NAME']}"
        return {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(self.file.parent)}

    def _connect_anew(self) -> None:
        self.kept_open = connection.connection  # the parent's: closing it here would close it there
        connection.connection = None
        connection.run_on_commit = []
        if connection.vendor == "sqlite":
            connection.settings_dict["NAME"] = str(self.file)

    def _copy(self, *, to_file: bool) -> None:
        connection.ensure_connection()
        file = sqlite3.connect(self.file)
        if to_file:
            file.execute("PRAGMA journal_mode=WAL")
            connection.connection.backup(file)
        else:
            file.backup(connection.connection)
        file.close()


def ended(process: int) -> int:
    """Wait for a process; return its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def statements(work: Callable[[], Any]) -> int:
    """Do some work here and return how many statements it took; meant for outside a transaction, as others do it."""
    counted = itertools.count()

    def execute(run: Callable[..., Any], *arguments: Any) -> Any:
        next(counted)
        return run(*arguments)

    with connection.execute_wrapper(execute):
        work()
    return next(counted)


def _killing(kill_at: int) -> Callable[..., Any]:
    counted = itertools.count(1)

    def execute(run: Callable[..., Any], *arguments: Any) -> Any:
        if next(counted) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return run(*arguments)

    return execute
