"""The audit trail is append-only: the database itself refuses to change what was written.

Made again after every migration, because SQLite drops a table's triggers when it remakes the table.
In the side table of values one change is allowed, and only in one direction: an erasure empties a
value for good, and the entry stays.
"""

from typing import Any

from django.db import connections

ENTRY, VALUE = "accounts_auditentry", "accounts_auditvalue"
REFUSAL = "the audit trail is append-only"

_SQLITE = {
    (ENTRY, "no_update"): f"BEFORE UPDATE ON {ENTRY} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    (ENTRY, "no_delete"): f"BEFORE DELETE ON {ENTRY} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    (VALUE, "only_erase"): f"""BEFORE UPDATE ON {VALUE}
        WHEN NOT (
            NEW.id IS OLD.id AND NEW.entry_id IS OLD.entry_id AND NEW.field IS OLD.field
            AND (NEW."before" IS NULL OR NEW."before" IS OLD."before")
            AND (NEW."after" IS NULL OR NEW."after" IS OLD."after")
            AND (NEW.label = '' OR NEW.label IS OLD.label)
        ) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    (VALUE, "no_delete"): f"BEFORE DELETE ON {VALUE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
}

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION accounts_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
END $$
"""
_POSTGRES_ONLY_ERASE = """
    NOT (
        NEW.id = OLD.id AND NEW.entry_id = OLD.entry_id AND NEW.field = OLD.field
        AND (NEW."before" IS NULL OR NEW."before" IS NOT DISTINCT FROM OLD."before")
        AND (NEW."after" IS NULL OR NEW."after" IS NOT DISTINCT FROM OLD."after")
        AND (NEW.label = '' OR NEW.label = OLD.label)
    )
"""
_REFUSE = "EXECUTE FUNCTION accounts_audit_refuse()"
_POSTGRES = {
    (ENTRY, "no_update"): f"BEFORE UPDATE ON {ENTRY} FOR EACH ROW {_REFUSE}",
    (ENTRY, "no_delete"): f"BEFORE DELETE ON {ENTRY} FOR EACH ROW {_REFUSE}",
    (ENTRY, "no_truncate"): f"BEFORE TRUNCATE ON {ENTRY} FOR EACH STATEMENT {_REFUSE}",
    (VALUE, "only_erase"): f"BEFORE UPDATE ON {VALUE} FOR EACH ROW WHEN ({_POSTGRES_ONLY_ERASE}) {_REFUSE}",
    (VALUE, "no_delete"): f"BEFORE DELETE ON {VALUE} FOR EACH ROW {_REFUSE}",
    (VALUE, "no_truncate"): f"BEFORE TRUNCATE ON {VALUE} FOR EACH STATEMENT {_REFUSE}",
}


def _wanted(vendor: str) -> dict[tuple[str, str], str]:
    return _POSTGRES if vendor == "postgresql" else _SQLITE


def _name(table: str, what: str) -> str:
    return f"{table}_{what}"


def create(using: str = "default") -> None:
    """Make every trigger anew; nothing happens while the tables do not exist yet."""
    connection = connections[using]
    if not _tables_exist(using):
        return
    drop(using)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for (table, what), body in _wanted(connection.vendor).items():
            cursor.execute(f"CREATE TRIGGER {_name(table, what)} {body}")


def drop(using: str = "default") -> None:
    """Take the triggers away. Only for remaking them, and for tests that empty the whole database."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table, what in _wanted(connection.vendor):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, what)}{on}")


def missing(using: str = "default") -> list[str]:
    """Return the names of triggers that should be there and are not, or are switched off."""
    connection = connections[using]
    if not _tables_exist(using):
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
                " AND tgrelid IN (to_regclass(%s), to_regclass(%s))",
                [ENTRY, VALUE],
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {row[0] for row in cursor.fetchall()}
    return sorted({_name(table, what) for table, what in _wanted(connection.vendor)} - there)


def _tables_exist(using: str) -> bool:
    return {ENTRY, VALUE} <= set(connections[using].introspection.table_names())


def create_after_migrate(using: str, **_: Any) -> None:
    """Listen to `post_migrate`."""
    create(using)
