"""Databases of their own for whole processes: one is migrated, the others are copies of it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


class Databases:
    """Installations beside the test database, on the same kind of database as the test run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []

    def environment(self, name: str) -> dict[str, str]:
        """Return the environment in which a process works on the installation of this name."""
        of = connection.settings_dict
        url = f"sqlite:///{self.folder / name / 'zelo.sqlite3'}"
        if connection.vendor == "postgresql":
            access = f"{of['USER']}:{of['PASSWORD']}".rstrip(":")
            url = f"postgres://{access}@{of['HOST']}:{of['PORT'] or 5432}/{self._database(name)}"
        return {
            **os.environ,
            "VAR_DIR": str(self.folder / name),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LANGUAGE_CODE": "en",
        }

    def create(self, name: str) -> str:
        """Make an installation without tables; return its name."""
        (self.folder / name).mkdir()
        if connection.vendor == "postgresql":
            self._run(f'CREATE DATABASE "{self._new(name)}"')
        return name

    def copy(self, source: str, name: str) -> str:
        """Make an installation as another one is, which nobody uses now; return its name."""
        shutil.copytree(self.folder / source, self.folder / name)
        if connection.vendor == "postgresql":
            self._run(f'CREATE DATABASE "{self._new(name)}" TEMPLATE "{self._database(source)}"')
        return name

    def drop_all(self) -> None:
        """Throw the databases away; files are left to the folder's owner."""
        while self.made:
            self._run(f'DROP DATABASE IF EXISTS "{self.made.pop()}" WITH (FORCE)')

    def _database(self, name: str) -> str:
        return f"{connection.settings_dict['NAME']}_{name}"

    def _new(self, name: str) -> str:
        database = self._database(name)
        self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        self.made.append(database)
        return database

    def _run(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Give installations that are thrown away at the end."""
    some = Databases(folder)
    try:
        yield some
    finally:
        some.drop_all()
