"""What was published stays readable: a trigger keeps a daily row as it was before a late fact changed it.

A trigger, because the night's upsert changes only rows that differ and knows nothing of the values before; a night
that only inserts pays nothing for it. A row that no finished night ever showed is not kept. Made again after every
migration, because SQLite drops a table's triggers when it remakes the table. Frozen months (`MonthValue`) may not be
changed at all, nor may a risk model, nor what a published version of the scorecard says.
"""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connections

from metrics.models import CustomerDay, MonthValue, Night, PastDay, RiskModel, ScorecardVersion

ROWS, PAST, NIGHTS = CustomerDay._meta.db_table, PastDay._meta.db_table, Night._meta.db_table
VALUES, CARDS = MonthValue._meta.db_table, ScorecardVersion._meta.db_table
RISKS = RiskModel._meta.db_table
TABLES = {ROWS, PAST, NIGHTS, VALUES, CARDS, RISKS}
REFUSAL = "the figures of a recorded month do not change"
CARD_REFUSAL = "a published version of the scorecard does not change"
RISK_REFUSAL = "a risk model does not change; learn another one"
KEEP, FIXED, CARD = f"{ROWS}_keep_past", f"{VALUES}_no_update", f"{CARDS}_no_update"
RISK = f"{RISKS}_no_update"
CARD_SAYS = ("number", "state", "definition", "note", "published_at", "in_force_from")  # its author may leave


def columns() -> list[str]:
    """Return the columns that a daily row and its past versions share."""
    return [
        str(field.column) for field in CustomerDay._meta.fields if field.name != "id" and _in_past(field.name)
    ]


def copy(old: str, superseded_at: str) -> str:
    """Return the INSERT … SELECT's two halves: columns of the past row, and what they are filled from."""
    names = columns()
    values = ", ".join(f"{old}.{name}" for name in names)
    return f"INSERT INTO {PAST} ({', '.join(names)}, superseded_at) SELECT {values}, {superseded_at}"


def published(old: str) -> str:
    """Return the condition that a finished night ever showed the row `old`."""
    return f"EXISTS (SELECT 1 FROM {NIGHTS} n WHERE n.finished_at >= {old}.computed_at)"


def create(using: str = "default") -> None:
    """Make the triggers anew; nothing happens while the tables do not exist yet."""
    connection = connections[using]
    if not set(connection.introspection.table_names()) >= TABLES:
        return
    drop(using)
    with connection.cursor() as cursor:
        for statement in _postgres() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def drop(using: str = "default") -> None:
    """Take the triggers away, to remake them."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, table in ((KEEP, ROWS), (FIXED, VALUES), (CARD, CARDS), (RISK, RISKS)):
            if table not in there:
                continue
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(using: str = "default") -> list[str]:
    """Return the names of triggers that should be there and are not."""
    connection = connections[using]
    if not set(connection.introspection.table_names()) >= TABLES:
        return []
    listed = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(listed[connection.vendor])
        there = {row[0] for row in cursor.fetchall()}
    return sorted({KEEP, FIXED, CARD, RISK} - there)


def drop_before_migrate(using: str, **_: Any) -> None:
    """Listen to `pre_migrate`: SQLite refuses to remake a table that a trigger of another one names."""
    if {ROWS, VALUES, CARDS} <= set(connections[using].introspection.table_names()):
        drop(using)


def create_after_migrate(using: str, **_: Any) -> None:
    """Listen to `post_migrate`."""
    create(using)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {KEEP} AFTER UPDATE ON {ROWS} WHEN {published('OLD')} "
        f"BEGIN {copy('OLD', 'NEW.computed_at')}; END",
        f"CREATE TRIGGER {FIXED} BEFORE UPDATE ON {VALUES} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER {CARD} BEFORE UPDATE ON {CARDS} WHEN OLD.state = 'published' AND ({_changed('IS NOT')}) "
        f"BEGIN SELECT RAISE(ABORT, '{CARD_REFUSAL}'); END",
        f"CREATE TRIGGER {RISK} BEFORE UPDATE ON {RISKS} BEGIN SELECT RAISE(ABORT, '{RISK_REFUSAL}'); END",
    ]


def _postgres() -> list[str]:
    return [
        f"""CREATE OR REPLACE FUNCTION metrics_keep_past() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {published("OLD")} THEN
                {copy("OLD", "NEW.computed_at")};
            END IF;
            RETURN NULL;
        END $$""",
        f"CREATE TRIGGER {KEEP} AFTER UPDATE ON {ROWS} FOR EACH ROW EXECUTE FUNCTION metrics_keep_past()",
        f"""CREATE OR REPLACE FUNCTION metrics_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
        END $$""",
        f"CREATE TRIGGER {FIXED} BEFORE UPDATE ON {VALUES} FOR EACH ROW EXECUTE FUNCTION metrics_refuse()",
        f"""CREATE OR REPLACE FUNCTION metrics_refuse_card() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{CARD_REFUSAL}' USING ERRCODE = 'restrict_violation';
        END $$""",
        f"CREATE TRIGGER {CARD} BEFORE UPDATE ON {CARDS} FOR EACH ROW WHEN (OLD.state = 'published'"
        f" AND ({_changed('IS DISTINCT FROM')})) EXECUTE FUNCTION metrics_refuse_card()",
        f"""CREATE OR REPLACE FUNCTION metrics_refuse_risk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{RISK_REFUSAL}' USING ERRCODE = 'restrict_violation';
        END $$""",
        f"CREATE TRIGGER {RISK} BEFORE UPDATE ON {RISKS} FOR EACH ROW EXECUTE FUNCTION metrics_refuse_risk()",
    ]


def _changed(differs: str) -> str:
    """Return the condition that a version says something else than before."""
    return " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in CARD_SAYS)


def _in_past(name: str) -> bool:
    try:
        PastDay._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
