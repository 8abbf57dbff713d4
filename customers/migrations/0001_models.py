import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import core.text
import core.time
import customers.models.working
from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("customers", "0001_initial"),
        ("customers", "0002_product_per_plan"),
        ("customers", "0004_ticket_opened_index"),
        ("customers", "0005_hand_edited"),
        ("customers", "0006_data_requests"),
        ("customers", "0007_hand_overs"),
        ("customers", "0008_working_hours"),
        ("customers", "0010_success_plans"),
        ("customers", "0011_insights"),
        ("customers", "0012_plan_ask_on"),
        ("customers", "0013_erased_marks"),
        ("customers", "0014_found_by_start"),
        ("customers", "0015_recorded_details"),
        ("customers", "0016_touch_at"),
        ("customers", "0017_stage_facts"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="AttributeDefinition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.SlugField(max_length=40, unique=True)),
                        ("label", models.CharField(max_length=80)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("text", "Text"),
                                    ("number", "Number"),
                                    ("date", "Date"),
                                    ("bool", "Yes or no"),
                                    ("choice", "Choice"),
                                ],
                                default="text",
                                max_length=10,
                            ),
                        ),
                        ("choices", models.JSONField(blank=True, default=list)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position", "label"],
                    },
                ),
                migrations.CreateModel(
                    name="InsightTeam",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "team",
                            models.CharField(
                                choices=[
                                    ("product", "Product team"),
                                    ("marketing", "Marketing"),
                                    ("sales", "Sales"),
                                    ("support", "Support"),
                                    ("finance", "Finance"),
                                ],
                                max_length=10,
                                unique=True,
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                    ],
                ),
                migrations.CreateModel(
                    name="PlanTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, unique=True)),
                        (
                            "segment",
                            models.CharField(
                                blank=True,
                                choices=[("volume", "Volume"), ("mid", "Mid"), ("high_value", "High value")],
                                default="",
                                max_length=12,
                            ),
                        ),
                        ("product", models.CharField(blank=True, default="", max_length=120)),
                        ("promise", models.TextField(blank=True, default="")),
                        ("updated_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="SegmentRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "segment",
                            models.CharField(
                                choices=[("volume", "Volume"), ("mid", "Mid"), ("high_value", "High value")],
                                max_length=12,
                            ),
                        ),
                        ("conditions", models.JSONField(blank=True, default=list)),
                        ("updated_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="StageRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "from_stage",
                            models.CharField(
                                choices=[
                                    ("onboarding", "Onboarding"),
                                    ("ongoing", "Ongoing"),
                                    ("support", "Support"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "to_stage",
                            models.CharField(
                                choices=[
                                    ("onboarding", "Onboarding"),
                                    ("ongoing", "Ongoing"),
                                    ("support", "Support"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("entered", "entered"),
                                    ("started", "started"),
                                    ("active", "active"),
                                    ("green", "green"),
                                ],
                                default="entered",
                                max_length=8,
                            ),
                        ),
                        ("days", models.PositiveSmallIntegerField()),
                        ("active", models.BooleanField(default=True)),
                        ("updated_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "ordering": ["from_stage", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Tag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, unique=True)),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="AcquisitionCost",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        (
                            "category",
                            models.CharField(
                                choices=[("sales", "sales"), ("marketing", "marketing")], max_length=10
                            ),
                        ),
                        ("amount_cents", models.BigIntegerField()),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("month", "category"), name="customers_cost_once"),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="customers_cost_first_of_month"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        ("tax_id", models.CharField(blank=True, db_index=True, default="", max_length=32)),
                        ("domain", models.CharField(blank=True, default="", max_length=200)),
                        ("industry", models.CharField(blank=True, default="", max_length=120)),
                        ("city", models.CharField(blank=True, default="", max_length=120)),
                        ("region", models.CharField(blank=True, default="", max_length=60)),
                        ("country", models.CharField(blank=True, default="", max_length=60)),
                        ("locale", models.CharField(blank=True, default="", max_length=16)),
                        ("started_on", models.DateField(blank=True, null=True)),
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
                            "segment_by",
                            models.CharField(
                                choices=[("rule", "By rule"), ("hand", "By hand"), ("file", "By import")],
                                default="rule",
                                max_length=6,
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
                        (
                            "stage_by",
                            models.CharField(
                                choices=[("rule", "By rule"), ("hand", "By hand"), ("file", "By import")],
                                default="rule",
                                max_length=6,
                            ),
                        ),
                        ("stage_since", models.DateField(blank=True, null=True)),
                        (
                            "wanted_owner_email",
                            models.EmailField(blank=True, db_index=True, default="", max_length=254),
                        ),
                        ("attributes", models.JSONField(blank=True, default=dict)),
                        (
                            "folded_name",
                            models.GeneratedField(
                                db_persist=True,
                                expression=core.text.Fold(models.F("name")),
                                output_field=models.TextField(),
                            ),
                        ),
                        (
                            "search_text",
                            models.GeneratedField(
                                db_persist=True,
                                expression=core.text.Fold(
                                    django.db.models.functions.text.Concat(
                                        models.F("name"),
                                        models.Value("\n"),
                                        models.F("external_id"),
                                        models.Value("\n"),
                                        models.F("domain"),
                                        models.Value("\n"),
                                        models.F("tax_id"),
                                        models.Value("\n"),
                                        django.db.models.functions.text.Replace(
                                            django.db.models.functions.text.Replace(
                                                django.db.models.functions.text.Replace(
                                                    models.F("tax_id"), models.Value("."), models.Value("")
                                                ),
                                                models.Value("/"),
                                                models.Value(""),
                                            ),
                                            models.Value("-"),
                                            models.Value(""),
                                        ),
                                        output_field=models.TextField(),
                                    )
                                ),
                                output_field=models.TextField(),
                            ),
                        ),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "commercial_owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="merged",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "onboarding_owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="customers",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="children",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "referred_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="referrals",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "tags",
                            models.ManyToManyField(blank=True, related_name="customers", to="customers.tag"),
                        ),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "indexes": [
                            models.Index(fields=["name", "id"], name="customers_by_name"),
                            models.Index(fields=["folded_name", "id"], name="customers_by_folded_name"),
                            models.Index(fields=["owner", "archived_at"], name="customers_by_owner"),
                            models.Index(fields=["segment", "stage"], name="customers_by_cell"),
                            models.Index(fields=["created_at"], name="customers_by_created"),
                            models.Index(fields=["started_on"], name="customers_by_start"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("segment", ""),
                                    ("segment__in", ["volume", "mid", "high_value"]),
                                    _connector="OR",
                                ),
                                name="customers_segment_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("stage", ""),
                                    ("stage__in", ["onboarding", "ongoing", "support"]),
                                    _connector="OR",
                                ),
                                name="customers_stage_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="customers_not_own_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("referred_by__isnull", True),
                                    models.Q(("referred_by", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="customers_not_own_referrer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into__isnull", True),
                                    ("archived_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="customers_merged_is_archived",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                        ("external_id", models.CharField(blank=True, default="", max_length=120)),
                        ("name", models.CharField(blank=True, default="", max_length=160)),
                        ("job_title", models.CharField(blank=True, default="", max_length=120)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("champion", "Champion"),
                                    ("decision_maker", "Decision maker"),
                                    ("sponsor", "Sponsor"),
                                    ("end_user", "End user"),
                                    ("billing", "Billing"),
                                    ("other", "Other"),
                                ],
                                default="other",
                                max_length=16,
                            ),
                        ),
                        ("locale", models.CharField(blank=True, default="", max_length=16)),
                        ("time_zone", models.CharField(blank=True, default="", max_length=60)),
                        ("phone", models.CharField(blank=True, default="", max_length=40)),
                        ("active_from", models.DateField(blank=True, null=True)),
                        ("active_until", models.DateField(blank=True, null=True)),
                        ("opted_out", models.BooleanField(default=False)),
                        (
                            "search_text",
                            models.GeneratedField(
                                db_persist=True,
                                expression=core.text.Fold(
                                    django.db.models.functions.text.Concat(
                                        models.F("name"),
                                        models.Value("\n"),
                                        models.F("email"),
                                        output_field=models.TextField(),
                                    )
                                ),
                                output_field=models.TextField(),
                            ),
                        ),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        ("erased_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("customer"),
                                django.db.models.functions.text.Lower("email"),
                                name="customers_contact_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerHistory",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "field",
                            models.CharField(
                                choices=[
                                    ("segment", "Segment"),
                                    ("stage", "Stage"),
                                    ("owner", "Owner"),
                                    ("tag", "Tags"),
                                    ("industry", "Industry"),
                                    ("parent", "Parent company"),
                                    ("attrs", "Attributes"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("value", models.TextField(blank=True, default="")),
                        (
                            "decided_by",
                            models.CharField(
                                choices=[("rule", "By rule"), ("hand", "By hand"), ("file", "By import")],
                                default="rule",
                                max_length=6,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, default="", max_length=300)),
                        ("recorded_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("superseded_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "actor",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="history",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "owner",
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
                        "indexes": [
                            models.Index(
                                fields=["field", "customer", "-valid_from"], name="customers_history_asof"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at__isnull", True)),
                                fields=("customer", "field", "valid_from"),
                                name="customers_history_once_a_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DataRequest",
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
                                choices=[("export", "A copy of the data"), ("erase", "Erasure")], max_length=6
                            ),
                        ),
                        ("requested_on", models.DateField()),
                        ("due_on", models.DateField()),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="data_requests",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "made_by",
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
                        "ordering": ["-requested_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["export", "erase"])),
                                name="customers_request_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_on__gt", models.F("requested_on"))),
                                name="customers_request_due",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("done_at__isnull", True)),
                                fields=("contact", "kind"),
                                name="customers_request_open_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DayOff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(unique=True)),
                        ("name", models.CharField(max_length=80)),
                    ],
                    options={
                        "ordering": ["day"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="customers_day_off_named",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ErasedMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("mark", models.CharField(max_length=64, unique=True)),
                        ("alias", models.CharField(max_length=60)),
                        ("made_at", models.DateTimeField(default=core.time.now, editable=False)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.contact",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="FactVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("table", models.CharField(max_length=40)),
                        ("row_id", models.BigIntegerField()),
                        ("customer_id", models.BigIntegerField()),
                        ("values", models.JSONField()),
                        ("recorded_at", models.DateTimeField()),
                        ("superseded_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["table", "row_id", "superseded_at"], name="customers_fact_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InsightTheme",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("problem", "Problem"),
                                    ("opportunity", "Opportunity"),
                                    ("concern", "Concern"),
                                    ("misperception", "Misperception"),
                                    ("wish", "Wish"),
                                ],
                                max_length=13,
                            ),
                        ),
                        ("area", models.CharField(blank=True, default="", max_length=80)),
                        ("about", models.TextField(blank=True, default="")),
                        ("subject_id", models.BigIntegerField(blank=True, null=True)),
                        (
                            "team",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("product", "Product team"),
                                    ("marketing", "Marketing"),
                                    ("sales", "Sales"),
                                    ("support", "Support"),
                                    ("finance", "Finance"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("accepted", "Accepted"),
                                    ("planned", "Planned"),
                                    ("done", "Done"),
                                    ("declined", "Declined"),
                                ],
                                default="new",
                                max_length=8,
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("declined_why", models.TextField(blank=True, default="")),
                        ("done_note", models.TextField(blank=True, default="")),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("updated_at", models.DateTimeField(default=core.time.now)),
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
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="customers.insighttheme",
                            ),
                        ),
                        (
                            "owner",
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
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("merged_into__isnull", True)),
                                fields=("name",),
                                name="customers_insight_theme_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        ["problem", "opportunity", "concern", "misperception", "wish"],
                                    )
                                ),
                                name="customers_insight_theme_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("team__in", ["", "product", "marketing", "sales", "support", "finance"])
                                ),
                                name="customers_insight_theme_team",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("declined_why", ""),
                                        ("done_at__isnull", True),
                                        ("state__in", ["new", "accepted", "planned"]),
                                    ),
                                    models.Q(
                                        ("declined_why", ""), ("done_at__isnull", False), ("state", "done")
                                    ),
                                    models.Q(
                                        ("done_at__isnull", True),
                                        ("state", "declined"),
                                        models.Q(("declined_why", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="customers_insight_theme_state_fits",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InsightTold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField()),
                        ("made_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("told_at", models.DateTimeField(blank=True, null=True)),
                        ("ask_on", models.DateField(blank=True, null=True)),
                        ("asked_at", models.DateTimeField(blank=True, null=True)),
                        ("helped", models.BooleanField(blank=True, null=True)),
                        ("helped_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="insights_told",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "theme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="told",
                                to="customers.insighttheme",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("asked_at__isnull", True)),
                                fields=["ask_on"],
                                name="customers_insight_to_ask",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("theme", "contact"), name="customers_insight_told_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("helped__isnull", True), ("helped_at__isnull", True)),
                                    models.Q(("helped__isnull", False), ("helped_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="customers_insight_helped_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Milestone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("milestone", models.CharField(max_length=120)),
                        ("reached_on", models.DateField()),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="milestones",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "milestone"), name="customers_milestone_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("body", models.TextField()),
                        ("pinned_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
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
                                related_name="notes",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "mentions",
                            models.ManyToManyField(
                                blank=True, related_name="mentioned_in", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("file", models.FileField(upload_to="attachments/%Y/%m/")),
                        ("name", models.CharField(max_length=200)),
                        ("size", models.PositiveBigIntegerField()),
                        ("content_type", models.CharField(blank=True, default="", max_length=120)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "added_by",
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
                                related_name="attachments",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "note",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="attachments",
                                to="customers.note",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Objective",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("promise", models.TextField(blank=True, default="")),
                        ("unit", models.CharField(blank=True, default="", max_length=40)),
                        ("baseline", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("target", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("starts_on", models.DateField()),
                        ("due_on", models.DateField()),
                        ("weight", models.DecimalField(decimal_places=2, default=1, max_digits=8)),
                        ("event", models.CharField(blank=True, default="", max_length=120)),
                        ("figure", models.CharField(blank=True, default="", max_length=40)),
                        ("milestone", models.CharField(blank=True, default="", max_length=120)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="objectives",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "name"), name="customers_objective_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("event", ""), ("figure", "")),
                                    models.Q(("event", ""), ("milestone", "")),
                                    models.Q(("figure", ""), ("milestone", "")),
                                    _connector="OR",
                                ),
                                name="customers_objective_one_measure",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("baseline", models.F("target")), _negated=True),
                                name="customers_objective_has_distance",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_on__gt", models.F("starts_on"))),
                                name="customers_objective_span",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weight__gte", 0)), name="customers_objective_weight"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attained",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("customer", "Customer"), ("ours", "Us")], max_length=8
                            ),
                        ),
                        ("value", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("stated_on", models.DateField()),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("link", "Their own link"),
                                    ("conversation", "A conversation"),
                                    ("assessment", "Our assessment"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("evidence", models.TextField(blank=True, default="")),
                        ("role", models.CharField(blank=True, default="", max_length=20)),
                        ("recorded_at", models.DateTimeField(default=core.time.now, editable=False)),
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
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "objective",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attained",
                                to="customers.objective",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-stated_on", "-pk"],
                        "indexes": [
                            models.Index(
                                fields=["objective", "side", "-stated_on"], name="customers_attained_latest"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("side", "customer"), ("source__in", ["link", "conversation"])),
                                    models.Q(("side", "ours"), ("source", "assessment")),
                                    _connector="OR",
                                ),
                                name="customers_attained_sides_apart",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("source", "conversation"), _negated=True),
                                    models.Q(("evidence", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="customers_attained_evidence",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, unique=True)),
                        ("paid_on", models.DateField(blank=True, null=True)),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("amount_cents", models.BigIntegerField()),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="payments",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "paid_on"], name="customers_payment_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Product",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("product", models.CharField(max_length=120)),
                        ("plan", models.CharField(blank=True, default="", max_length=120)),
                        ("feature", models.CharField(max_length=120)),
                        ("event", models.CharField(blank=True, default="", max_length=120)),
                        ("price_cents", models.BigIntegerField(blank=True, null=True)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("product", "plan", "feature"), name="customers_product_feature_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reversal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("action", models.CharField(max_length=60)),
                        ("summary", models.CharField(max_length=200)),
                        ("steps", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "actor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HandOver",
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
                        ("successors", models.JSONField(default=dict)),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "joiner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "leaver",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reversal",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.reversal",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "due_at"], name="customers_hand_over_due")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("joiner__isnull", True), ("leaver__isnull", False)),
                                    models.Q(("joiner__isnull", False), ("leaver__isnull", True)),
                                    _connector="OR",
                                ),
                                name="customers_hand_over_of_one",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "running"])),
                                fields=("leaver",),
                                name="customers_hand_over_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("key", models.SlugField(blank=True, default="", max_length=40)),
                        ("icon", models.CharField(default="table", max_length=40)),
                        ("query", models.JSONField(default=dict)),
                        ("shared", models.BooleanField(default=False)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("owner", "name"), name="customers_view_name_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("key", ""), _negated=True),
                                fields=("key",),
                                name="customers_builtin_view_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Subscription",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("product", models.CharField(max_length=120)),
                        ("plan", models.CharField(blank=True, default="", max_length=120)),
                        ("mrr_cents", models.BigIntegerField()),
                        ("seats", models.PositiveIntegerField(blank=True, null=True)),
                        ("cancelled_on", models.DateField(blank=True, null=True)),
                        ("cancel_reason", models.CharField(blank=True, default="", max_length=300)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subscriptions",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["starts_on", "pk"],
                        "indexes": [
                            models.Index(
                                fields=["customer", "starts_on", "ends_on"], name="customers_subs_span"
                            ),
                            models.Index(fields=["starts_on"], name="customers_subs_start"),
                            models.Index(fields=["ends_on"], name="customers_subs_end"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("external_id", "starts_on"), name="customers_subscription_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("mrr_cents__gte", 0)),
                                name="customers_subscription_mrr_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="customers_subscription_span",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuccessPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("promise", models.TextField()),
                        ("in_their_words", models.TextField(blank=True, default="")),
                        ("evidence", models.TextField(blank=True, default="")),
                        ("next_steps", models.TextField(blank=True, default="")),
                        ("ask_every_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("ask_on", models.DateField(blank=True, null=True)),
                        ("reviewed_on", models.DateField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("updated_at", models.DateTimeField(default=core.time.now)),
                        (
                            "captured_by",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="success_plans",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("customer",), name="customers_one_success_plan"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ask_every_days__isnull", True),
                                    ("ask_every_days__gte", 1),
                                    _connector="OR",
                                ),
                                name="customers_plan_asks_now_and_then",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateObjective",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(max_length=200)),
                        ("unit", models.CharField(blank=True, default="", max_length=40)),
                        ("baseline", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("target", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("days", models.PositiveIntegerField()),
                        ("weight", models.DecimalField(decimal_places=2, default=1, max_digits=8)),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="objectives",
                                to="customers.plantemplate",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["template", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("template", "name"), name="customers_template_objective_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("baseline", models.F("target")), _negated=True),
                                    ("days__gte", 1),
                                    ("weight__gte", 0),
                                ),
                                name="customers_template_objective_way",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Ticket",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, unique=True)),
                        ("assignee_email", models.EmailField(blank=True, default="", max_length=254)),
                        ("subject", models.CharField(blank=True, default="", max_length=300)),
                        ("priority", models.CharField(blank=True, default="", max_length=20)),
                        ("channel", models.CharField(blank=True, default="", max_length=40)),
                        ("opened_at", models.DateTimeField()),
                        ("first_response_at", models.DateTimeField(blank=True, null=True)),
                        ("solved_at", models.DateTimeField(blank=True, null=True)),
                        ("due_at", models.DateTimeField(blank=True, null=True)),
                        ("team_replies", models.PositiveIntegerField(blank=True, null=True)),
                        ("reopens", models.PositiveIntegerField(blank=True, null=True)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tickets",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-opened_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["customer", "-opened_at"], name="customers_ticket_opened"),
                            models.Index(fields=["opened_at"], name="customers_ticket_day"),
                            models.Index(fields=["solved_at"], name="customers_ticket_solved"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Touchpoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("call", "Call"),
                                    ("email", "E-mail"),
                                    ("message", "Message"),
                                    ("meeting", "Meeting"),
                                    ("visit", "Visit"),
                                    ("webinar", "Webinar"),
                                    ("reference", "Reference"),
                                    ("note", "Note"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("happened_at", models.DateTimeField()),
                        ("summary", models.TextField(blank=True, default="")),
                        ("sentiment", models.SmallIntegerField(blank=True, null=True)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
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
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="touchpoints",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-happened_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["customer", "-happened_at"], name="customers_touch_day"),
                            models.Index(fields=["happened_at"], name="customers_touch_at"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sentiment__isnull", True),
                                    ("sentiment__range", (-2, 2)),
                                    _connector="OR",
                                ),
                                name="customers_touchpoint_sentiment",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Insight",
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
                                choices=[
                                    ("problem", "Problem"),
                                    ("opportunity", "Opportunity"),
                                    ("concern", "Concern"),
                                    ("misperception", "Misperception"),
                                    ("wish", "Wish"),
                                ],
                                max_length=13,
                            ),
                        ),
                        ("area", models.CharField(blank=True, default="", max_length=80)),
                        ("quote", models.TextField()),
                        ("language", models.CharField(blank=True, default="", max_length=16)),
                        ("said_by", models.CharField(blank=True, default="", max_length=120)),
                        ("said_on", models.DateField()),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("comment", "Survey comment"),
                                    ("touchpoint", "Conversation"),
                                    ("ticket", "Ticket"),
                                    ("hand", "By hand"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("comment_id", models.BigIntegerField(blank=True, db_index=True, null=True)),
                        ("removed_at", models.DateTimeField(blank=True, null=True)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
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
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="insights",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "duplicate_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="duplicates",
                                to="customers.insight",
                            ),
                        ),
                        (
                            "theme",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="insights",
                                to="customers.insighttheme",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="insights",
                                to="customers.ticket",
                            ),
                        ),
                        (
                            "touchpoint",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="insights",
                                to="customers.touchpoint",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-said_on", "-pk"],
                        "indexes": [
                            models.Index(fields=["theme", "-said_on"], name="customers_insight_theme"),
                            models.Index(fields=["customer", "-said_on"], name="customers_insight_said"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        ["problem", "opportunity", "concern", "misperception", "wish"],
                                    )
                                ),
                                name="customers_insight_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("source__in", ["comment", "touchpoint", "ticket", "hand"])
                                ),
                                name="customers_insight_source",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("duplicate_of__isnull", True),
                                    models.Q(("duplicate_of", models.F("pk")), _negated=True),
                                    _connector="OR",
                                ),
                                name="customers_insight_not_its_own_duplicate",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkingHours",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("is_set", models.BooleanField(default=False)),
                        ("hours", models.JSONField(default=customers.models.working.office_week)),
                        ("country", models.CharField(blank=True, default="", max_length=2)),
                        ("subdivision", models.CharField(blank=True, default="", max_length=40)),
                        ("optional", models.JSONField(blank=True, default=list)),
                        ("updated_at", models.DateTimeField(default=core.time.now)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("pk", 1)), name="customers_one_working_hours"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contract",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, unique=True)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(db_index=True)),
                        ("value_cents", models.BigIntegerField(blank=True, null=True)),
                        ("auto_renews", models.BooleanField(default=False)),
                        ("signed_on", models.DateField(blank=True, null=True)),
                        (
                            "renews_external_id",
                            models.CharField(blank=True, db_index=True, default="", max_length=120),
                        ),
                        ("cancelled_on", models.DateField(blank=True, null=True)),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("hand_edited", models.JSONField(blank=True, default=list)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contracts",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["starts_on", "pk"],
                        "indexes": [
                            models.Index(fields=["customer", "ends_on"], name="customers_contract_due")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="customers_contract_span",
                            )
                        ],
                    },
                ),
            ]
        )
    ]
