"""Refuse to start on an SQLite that would fail under concurrent writes.

WAL alone is not enough: with the usual deferred transactions a quarter of concurrent writes fail at
once, because a reader that wants to write cannot wait. IMMEDIATE lets it wait, for up to the timeout.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

LEAST_TIMEOUT_SECONDS = 20


@register(Tags.compatibility)
def sqlite_settings(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Refuse SQLite options other than WAL, IMMEDIATE and a patient timeout."""
    found: list[CheckMessage] = []
    for alias in connections:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            found += _problems(connection.settings_dict.get("OPTIONS", {}), alias)
    return found


def _problems(options: dict[str, Any], alias: str) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if str(options.get("transaction_mode", "")).upper() != "IMMEDIATE":
        hint = 'Set OPTIONS["transaction_mode"] = "IMMEDIATE".'
        found.append(_error(alias, "must begin its transactions IMMEDIATE", hint, "core.E001"))
    if "journal_mode=wal" not in str(options.get("init_command", "")).lower().replace(" ", ""):
        hint = 'Put "PRAGMA journal_mode=WAL;" into OPTIONS["init_command"].'
        found.append(_error(alias, "must keep its journal as WAL", hint, "core.E002"))
    if float(options.get("timeout", 0)) < LEAST_TIMEOUT_SECONDS:
        hint = f'Set OPTIONS["timeout"] to {LEAST_TIMEOUT_SECONDS} or more.'
        found.append(_error(alias, "must wait for a lock", hint, "core.E003"))
    return found


@register(Tags.database)
def sqlite_journal(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Ask the database itself (before migrations, and with `check --database`): some file systems refuse WAL."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        with connection.cursor() as cursor:
            journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        if journal not in {"wal", "memory"}:  # a database in memory (tests) has no journal to share
            hint = "Keep the file on a local disk (not a network share): VAR_DIR says where it is."
            found.append(_error(alias, f"keeps its journal as {journal}, not as WAL", hint, "core.E004"))
    return found


def _error(alias: str, what: str, hint: str, code: str) -> CheckMessage:
    return Error(f"The SQLite database “{alias}” {what}.", hint=hint, id=code)
