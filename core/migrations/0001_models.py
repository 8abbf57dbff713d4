from django.db import migrations, models

import core.time
from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [("core", "0001_initial"), ("core", "0002_remembered_calls")]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="CallCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("caller", models.CharField(max_length=60, unique=True)),
                        ("minute", models.BigIntegerField()),
                        ("calls", models.BigIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="DemoRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("table", models.CharField(max_length=60)),
                        ("row_id", models.BigIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("table", "row_id"), name="core_demo_row_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
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
                        ("kind", models.CharField(max_length=60)),
                        ("customer_id", models.BigIntegerField(blank=True, null=True)),
                        ("payload", models.JSONField(default=dict)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "due_at"], name="core_event_due")],
                    },
                ),
                migrations.CreateModel(
                    name="OutgoingMail",
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
                        ("kind", models.CharField(max_length=40)),
                        ("to", models.EmailField(max_length=254)),
                        ("subject", models.CharField(max_length=200)),
                        ("body_text", models.TextField()),
                        ("body_html", models.TextField(blank=True, default="")),
                        ("headers", models.JSONField(default=dict)),
                        ("key", models.CharField(max_length=120, unique=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "due_at"], name="core_mail_due")],
                    },
                ),
                migrations.CreateModel(
                    name="RememberedCall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("caller", models.CharField(max_length=40)),
                        ("key_hash", models.CharField(max_length=64)),
                        ("request_hash", models.CharField(max_length=64)),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("headers", models.JSONField(default=dict)),
                        ("body", models.TextField(blank=True, default="")),
                        ("leased_until", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(db_index=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("caller", "key_hash"), name="core_call_remembered_once"
                            )
                        ],
                    },
                ),
            ]
        )
    ]
