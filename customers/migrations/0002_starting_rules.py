"""The rules a new workspace begins with (an admin changes them in the settings), and PostgreSQL's search indexes."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SEGMENT_RULES = [
    ("high_value", [{"field": "mrr", "op": "gte", "value": 500_000}]),
    ("mid", [{"field": "mrr", "op": "gte", "value": 100_000}]),
    ("volume", []),
]
TRIGRAMS = {"customers_customer": "customers_found_by", "customers_contact": "customers_people_found_by"}


def seed(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Segments by MRR, and onboarding to ongoing after 90 days."""
    segment_rule = apps.get_model("customers", "SegmentRule")
    stage_rule = apps.get_model("customers", "StageRule")
    if not segment_rule.objects.exists():
        for position, (segment, conditions) in enumerate(SEGMENT_RULES, start=1):
            segment_rule.objects.create(position=position, segment=segment, conditions=conditions)
    if not stage_rule.objects.exists():
        stage_rule.objects.create(from_stage="onboarding", to_stage="ongoing", basis="entered", days=90)


def add_trigrams(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Index the text on PostgreSQL, where there may be half a million people; SQLite reads through it."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for table, name in TRIGRAMS.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin (search_text gin_trgm_ops)")


def remove_trigrams(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the indexes away; the extension stays, others may use it."""
    if schema_editor.connection.vendor == "postgresql":
        for name in TRIGRAMS.values():
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    replaces = [("customers", "0003_default_rules"), ("customers", "0009_search_text")]
    dependencies = [("customers", "0001_models")]

    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(add_trigrams, remove_trigrams),
    ]
