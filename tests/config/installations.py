"""Whole installations beside the test database: a folder, a database of its own, commands run as a person would."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection


@dataclass(frozen=True)
class Installation:
    """An installation on the same kind of database as the test run."""

    folder: Path
    database_url: str
    database: str

    def manage(self, *command: str, language: str = "en") -> subprocess.CompletedProcess[str]:
        """Run a management command to its end."""
        return self.python("manage.py", *command, language=language)

    def python(self, *arguments: str, language: str = "en") -> subprocess.CompletedProcess[str]:
        """Run Python in this installation to its end."""
        environment = {
            **os.environ,
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "LANGUAGE_CODE": language,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def media(self) -> Path:
        return self.folder / "media"

    def connect(self) -> Any:
        """Open the database without Django, committing each statement."""
        if connection.vendor == "sqlite":
            return sqlite3.connect(self.database, isolation_level=None, timeout=20)
        import psycopg

        values = connection.settings_dict
        return psycopg.connect(
            host=values["HOST"] or None,
            port=values["PORT"] or None,
            user=values["USER"] or None,
            password=values["PASSWORD"] or None,
            dbname=self.database,
            autocommit=True,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read rows."""
        with closing(self.connect()) as db:
            return list(db.execute(query).fetchall())


@contextmanager
def installation(folder: Path, name: str) -> Iterator[Installation]:
    """Give an installation without tables; its database is thrown away at the end."""
    folder.mkdir(parents=True)
    if connection.vendor == "sqlite":
        file = folder / "zelo.sqlite3"
        yield Installation(folder, f"sqlite:///{file}", str(file))
        return
    database = f"{connection.settings_dict['NAME']}_{name}"
    values = connection.settings_dict
    access = f"{values['USER']}:{values['PASSWORD']}".rstrip(":")
    url = f"postgres://{access}@{values['HOST']}:{values['PORT'] or 5432}/{database}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}"')
        cursor.execute(f'CREATE DATABASE "{database}"')
    try:
        yield Installation(folder, url, database)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
