import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import core.time
from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("playbooks", "0001_tasks"),
        ("playbooks", "0002_tasks_of_low_answers"),
        ("playbooks", "0003_alerts"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0001_models"),
        ("surveys", "0001_models"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="AlertRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=24)),
                        ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("amount", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "segment",
                            models.CharField(
                                blank=True,
                                choices=[("volume", "Volume"), ("mid", "Mid"), ("high_value", "High value")],
                                default="",
                                max_length=12,
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("onboarding", "Onboarding"),
                                    ("ongoing", "Ongoing"),
                                    ("support", "Support"),
                                ],
                                default="",
                                max_length=12,
                            ),
                        ),
                        ("active", models.BooleanField(default=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("updated_at", models.DateTimeField(default=core.time.now, editable=False)),
                    ],
                    options={
                        "ordering": ["kind", "-days", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("kind"),
                                django.db.models.functions.comparison.Coalesce(
                                    "days", models.Value(-1), output_field=models.IntegerField()
                                ),
                                django.db.models.functions.comparison.Coalesce(
                                    "amount", models.Value(-1), output_field=models.IntegerField()
                                ),
                                models.F("segment"),
                                models.F("stage"),
                                name="playbooks_alert_rule_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarFeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key_hash", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("read_on", models.DateField(blank=True, null=True)),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Task",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        ("body", models.TextField(blank=True, default="")),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("due_at", models.TimeField(blank=True, null=True)),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")], default=2
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
                                default="open",
                                max_length=8,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "repeats",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Never"),
                                    ("day", "Days"),
                                    ("workday", "Working days"),
                                    ("week", "Weeks"),
                                    ("month", "Months"),
                                ],
                                default="",
                                max_length=8,
                            ),
                        ),
                        ("every", models.PositiveSmallIntegerField(default=1)),
                        ("anchor_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("updated_at", models.DateTimeField(default=core.time.now, editable=False)),
                        (
                            "case",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="task",
                                to="surveys.loopcase",
                            ),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tasks",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "follows",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="followed_by",
                                to="playbooks.task",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": [
                            models.OrderBy(models.F("due_on"), nulls_last=True),
                            models.OrderBy(models.F("due_at"), nulls_last=True),
                            "-priority",
                            "pk",
                        ],
                        "indexes": [
                            models.Index(fields=["owner", "state", "due_on"], name="playbooks_task_mine"),
                            models.Index(
                                fields=["customer", "state", "due_on"], name="playbooks_task_of_customer"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", True), ("state", "open")),
                                    models.Q(
                                        models.Q(("state", "open"), _negated=True),
                                        ("closed_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="playbooks_task_closed_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("due_at__isnull", True), ("due_on__isnull", False), _connector="OR"
                                ),
                                name="playbooks_task_time_has_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("repeats", ""), ("due_on__isnull", False), _connector="OR"
                                ),
                                name="playbooks_task_repeats_from_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("every__gte", 1)), name="playbooks_task_every"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField()),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="comments",
                                to="playbooks.task",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["task", "created_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="TaskItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("text", models.CharField(max_length=200)),
                        ("done", models.BooleanField(default=False)),
                        (
                            "task",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="playbooks.task",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["task", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("task", "position"), name="playbooks_task_item_place_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Alert",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("scope", models.CharField(max_length=12)),
                        ("subject_id", models.BigIntegerField()),
                        ("since", models.DateField()),
                        ("value", models.BigIntegerField(blank=True, null=True)),
                        ("before", models.BigIntegerField(blank=True, null=True)),
                        ("label", models.CharField(blank=True, default="", max_length=300)),
                        ("badness", models.BigIntegerField(default=0)),
                        ("mrr_cents", models.BigIntegerField(default=0)),
                        ("opened_at", models.DateTimeField(default=core.time.now)),
                        ("seen_on", models.DateField()),
                        ("checked_at", models.DateTimeField(default=core.time.now)),
                        ("ended_on", models.DateField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("snoozed_until", models.DateField(blank=True, null=True)),
                        ("snoozed_badness", models.BigIntegerField(blank=True, null=True)),
                        ("dismissed_at", models.DateTimeField(blank=True, null=True)),
                        ("dismissed_why", models.CharField(blank=True, default="", max_length=300)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="alerts",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "dismissed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="alerts",
                                to="playbooks.alertrule",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-opened_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["customer", "ended_at"], name="playbooks_alert_of_customer"),
                            models.Index(fields=["opened_at"], name="playbooks_alert_opened"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("rule", "scope", "subject_id"),
                                name="playbooks_one_open_alert",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("ended_on__isnull", True)),
                                    models.Q(("ended_at__isnull", False), ("ended_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="playbooks_alert_ended_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("dismissed_at__isnull", True), ("dismissed_why", "")),
                                    models.Q(
                                        ("dismissed_at__isnull", False),
                                        models.Q(("dismissed_why", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="playbooks_alert_dismissed_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("snoozed_until__isnull", True),
                                    ("snoozed_badness__isnull", True),
                                    _connector="OR",
                                ),
                                name="playbooks_alert_one_snooze",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Cover",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("first_on", models.DateField()),
                        ("last_on", models.DateField()),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "substitute",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["first_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_on__gte", models.F("first_on"))),
                                name="playbooks_cover_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("person", models.F("substitute")), _negated=True),
                                name="playbooks_cover_by_another",
                            ),
                            models.UniqueConstraint(
                                fields=("person", "first_on"), name="playbooks_cover_once_a_day"
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
