from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import core.text
import customers.search_text

TRIGRAMS = {"customers_customer": "customers_found_by", "customers_contact": "customers_people_found_by"}


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
    dependencies = [
        ("customers", "0008_working_hours"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=customers.search_text.search_text("name", "email"),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="folded_name",
            field=models.GeneratedField(
                db_persist=True,
                expression=core.text.Fold(models.F("name")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=customers.search_text.search_text(
                    "name", "external_id", "domain", "tax_id", customers.search_text.plain_tax_id()
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["folded_name", "id"], name="customers_by_folded_name"),
        ),
        migrations.RunPython(add_trigrams, remove_trigrams),
    ]
