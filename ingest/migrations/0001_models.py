import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.time
from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("ingest", "0001_initial"),
        ("ingest", "0002_preview_and_undoing"),
        ("ingest", "0003_batch_token"),
        ("ingest", "0004_intake_and_problems"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_models"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="IntakePerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("user_key", models.CharField(max_length=200, unique=True)),
                        ("same_as", models.CharField(blank=True, db_index=True, default="", max_length=200)),
                        ("customer_key", models.CharField(blank=True, default="", max_length=120)),
                        ("email", models.CharField(blank=True, default="", max_length=254)),
                        ("said_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="HeldEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("message_id", models.CharField(max_length=120, unique=True)),
                        ("customer_key", models.CharField(blank=True, default="", max_length=120)),
                        ("person", models.CharField(blank=True, default="", max_length=200)),
                        ("occurred_at", models.DateTimeField()),
                        ("event", models.CharField(max_length=120)),
                        ("received_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer_key", "person"], name="ingest_held_for")],
                    },
                ),
                migrations.CreateModel(
                    name="Problem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=120)),
                        ("code", models.CharField(max_length=40)),
                        ("about", models.CharField(blank=True, default="", max_length=120)),
                        ("day", models.DateField()),
                        ("count", models.PositiveBigIntegerField(default=0)),
                        ("first_at", models.DateTimeField()),
                        ("last_at", models.DateTimeField()),
                        ("sample", models.TextField(blank=True, default="")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("day", "source", "code", "about"), name="ingest_problem_counted_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Source",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("kind", models.CharField(max_length=20)),
                        ("columns", models.JSONField(default=dict)),
                        ("options", models.JSONField(default=dict)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("name", "kind"), name="ingest_source_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Batch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("running", "running"),
                                    ("done", "done"),
                                    ("failed", "failed"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("due_at", models.DateTimeField(default=core.time.now)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        ("error", models.TextField(blank=True, default="")),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("kind", models.CharField(max_length=20)),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("uploaded", "Uploaded"),
                                    ("previewed", "Checked"),
                                    ("confirmed", "Waiting"),
                                    ("applying", "Running"),
                                    ("applied", "Done"),
                                    ("refused", "Refused"),
                                    ("undoing", "Being taken back"),
                                    ("undone", "Taken back"),
                                ],
                                default="uploaded",
                                max_length=10,
                            ),
                        ),
                        ("channel", models.CharField(default="command", max_length=10)),
                        (
                            "idempotency_key",
                            models.CharField(blank=True, max_length=120, null=True, unique=True),
                        ),
                        ("filename", models.CharField(blank=True, default="", max_length=250)),
                        ("file", models.FileField(blank=True, upload_to="imports/%Y/%m/")),
                        ("options", models.JSONField(default=dict)),
                        ("total", models.PositiveBigIntegerField(default=0)),
                        ("done", models.PositiveBigIntegerField(default=0)),
                        ("new", models.PositiveBigIntegerField(default=0)),
                        ("changed", models.PositiveBigIntegerField(default=0)),
                        ("unchanged", models.PositiveBigIntegerField(default=0)),
                        ("rejected", models.PositiveBigIntegerField(default=0)),
                        ("notes", models.JSONField(default=list)),
                        ("preview", models.JSONField(default=list)),
                        ("applied_at", models.DateTimeField(blank=True, null=True)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "token",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="accounts.token",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="ingest.source",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [models.Index(fields=["state", "due_at"], name="ingest_batch_due")],
                    },
                ),
                migrations.CreateModel(
                    name="Rejection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("line", models.PositiveBigIntegerField()),
                        ("column", models.CharField(blank=True, default="", max_length=120)),
                        ("code", models.CharField(max_length=40)),
                        ("params", models.JSONField(default=dict)),
                        ("row", models.JSONField(default=list)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rejections",
                                to="ingest.batch",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["line", "pk"],
                        "indexes": [models.Index(fields=["batch", "line"], name="ingest_rejection_line")],
                    },
                ),
                migrations.CreateModel(
                    name="RowChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("table", models.CharField(max_length=40)),
                        ("row_id", models.BigIntegerField()),
                        ("before", models.JSONField(null=True)),
                        ("after", models.JSONField(null=True)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="ingest.batch",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["table", "row_id", "-id"], name="ingest_change_row")
                        ],
                    },
                ),
            ]
        )
    ]
