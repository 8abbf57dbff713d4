"""What is counted when a copy is made and counted again when it is back."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

FORMAT = 1


class BackupError(Exception):
    """A backup or a restore cannot be done; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """Stands in the archive beside the data: rows per table, migrations applied, files."""

    engine: str
    made_at: str
    tables: dict[str, int]
    migrations: list[str]
    files: int = 0
    file_bytes: int = 0
    format: int = field(default=FORMAT)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Manifest":
        """Read plain values; BackupError when they are of a format that this version does not know."""
        if values.get("format") != FORMAT:
            raise BackupError(_("The archive was made by a newer version of Zelo; restore it with that one."))
        return cls(**values)


def row_counts(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """Count the rows of every table."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = int(cursor.fetchone()[0])
    return counts


def applied_migrations(connection: BaseDatabaseWrapper) -> list[str]:
    """Name the migrations that the database carries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def differences(expected: dict[str, int], found: dict[str, int]) -> list[str]:
    """Say in which tables the rows differ."""
    return [
        _("%(table)s: %(found)s rows instead of %(wanted)s")
        % {
            "table": table,
            "found": found.get(table, _("no table")),
            "wanted": expected.get(table, _("no table")),
        }
        for table in sorted(expected.keys() | found.keys())
        if expected.get(table) != found.get(table)
    ]
