import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import core.time
from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("metrics", "0001_initial"),
        ("metrics", "0002_usage_batch"),
        ("metrics", "0003_usage_rolled"),
        ("metrics", "0004_first_value_sign"),
        ("metrics", "0005_expansion_split"),
        ("metrics", "0006_board_figure"),
        ("metrics", "0007_activation_criteria"),
        ("metrics", "0008_hand_edited"),
        ("metrics", "0009_history"),
        ("metrics", "0010_integrity"),
        ("metrics", "0011_health_scores"),
        ("metrics", "0012_objective_days"),
        ("metrics", "0013_targets_and_plans"),
        ("metrics", "0014_health_lab"),
        ("metrics", "0015_listing"),
        ("metrics", "0016_packed_inputs"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0001_models"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="HealthFeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("tickets", "Tickets"), ("usage", "Usage")],
                                max_length=10,
                                unique=True,
                            ),
                        ),
                        ("since", models.DateField()),
                    ],
                ),
                migrations.CreateModel(
                    name="HealthLayout",
                    fields=[
                        ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("inputs", models.JSONField()),
                        ("factors", models.JSONField()),
                    ],
                ),
                migrations.CreateModel(
                    name="ActionPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=60)),
                        ("slice", models.CharField(blank=True, default="", max_length=120)),
                        ("cause", models.TextField()),
                        (
                            "value",
                            models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True),
                        ),
                        ("opened_on", models.DateField()),
                        ("due_on", models.DateField()),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        ("outcome", models.TextField(blank=True, default="")),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_on__isnull", True)),
                                fields=("key", "slice"),
                                name="metrics_one_open_plan",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_on__gte", models.F("opened_on"))),
                                name="metrics_plan_due_after_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on__isnull", True),
                                    ("closed_on__gte", models.F("opened_on")),
                                    _connector="OR",
                                ),
                                name="metrics_plan_closed_after_open",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActivationCriteria",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "segment",
                            models.CharField(
                                blank=True,
                                choices=[("volume", "Volume"), ("mid", "Mid"), ("high_value", "High value")],
                                default="",
                                max_length=12,
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("applies_from", models.DateField(blank=True, null=True)),
                        ("published_at", models.DateTimeField(default=core.time.now)),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["segment", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("segment", "version"), name="metrics_activation_version_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActivationItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("login", "Logins"),
                                    ("action", "Actions"),
                                    ("critical", "Critical action"),
                                    ("result", "Result shown by an event"),
                                    ("milestone", "Result set as a milestone"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("times", models.PositiveIntegerField(default=1)),
                        ("within_days", models.PositiveIntegerField()),
                        (
                            "criteria",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="metrics.activationcriteria",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["criteria", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("criteria", "position"), name="metrics_activation_item_place"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("times__gte", 1),
                                    ("within_days__gte", 1),
                                    models.Q(("name", ""), _negated=True),
                                ),
                                name="metrics_activation_item_asks",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AttributeValue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=40)),
                        ("valid_from", models.DateField()),
                        ("value", models.BigIntegerField(blank=True, null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("key", "customer", "valid_from"), name="metrics_attribute_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BoardFigure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=60)),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["user", "position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "key"), name="metrics_board_figure_once"),
                            models.UniqueConstraint(
                                fields=("user", "position"), name="metrics_board_place_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CurrentRow",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="current",
                                serialize=False,
                                to="customers.customer",
                            ),
                        ),
                        ("mrr_cents", models.BigIntegerField()),
                        ("mrr_change_cents", models.BigIntegerField(blank=True, null=True)),
                        ("active_people_30", models.PositiveIntegerField()),
                        ("active_before", models.PositiveIntegerField(blank=True, null=True)),
                        ("seats", models.PositiveIntegerField(blank=True, null=True)),
                        ("open_tickets", models.PositiveIntegerField()),
                        ("last_touch_on", models.DateField(blank=True, null=True)),
                        ("renewal_on", models.DateField(blank=True, null=True)),
                        ("renewal_value_cents", models.BigIntegerField(blank=True, null=True)),
                        ("paid_cents", models.BigIntegerField()),
                        ("nps_score", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["mrr_cents", "customer"], name="metrics_current_mrr"),
                            models.Index(
                                fields=["mrr_change_cents", "customer"], name="metrics_current_change"
                            ),
                            models.Index(
                                fields=["active_people_30", "customer"], name="metrics_current_active"
                            ),
                            models.Index(fields=["seats", "customer"], name="metrics_current_seats"),
                            models.Index(fields=["open_tickets", "customer"], name="metrics_current_tickets"),
                            models.Index(fields=["last_touch_on", "customer"], name="metrics_current_touch"),
                            models.Index(fields=["renewal_on", "customer"], name="metrics_current_renewal"),
                            models.Index(fields=["paid_cents", "customer"], name="metrics_current_paid"),
                            models.Index(fields=["nps_score", "customer"], name="metrics_current_nps"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("segment", models.CharField(blank=True, default="", max_length=12)),
                        ("stage", models.CharField(blank=True, default="", max_length=12)),
                        ("owner_id", models.BigIntegerField(blank=True, null=True)),
                        ("opening_mrr_cents", models.BigIntegerField(default=0)),
                        ("mrr_cents", models.BigIntegerField(default=0)),
                        ("mrr_new_cents", models.BigIntegerField(default=0)),
                        ("mrr_expansion_cents", models.BigIntegerField(default=0)),
                        ("mrr_contraction_cents", models.BigIntegerField(default=0)),
                        ("mrr_churn_cents", models.BigIntegerField(default=0)),
                        ("mrr_reactivation_cents", models.BigIntegerField(default=0)),
                        ("mrr_upsell_cents", models.BigIntegerField(default=0)),
                        ("mrr_cross_sell_cents", models.BigIntegerField(default=0)),
                        ("seats", models.PositiveIntegerField(blank=True, null=True)),
                        ("events", models.BigIntegerField(default=0)),
                        ("active_people", models.PositiveIntegerField(default=0)),
                        ("features_used", models.PositiveIntegerField(default=0)),
                        ("active_people_30", models.PositiveIntegerField(default=0)),
                        ("open_tickets", models.PositiveIntegerField(default=0)),
                        ("last_touch_on", models.DateField(blank=True, null=True)),
                        ("renewal_on", models.DateField(blank=True, null=True)),
                        ("renewal_value_cents", models.BigIntegerField(blank=True, null=True)),
                        ("paid_cents", models.BigIntegerField(default=0)),
                        ("nps_score", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("computed_at", models.DateTimeField(default=core.time.now)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="days",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "day"], name="metrics_customer_days"),
                            models.Index(
                                condition=models.Q(
                                    ("mrr_cents", models.F("opening_mrr_cents")), _negated=True
                                ),
                                fields=["day", "customer"],
                                name="metrics_days_that_moved",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("day", "customer"), name="metrics_customer_day_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "mrr_cents",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        django.db.models.expressions.CombinedExpression(
                                                            models.F("opening_mrr_cents"),
                                                            "+",
                                                            models.F("mrr_new_cents"),
                                                        ),
                                                        "+",
                                                        models.F("mrr_reactivation_cents"),
                                                    ),
                                                    "+",
                                                    models.F("mrr_expansion_cents"),
                                                ),
                                                "-",
                                                models.F("mrr_contraction_cents"),
                                            ),
                                            "-",
                                            models.F("mrr_churn_cents"),
                                        ),
                                    )
                                ),
                                name="metrics_movements_add_up",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "mrr_expansion_cents",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("mrr_upsell_cents"),
                                            "+",
                                            models.F("mrr_cross_sell_cents"),
                                        ),
                                    )
                                ),
                                name="metrics_expansion_splits",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FigureDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("key", models.CharField(max_length=60)),
                        ("value", models.FloatField(blank=True, null=True)),
                        ("before", models.FloatField(blank=True, null=True)),
                        ("margin", models.FloatField(blank=True, null=True)),
                        ("basis", models.FloatField(blank=True, null=True)),
                        ("computed_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["day"], name="metrics_figure_day")],
                        "constraints": [
                            models.UniqueConstraint(fields=("key", "day"), name="metrics_figure_day_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FirstValueSign",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("event", "Usage event"), ("milestone", "Milestone")], max_length=10
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "ordering": ["kind", "name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("kind", "name"), name="metrics_first_value_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HealthInput",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("layout", models.BigIntegerField(default=0)),
                        ("numbers", models.BinaryField(default=b"")),
                        ("computed_at", models.DateTimeField(default=core.time.now)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer", "day"], name="metrics_health_input_of")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("day", "customer"), name="metrics_health_input_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HealthMove",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("kind", models.CharField(max_length=10)),
                        ("before", models.IntegerField()),
                        ("after", models.IntegerField()),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="health_moves",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer", "day"], name="metrics_health_move_of")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("day", "customer", "kind"), name="metrics_health_move_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["band", "drop", "coverage", "risk"])),
                                name="metrics_health_move_kind",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HealthOverride",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("score", models.PositiveIntegerField()),
                        ("reason", models.CharField(max_length=300)),
                        ("set_on", models.DateField()),
                        ("expires_on", models.DateField()),
                        ("withdrawn_on", models.DateField(blank=True, null=True)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-set_on", "-pk"],
                        "indexes": [models.Index(fields=["customer", "set_on"], name="metrics_override_day")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("score__lte", 10000)), name="metrics_override_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("expires_on__gt", models.F("set_on"))),
                                name="metrics_override_lasts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="metrics_override_has_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HealthPulse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("score", models.PositiveIntegerField()),
                        ("reason", models.CharField(max_length=300)),
                        ("set_on", models.DateField()),
                        ("expires_on", models.DateField()),
                        ("withdrawn_on", models.DateField(blank=True, null=True)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-set_on", "-pk"],
                        "indexes": [models.Index(fields=["customer", "set_on"], name="metrics_pulse_day")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("score__lte", 10000)), name="metrics_pulse_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("expires_on__gt", models.F("set_on"))),
                                name="metrics_pulse_lasts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="metrics_pulse_has_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IntegrityResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "check_name",
                            models.CharField(
                                choices=[
                                    ("movements", "Opening and movements make the closing"),
                                    ("parts", "Slices add up to the whole"),
                                    ("rollup", "Roll-ups equal a recount of raw rows"),
                                    ("nights", "Every closed day has its night"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("day", models.DateField()),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("rows", models.JSONField(default=list)),
                        ("checked_at", models.DateTimeField(default=core.time.now)),
                        ("failed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("failures__gt", 0)),
                                fields=["check_name", "day"],
                                name="metrics_integrity_failing",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("check_name", "day"), name="metrics_integrity_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("failed_at__isnull", True), ("failures", 0)),
                                    models.Q(("failed_at__isnull", False), ("failures__gt", 0)),
                                    _connector="OR",
                                ),
                                name="metrics_integrity_failed_since",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LabTask",
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
                        ("kind", models.CharField(max_length=12)),
                        ("key", models.CharField(max_length=64, unique=True)),
                        ("cell", models.CharField(blank=True, default="", max_length=60)),
                        ("definition", models.JSONField()),
                        ("day", models.DateField()),
                        ("progress", models.PositiveSmallIntegerField(default=0)),
                        ("result", models.JSONField(blank=True, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "due_at"], name="metrics_lab_task_due")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["backtest", "suggestion"])),
                                name="metrics_lab_task_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("progress__lte", 100)), name="metrics_lab_task_progress"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MonthRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("published", "First published"), ("frozen", "Frozen")],
                                max_length=10,
                            ),
                        ),
                        ("edition", models.PositiveSmallIntegerField(default=1)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("note", models.CharField(blank=True, default="", max_length=500)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-month", "kind", "-edition"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("month", "kind", "edition"), name="metrics_month_record_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="metrics_month_record_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind", "frozen"), ("edition", 1), _connector="OR"),
                                name="metrics_month_published_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MonthValue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=60)),
                        ("cut", models.CharField(blank=True, default="", max_length=10)),
                        ("part", models.CharField(blank=True, default="", max_length=254)),
                        ("value", models.CharField(blank=True, default="", max_length=80)),
                        ("numerator", models.CharField(blank=True, default="", max_length=80)),
                        ("denominator", models.BigIntegerField(blank=True, null=True)),
                        ("low", models.FloatField(blank=True, null=True)),
                        ("high", models.FloatField(blank=True, null=True)),
                        ("margin", models.FloatField(blank=True, null=True)),
                        ("provisional", models.BooleanField(default=False)),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values",
                                to="metrics.monthrecord",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "key", "cut", "part"), name="metrics_month_value_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Night",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(unique=True)),
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
                        ("opened_at", models.DateTimeField(default=core.time.now)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("restated_at", models.DateTimeField(blank=True, null=True)),
                        ("told_at", models.DateTimeField(blank=True, null=True)),
                        ("checked_at", models.DateTimeField(blank=True, null=True)),
                        ("moved_at", models.DateTimeField(blank=True, null=True)),
                        ("listed_at", models.DateTimeField(blank=True, null=True)),
                        ("unlisted", models.PositiveIntegerField(default=0)),
                        ("failed_step", models.CharField(blank=True, default="", max_length=60)),
                        ("error", models.TextField(blank=True, default="")),
                    ],
                    options={
                        "ordering": ["-day"],
                        "indexes": [
                            models.Index(fields=["finished_at"], name="metrics_night_finished"),
                            models.Index(
                                condition=models.Q(("state", "done"), ("told_at__isnull", True)),
                                fields=["day"],
                                name="metrics_night_untold",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("checked_at__isnull", True),
                                    ("state", "done"),
                                    ("told_at__isnull", False),
                                ),
                                fields=["day"],
                                name="metrics_night_unchecked",
                            ),
                            models.Index(
                                condition=models.Q(("moved_at__isnull", True), ("state", "done")),
                                fields=["day"],
                                name="metrics_night_unmoved",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NightShard",
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
                        ("low", models.BigIntegerField()),
                        ("high", models.BigIntegerField()),
                        (
                            "night",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="shards",
                                to="metrics.night",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "due_at"], name="metrics_shard_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("night", "low"), name="metrics_shard_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ObjectiveDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("value", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("computed_at", models.DateTimeField(default=core.time.now)),
                        (
                            "objective",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.objective",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("objective", "day"), name="metrics_objective_day_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PastDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("segment", models.CharField(blank=True, default="", max_length=12)),
                        ("stage", models.CharField(blank=True, default="", max_length=12)),
                        ("owner_id", models.BigIntegerField(blank=True, null=True)),
                        ("opening_mrr_cents", models.BigIntegerField(default=0)),
                        ("mrr_cents", models.BigIntegerField(default=0)),
                        ("mrr_new_cents", models.BigIntegerField(default=0)),
                        ("mrr_expansion_cents", models.BigIntegerField(default=0)),
                        ("mrr_contraction_cents", models.BigIntegerField(default=0)),
                        ("mrr_churn_cents", models.BigIntegerField(default=0)),
                        ("mrr_reactivation_cents", models.BigIntegerField(default=0)),
                        ("mrr_upsell_cents", models.BigIntegerField(default=0)),
                        ("mrr_cross_sell_cents", models.BigIntegerField(default=0)),
                        ("seats", models.PositiveIntegerField(blank=True, null=True)),
                        ("events", models.BigIntegerField(default=0)),
                        ("active_people", models.PositiveIntegerField(default=0)),
                        ("features_used", models.PositiveIntegerField(default=0)),
                        ("active_people_30", models.PositiveIntegerField(default=0)),
                        ("open_tickets", models.PositiveIntegerField(default=0)),
                        ("last_touch_on", models.DateField(blank=True, null=True)),
                        ("renewal_on", models.DateField(blank=True, null=True)),
                        ("renewal_value_cents", models.BigIntegerField(blank=True, null=True)),
                        ("paid_cents", models.BigIntegerField(default=0)),
                        ("nps_score", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("computed_at", models.DateTimeField(default=core.time.now)),
                        ("superseded_at", models.DateTimeField()),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "day"], name="metrics_past_customer"),
                            models.Index(fields=["day", "superseded_at"], name="metrics_past_day"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("superseded_at__gte", models.F("computed_at"))),
                                name="metrics_past_day_in_order",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("what", models.CharField(max_length=200)),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("done_on", models.DateField(blank=True, null=True)),
                        (
                            "plan",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="metrics.actionplan",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["plan", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plan", "position"), name="metrics_plan_step_place_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScorecardVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(blank=True, null=True, unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("shadow", "Shadow"),
                                    ("published", "Published"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("definition", models.JSONField()),
                        ("note", models.CharField(blank=True, default="", max_length=300)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        ("shadow_from", models.DateField(blank=True, null=True)),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        ("in_force_from", models.DateField(blank=True, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "based_on",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="metrics.scorecardversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-number", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "published"), _negated=True),
                                fields=("state",),
                                name="metrics_scorecard_one_draft",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("number__isnull", False),
                                        ("published_at__isnull", False),
                                        ("state", "published"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "published"), _negated=True),
                                        ("number__isnull", True),
                                        ("published_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="metrics_scorecard_number_when_published",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HealthShadow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("score", models.PositiveIntegerField(blank=True, null=True)),
                        ("coverage", models.PositiveIntegerField(default=0)),
                        ("band", models.PositiveSmallIntegerField(default=0)),
                        ("across", models.SmallIntegerField(default=0)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="shadow_days",
                                to="metrics.scorecardversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer"], name="metrics_health_shadow_of")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "day", "customer"), name="metrics_health_shadow_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("band", 0), ("score__isnull", True)),
                                        models.Q(
                                            ("band__lte", 3), ("score__isnull", False), ("score__lte", 10000)
                                        ),
                                        _connector="OR",
                                    ),
                                    ("coverage__lte", 10000),
                                ),
                                name="metrics_health_shadow_in_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HealthDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("segment", models.CharField(blank=True, default="", max_length=12)),
                        ("stage", models.CharField(blank=True, default="", max_length=12)),
                        ("profile", models.CharField(blank=True, default="", max_length=60)),
                        ("own", models.PositiveIntegerField(blank=True, null=True)),
                        ("score", models.PositiveIntegerField(blank=True, null=True)),
                        ("coverage", models.PositiveIntegerField(default=0)),
                        ("low", models.PositiveIntegerField(blank=True, null=True)),
                        ("high", models.PositiveIntegerField(blank=True, null=True)),
                        ("band", models.PositiveSmallIntegerField(default=0)),
                        ("across", models.SmallIntegerField(default=0)),
                        ("override_id", models.BigIntegerField(blank=True, null=True)),
                        ("first_score", models.PositiveIntegerField(blank=True, null=True)),
                        ("first_band", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("computed_at", models.DateTimeField(default=core.time.now)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="health",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="metrics.scorecardversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "day"], name="metrics_health_of_customer")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("day", "customer"), name="metrics_health_day_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("own__isnull", True),
                                        models.Q(("own__gte", 0), ("own__lte", 10000)),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("score__isnull", True),
                                        models.Q(("score__gte", 0), ("score__lte", 10000)),
                                        _connector="OR",
                                    ),
                                    ("coverage__lte", 10000),
                                ),
                                name="metrics_health_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("high__isnull", True), ("low__isnull", True), ("own__isnull", True)
                                    ),
                                    models.Q(
                                        ("high__gte", models.F("own")),
                                        ("high__isnull", False),
                                        ("high__lte", 10000),
                                        ("low__isnull", False),
                                        ("low__lte", models.F("own")),
                                        ("own__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="metrics_health_range_holds_score",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("band", 0),
                                    models.Q(("band__in", [1, 2, 3]), ("score__isnull", False)),
                                    _connector="OR",
                                ),
                                name="metrics_health_band_has_score",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SentReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "span",
                            models.CharField(choices=[("week", "Week"), ("month", "Month")], max_length=5),
                        ),
                        ("first", models.DateField()),
                        ("queued_at", models.DateTimeField(default=core.time.now)),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "span", "first"), name="metrics_report_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SliceDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("cut", models.CharField(blank=True, default="", max_length=10)),
                        ("part", models.CharField(blank=True, default="", max_length=20)),
                        ("is_first", models.BooleanField(default=True)),
                        ("is_current", models.BooleanField(default=True)),
                        ("customers", models.PositiveIntegerField(default=0)),
                        ("opening", models.BigIntegerField(default=0)),
                        ("closing", models.BigIntegerField(default=0)),
                        ("new", models.BigIntegerField(default=0)),
                        ("expansion", models.BigIntegerField(default=0)),
                        ("upsell", models.BigIntegerField(default=0)),
                        ("cross_sell", models.BigIntegerField(default=0)),
                        ("contraction", models.BigIntegerField(default=0)),
                        ("churn", models.BigIntegerField(default=0)),
                        ("reactivation", models.BigIntegerField(default=0)),
                        ("active_at_opening", models.PositiveIntegerField(default=0)),
                        ("active_at_closing", models.PositiveIntegerField(default=0)),
                        ("lost", models.PositiveIntegerField(default=0)),
                        ("kept", models.BigIntegerField(default=0)),
                        ("floor", models.BigIntegerField(default=0)),
                        ("customers_new", models.PositiveIntegerField(default=0)),
                        ("payers", models.PositiveIntegerField(default=0)),
                        ("paid", models.BigIntegerField(default=0)),
                        ("open_tickets", models.PositiveIntegerField(default=0)),
                        ("computed_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["cut", "part", "day"], name="metrics_slice_trend")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("day", "cut", "part", "is_first"), name="metrics_slice_day_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_current", True)),
                                fields=("day", "cut", "part"),
                                name="metrics_slice_day_current",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("is_first", True), ("is_current", True), _connector="OR"),
                                name="metrics_slice_day_first_or_current",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StaleSpan",
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
                        ("first", models.DateField()),
                        ("last", models.DateField(blank=True, null=True)),
                        ("reason", models.CharField(max_length=60)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "due_at"], name="metrics_stale_due")],
                    },
                ),
                migrations.CreateModel(
                    name="SuddenChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("key", models.CharField(max_length=60)),
                        ("value", models.FloatField()),
                        ("before", models.FloatField()),
                        ("centre", models.FloatField()),
                        ("deviation", models.FloatField()),
                        ("worth", models.FloatField()),
                        (
                            "worth_of",
                            models.CharField(
                                choices=[("mrr", "share of MRR"), ("customers", "customers")], max_length=10
                            ),
                        ),
                        ("found_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["day"], name="metrics_sudden_change_day")],
                        "constraints": [
                            models.UniqueConstraint(fields=("key", "day"), name="metrics_sudden_change_once"),
                            models.CheckConstraint(
                                condition=models.Q(("deviation__gt", 0)),
                                name="metrics_sudden_change_deviates",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Target",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=60)),
                        ("slice", models.CharField(blank=True, default="", max_length=120)),
                        ("due_on", models.DateField()),
                        ("value", models.DecimalField(decimal_places=6, max_digits=20)),
                        (
                            "baseline",
                            models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("ended_on", models.DateField(blank=True, null=True)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("key", "slice", "due_on"), name="metrics_target_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("baseline__isnull", True), ("starts_on__isnull", False), _connector="OR"
                                ),
                                name="metrics_baseline_has_its_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("starts_on__isnull", True),
                                    ("starts_on__lt", models.F("due_on")),
                                    _connector="OR",
                                ),
                                name="metrics_target_starts_before_due",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UsageDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("person", models.CharField(blank=True, default="", max_length=200)),
                        ("feature", models.CharField(max_length=120)),
                        ("events", models.BigIntegerField()),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer", "day"], name="metrics_usage_customer")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("day", "customer", "person", "feature"),
                                name="metrics_usage_rollup_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UsageEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("occurred_at", models.DateTimeField()),
                        ("event", models.CharField(max_length=120)),
                        ("person", models.CharField(blank=True, default="", max_length=200)),
                        ("count", models.IntegerField(default=1)),
                        ("message_id", models.CharField(max_length=120, unique=True)),
                        ("batch_id", models.BigIntegerField(blank=True, null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["day", "customer"], name="metrics_usage_day")],
                    },
                ),
                migrations.CreateModel(
                    name="UsageRolled",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("cell", models.BigIntegerField()),
                        ("rolled_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("day", "cell"), name="metrics_rolled_once")
                        ],
                    },
                ),
            ]
        )
    ]
