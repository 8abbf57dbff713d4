import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import core.time
from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_session_epoch_and_token_role"),
        ("accounts", "0003_gross_margin"),
        ("accounts", "0004_webhooks"),
        ("accounts", "0005_calendar_settings"),
        ("accounts", "0006_reports"),
        ("accounts", "0007_details_since"),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        ("email", models.EmailField(max_length=254, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("job_title", models.CharField(blank=True, default="", max_length=80)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("viewer", "Viewer"),
                                    ("analyst", "Analyst"),
                                    ("manager", "Manager"),
                                    ("admin", "Admin"),
                                ],
                                default="analyst",
                                max_length=10,
                            ),
                        ),
                        ("language", models.CharField(blank=True, default="", max_length=10)),
                        (
                            "theme",
                            models.CharField(
                                choices=[("auto", "As the system"), ("light", "Light"), ("dark", "Dark")],
                                default="auto",
                                max_length=5,
                            ),
                        ),
                        (
                            "time_format",
                            models.CharField(
                                choices=[("24h", "14:30"), ("12h", "2:30 PM")], default="24h", max_length=3
                            ),
                        ),
                        ("shortcuts", models.BooleanField(default=True)),
                        (
                            "reports",
                            models.CharField(
                                choices=[
                                    ("none", "None"),
                                    ("weekly", "Every week"),
                                    ("monthly", "Every month"),
                                    ("both", "Every week and every month"),
                                ],
                                default="none",
                                max_length=8,
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        ("disabled_at", models.DateTimeField(blank=True, null=True)),
                        ("joined_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("session_epoch", models.PositiveIntegerField(default=0, editable=False)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="accounts_user_email_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("role__in", ["viewer", "analyst", "manager", "admin"])),
                                name="accounts_user_role_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(db_index=True, default=core.time.now, editable=False)),
                        ("actor_label", models.CharField(max_length=120)),
                        ("action", models.CharField(max_length=60)),
                        ("object_type", models.CharField(max_length=60)),
                        ("object_id", models.CharField(max_length=60)),
                        ("customer_id", models.BigIntegerField(blank=True, db_index=True, null=True)),
                        ("changed_fields", models.JSONField(default=list)),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["object_type", "object_id", "-id"], name="accounts_audit_object"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditValue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("field", models.CharField(max_length=60)),
                        ("before", models.JSONField(null=True)),
                        ("after", models.JSONField(null=True)),
                        ("label", models.CharField(blank=True, default="", max_length=200)),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="values",
                                to="accounts.auditentry",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("viewer", "Viewer"),
                                    ("analyst", "Analyst"),
                                    ("manager", "Manager"),
                                    ("admin", "Admin"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("expires_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "invited_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(
                                    ("accepted_at__isnull", True), ("revoked_at__isnull", True)
                                ),
                                name="accounts_one_open_invitation",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Token",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("viewer", "Viewer"),
                                    ("analyst", "Analyst"),
                                    ("manager", "Manager"),
                                    ("admin", "Admin"),
                                ],
                                default="analyst",
                                max_length=10,
                            ),
                        ),
                        ("prefix", models.CharField(max_length=12)),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("scopes", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                        ("last_used_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tokens",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("role__in", ["viewer", "analyst", "manager", "admin"])),
                                name="accounts_token_role_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Webhook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("url", models.URLField(max_length=500)),
                        ("description", models.CharField(blank=True, default="", max_length=120)),
                        ("types", models.JSONField(default=list)),
                        ("secret_sealed", models.TextField()),
                        ("old_secret_sealed", models.TextField(blank=True, default="")),
                        ("old_secret_until", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("disabled_at", models.DateTimeField(blank=True, null=True)),
                        ("disabled_why", models.CharField(blank=True, default="", max_length=200)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("secret_sealed", ""), _negated=True),
                                name="accounts_webhook_has_secret",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookMessage",
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
                        ("message_id", models.CharField(max_length=80)),
                        ("type", models.CharField(max_length=60)),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("happened", "Something happened"),
                                    ("test", "Test"),
                                    ("replay", "Sent again by hand"),
                                ],
                                default="happened",
                                max_length=8,
                            ),
                        ),
                        ("happened_at", models.DateTimeField(default=core.time.now)),
                        ("data", models.JSONField(default=dict)),
                        (
                            "webhook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="accounts.webhook",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(fields=["state", "due_at"], name="accounts_webhook_due"),
                            models.Index(fields=["webhook", "-id"], name="accounts_webhook_log"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("webhook", "message_id"), name="accounts_webhook_message_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookAttempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=core.time.now)),
                        ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("answer", models.TextField(blank=True, default="")),
                        ("error", models.CharField(blank=True, default="", max_length=300)),
                        ("milliseconds", models.PositiveIntegerField(default=0)),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tries",
                                to="accounts.webhookmessage",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Workspace",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(default="Zelo", max_length=120)),
                        ("restrict_visibility", models.BooleanField(default=False)),
                        ("grace_days", models.PositiveSmallIntegerField(default=0)),
                        ("renewal_grace_days", models.PositiveSmallIntegerField(default=30)),
                        ("gross_margin", models.DecimalField(decimal_places=2, default=100, max_digits=5)),
                        ("fiscal_year_start", models.PositiveSmallIntegerField(default=1)),
                        ("week_start", models.PositiveSmallIntegerField(default=0)),
                        ("is_demo", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("setup_dismissed_at", models.DateTimeField(blank=True, null=True)),
                        ("details_since", models.DateField(default=core.time.today, editable=False)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("pk", 1)), name="accounts_one_workspace"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("gross_margin__gt", 0), ("gross_margin__lte", 100)),
                                name="accounts_gross_margin_share",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fiscal_year_start__range", (1, 12))),
                                name="accounts_fiscal_year_month",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("week_start__lte", 6)), name="accounts_week_day"
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
