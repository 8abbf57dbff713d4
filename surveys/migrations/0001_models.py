import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.time
from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("surveys", "0001_initial"),
        ("surveys", "0002_questions_links_and_versions"),
        ("surveys", "0003_campaigns_and_contact_budget"),
        ("surveys", "0004_cases_and_themes"),
        ("surveys", "0006_answers_outlive_invitations"),
        ("surveys", "0007_insight_links"),
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
                    name="ContactBudget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("nps_days", models.PositiveSmallIntegerField(blank=True, default=90, null=True)),
                        ("csat_days", models.PositiveSmallIntegerField(blank=True, default=14, null=True)),
                        ("ces_days", models.PositiveSmallIntegerField(blank=True, default=14, null=True)),
                        ("success_days", models.PositiveSmallIntegerField(blank=True, default=30, null=True)),
                        (
                            "playbook_a_day",
                            models.PositiveSmallIntegerField(blank=True, default=1, null=True),
                        ),
                        (
                            "playbook_in_14",
                            models.PositiveSmallIntegerField(blank=True, default=5, null=True),
                        ),
                        ("person_in_14", models.PositiveSmallIntegerField(blank=True, default=8, null=True)),
                        (
                            "customer_a_day",
                            models.PositiveSmallIntegerField(blank=True, default=50, null=True),
                        ),
                        ("reminder_days", models.PositiveSmallIntegerField(blank=True, default=2, null=True)),
                        ("event_days", models.PositiveSmallIntegerField(default=3)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("pk", 1)), name="surveys_one_budget"),
                            models.CheckConstraint(
                                condition=models.Q(("event_days__range", (1, 30))),
                                name="surveys_budget_event_days",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LoopSettings",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("hours", models.PositiveSmallIntegerField(default=48)),
                        ("working_hours", models.PositiveSmallIntegerField(default=16)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("pk", 1)), name="surveys_one_loop_settings"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("hours__range", (1, 720)), ("working_hours__range", (1, 240))
                                ),
                                name="surveys_loop_hours",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Suppression",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address_hash", models.CharField(max_length=64)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("all", "All mail"),
                                    ("surveys", "Surveys"),
                                    ("playbooks", "Messages from the team"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("asked", "The person asked for it"),
                                    ("bounced", "The address does not exist"),
                                    ("complained", "Marked as spam"),
                                    ("by_hand", "Entered by the team"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("made_at", models.DateTimeField(default=core.time.now)),
                        ("lifted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="suppressions",
                                to="customers.contact",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-made_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("lifted_at__isnull", True)),
                                fields=("address_hash", "kind"),
                                name="surveys_suppressed_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["all", "surveys", "playbooks"])),
                                name="surveys_suppressed_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("why__in", ["asked", "bounced", "complained", "by_hand"])
                                ),
                                name="surveys_suppressed_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Survey",
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
                                    ("nps", "NPS"),
                                    ("csat", "CSAT"),
                                    ("ces", "CES"),
                                    ("success", "Success check-in"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("brand_name", models.CharField(blank=True, default="", max_length=80)),
                        (
                            "brand_colour",
                            models.CharField(
                                default="#3355d6",
                                max_length=7,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^#[0-9a-fA-F]{6}$",
                                        "A colour is written as # and six digits, like #3355d6.",
                                    )
                                ],
                            ),
                        ),
                        ("logo", models.FileField(blank=True, default="", upload_to="survey-logos/")),
                        ("logo_type", models.CharField(blank=True, default="", max_length=40)),
                        ("link_days", models.PositiveSmallIntegerField(blank=True, default=30, null=True)),
                        ("closes_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["kind", "name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("archived_at__isnull", True)),
                                fields=("name",),
                                name="surveys_name_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["nps", "csat", "ces", "success"])),
                                name="surveys_kind_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("brand_colour__regex", "^#[0-9a-fA-F]{6}$")),
                                name="surveys_colour",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("link_days__isnull", True),
                                    ("link_days__range", (1, 365)),
                                    _connector="OR",
                                ),
                                name="surveys_link_days",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Campaign",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("running", "Running"),
                                    ("paused", "Paused"),
                                    ("stopped", "Stopped"),
                                ],
                                default="draft",
                                max_length=8,
                            ),
                        ),
                        ("audience", models.JSONField(blank=True, default=dict)),
                        ("roles", models.JSONField(blank=True, default=list)),
                        ("daily_share", models.PositiveSmallIntegerField(default=20)),
                        (
                            "when",
                            models.CharField(
                                choices=[
                                    ("once", "Once"),
                                    ("every", "Every few months"),
                                    ("onboarded", "After the onboarding is finished"),
                                    ("ticket", "After a ticket is solved"),
                                    ("renewal", "Before a renewal"),
                                    ("playbook", "When a playbook step says so"),
                                ],
                                default="once",
                                max_length=9,
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("every_months", models.PositiveSmallIntegerField(default=3)),
                        ("days_before", models.PositiveSmallIntegerField(default=60)),
                        ("reminders", models.PositiveSmallIntegerField(default=1)),
                        ("reminder_days", models.PositiveSmallIntegerField(default=4)),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("stopped_at", models.DateTimeField(blank=True, null=True)),
                        ("plan_at", models.DateTimeField(blank=True, null=True)),
                        ("halted", models.CharField(blank=True, default="", max_length=200)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
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
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="campaigns",
                                to="surveys.survey",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "running")),
                                fields=["plan_at"],
                                name="surveys_campaign_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("name",), name="surveys_campaign_name_once"),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["draft", "running", "paused", "stopped"])),
                                name="surveys_campaign_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "when__in",
                                        ["once", "every", "onboarded", "ticket", "renewal", "playbook"],
                                    )
                                ),
                                name="surveys_campaign_when_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("daily_share__range", (1, 100))),
                                name="surveys_campaign_share",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("every_months__range", (1, 24))),
                                name="surveys_campaign_months",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("days_before__range", (1, 365))),
                                name="surveys_campaign_days_before",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reminders__lte", 2)), name="surveys_campaign_reminders"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reminder_days__range", (1, 30))),
                                name="surveys_campaign_reminder_days",
                            ),
                        ],
                    },
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
                        (
                            "channel",
                            models.CharField(
                                choices=[("mail", "E-mail"), ("link", "Personal link")],
                                default="mail",
                                max_length=4,
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[
                                    ("pt-br", "Português (Brasil)"),
                                    ("en", "English"),
                                    ("es", "Español"),
                                ],
                                default="pt-br",
                                max_length=5,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sent", "Sent"),
                                    ("delivered", "Delivered"),
                                    ("bounced", "Bounced"),
                                    ("dropped", "Dropped"),
                                    ("revoked", "Revoked"),
                                ],
                                default="waiting",
                                max_length=9,
                            ),
                        ),
                        ("round", models.CharField(blank=True, default="", max_length=120)),
                        ("event_subject", models.CharField(blank=True, default="", max_length=200)),
                        ("event_on", models.DateField(blank=True, null=True)),
                        ("reminders", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField(default=core.time.now)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("delivered_at", models.DateTimeField(blank=True, null=True)),
                        ("bounced_at", models.DateTimeField(blank=True, null=True)),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        (
                            "campaign",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations",
                                to="surveys.campaign",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="survey_invitations",
                                to="customers.contact",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="survey_invitations",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations",
                                to="surveys.survey",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["state", "due_at"], name="surveys_invitation_due"),
                            models.Index(
                                fields=["contact", "survey", "-sent_at"], name="surveys_invitation_last"
                            ),
                            models.Index(fields=["survey", "sent_at"], name="surveys_invitation_day"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("campaign", "contact", "round"), name="surveys_invited_once_a_round"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["mail", "link"])),
                                name="surveys_invitation_channel_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        ["waiting", "sent", "delivered", "bounced", "dropped", "revoked"],
                                    )
                                ),
                                name="surveys_invitation_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "revoked"), _negated=True),
                                    ("revoked_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="surveys_invitation_revoked_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Response",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("external_id", models.CharField(max_length=120, unique=True)),
                        (
                            "survey",
                            models.CharField(
                                choices=[
                                    ("nps", "NPS"),
                                    ("csat", "CSAT"),
                                    ("ces", "CES"),
                                    ("success", "Success check-in"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("campaign", models.CharField(blank=True, default="", max_length=120)),
                        ("score", models.PositiveSmallIntegerField()),
                        ("comment", models.TextField(blank=True, default="")),
                        ("language", models.CharField(blank=True, default="", max_length=16)),
                        ("may_contact", models.BooleanField(default=False)),
                        ("answered_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField(default=core.time.now)),
                        ("sentiment", models.SmallIntegerField(blank=True, null=True)),
                        ("sentiment_by_hand", models.BooleanField(default=False)),
                        ("read_at", models.DateTimeField(blank=True, null=True)),
                        ("held", models.BooleanField(default=False)),
                        ("marks", models.JSONField(blank=True, default=list)),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[("accepted", "Accepted"), ("refused", "Left out")],
                                default="",
                                max_length=8,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="responses",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="responses",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "invitation",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="response",
                                to="surveys.invitation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-answered_at", "-pk"],
                        "indexes": [
                            models.Index(
                                fields=["customer", "survey", "-answered_at"], name="surveys_response_latest"
                            ),
                            models.Index(fields=["survey", "answered_at"], name="surveys_response_day"),
                            models.Index(
                                condition=models.Q(("held", True)),
                                fields=["-answered_at"],
                                name="surveys_response_held",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("score__range", (0, 10)), ("survey", "nps")),
                                    models.Q(("score__range", (1, 5)), ("survey", "csat")),
                                    models.Q(("score__range", (1, 7)), ("survey", "ces")),
                                    models.Q(("score__range", (0, 100)), ("survey", "success")),
                                    _connector="OR",
                                ),
                                name="surveys_score_in_scale",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("decision", "")),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decision__in", ["accepted", "refused"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="surveys_decided_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sentiment__isnull", True),
                                    ("sentiment__range", (-1, 1)),
                                    _connector="OR",
                                ),
                                name="surveys_sentiment",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LoopCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("opened_at", models.DateTimeField(default=core.time.now)),
                        ("due_at", models.DateTimeField()),
                        ("due_working_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("done", models.TextField(blank=True, default="")),
                        ("told_at", models.DateTimeField(blank=True, null=True)),
                        ("helped", models.BooleanField(blank=True, null=True)),
                        ("helped_at", models.DateTimeField(blank=True, null=True)),
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="loop_cases",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "response",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="case",
                                to="surveys.response",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["due_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=["due_at"],
                                name="surveys_case_open",
                            ),
                            models.Index(fields=["opened_at"], name="surveys_case_opened"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at__isnull", True),
                                    models.Q(("done", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="surveys_case_closed_with_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("told_at__isnull", True), ("closed_at__isnull", False), _connector="OR"
                                ),
                                name="surveys_case_told_when_closed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("helped__isnull", True), ("helped_at__isnull", True)),
                                    models.Q(
                                        ("helped__isnull", False),
                                        ("helped_at__isnull", False),
                                        ("told_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="surveys_case_helped_when_told",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResponseVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("score", models.PositiveSmallIntegerField()),
                        ("comment", models.TextField(blank=True, default="")),
                        ("may_contact", models.BooleanField(default=False)),
                        ("held", models.BooleanField(default=False)),
                        ("marks", models.JSONField(blank=True, default=list)),
                        ("sent_at", models.DateTimeField(default=core.time.now)),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "response",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="surveys.response",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["response", "number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("response", "number"), name="surveys_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 1)), name="surveys_version_from_one"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("held", False), ("confirmed_at__isnull", True), _connector="OR"
                                ),
                                name="surveys_confirmed_not_held",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SurveyText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[
                                    ("pt-br", "Português (Brasil)"),
                                    ("en", "English"),
                                    ("es", "Español"),
                                ],
                                max_length=5,
                            ),
                        ),
                        ("question", models.CharField(blank=True, default="", max_length=200)),
                        ("lead", models.CharField(blank=True, default="", max_length=200)),
                        ("low_end", models.CharField(blank=True, default="", max_length=60)),
                        ("high_end", models.CharField(blank=True, default="", max_length=60)),
                        ("follow_any", models.CharField(blank=True, default="", max_length=160)),
                        ("follow_low", models.CharField(blank=True, default="", max_length=160)),
                        ("follow_middle", models.CharField(blank=True, default="", max_length=160)),
                        ("follow_high", models.CharField(blank=True, default="", max_length=160)),
                        ("thanks", models.CharField(blank=True, default="", max_length=300)),
                        ("mail_subject", models.CharField(blank=True, default="", max_length=120)),
                        ("mail_intro", models.CharField(blank=True, default="", max_length=600)),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="texts",
                                to="surveys.survey",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["survey", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("survey", "language"), name="surveys_text_once"),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["pt-br", "en", "es"])),
                                name="surveys_text_language_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Theme",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("keywords", models.JSONField(default=dict)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position", "name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("archived_at__isnull", True)),
                                fields=("name",),
                                name="surveys_theme_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResponseTheme",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("by_hand", models.BooleanField(default=False)),
                        ("removed", models.BooleanField(default=False)),
                        ("set_at", models.DateTimeField(default=core.time.now)),
                        (
                            "response",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="themes",
                                to="surveys.response",
                            ),
                        ),
                        (
                            "set_by",
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
                                related_name="comments",
                                to="surveys.theme",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("response", "theme"), name="surveys_themed_once"),
                            models.CheckConstraint(
                                condition=models.Q(("removed", False), ("by_hand", True), _connector="OR"),
                                name="surveys_theme_removed_by_hand",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=core.time.now)),
                        ("method", models.CharField(max_length=4)),
                        (
                            "agent",
                            models.CharField(
                                choices=[
                                    ("browser", "Browser"),
                                    ("scanner", "Mail scanner"),
                                    ("tool", "Program"),
                                    ("none", "Not said"),
                                ],
                                max_length=7,
                            ),
                        ),
                        ("chosen", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("marks", models.JSONField(blank=True, default=list)),
                        (
                            "invitation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="visits",
                                to="surveys.invitation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["invitation", "at"], name="surveys_visit_at")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("method__in", ["GET", "HEAD", "POST"])),
                                name="surveys_visit_method",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactMail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=120, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("nps", "NPS"),
                                    ("csat", "CSAT"),
                                    ("ces", "CES"),
                                    ("success", "Success check-in"),
                                    ("playbook", "Playbook mail"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("reminder", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("counted", "Counted"),
                                    ("dropped", "Dropped"),
                                ],
                                default="planned",
                                max_length=7,
                            ),
                        ),
                        ("address_hash", models.CharField(max_length=64)),
                        ("about_at", models.DateTimeField(blank=True, null=True)),
                        ("counted_at", models.DateTimeField(blank=True, null=True)),
                        ("held_by", models.CharField(blank=True, default="", max_length=20)),
                        ("dropped_why", models.CharField(blank=True, default="", max_length=20)),
                        ("created_at", models.DateTimeField(default=core.time.now, editable=False)),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="contact_mails",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contact_mails",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "invitation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mails",
                                to="surveys.invitation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("counted_at__isnull", False)),
                                fields=["address_hash", "-counted_at"],
                                name="surveys_mail_person",
                            ),
                            models.Index(
                                condition=models.Q(("counted_at__isnull", False)),
                                fields=["customer", "-counted_at"],
                                name="surveys_mail_customer",
                            ),
                            models.Index(fields=["state", "key"], name="surveys_mail_state"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["nps", "csat", "ces", "success", "playbook"])
                                ),
                                name="surveys_mail_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("counted_at__isnull", True),
                                        ("dropped_why", ""),
                                        ("state", "planned"),
                                    ),
                                    models.Q(
                                        ("counted_at__isnull", False),
                                        ("dropped_why", ""),
                                        ("state", "counted"),
                                    ),
                                    models.Q(
                                        ("counted_at__isnull", True),
                                        ("state", "dropped"),
                                        models.Q(("dropped_why", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="surveys_mail_state_fits",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Link",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("answer", "Answer"),
                                    ("unsubscribe", "Stop mails"),
                                    ("plan", "Success plan"),
                                    ("closing", "What was done"),
                                    ("insight", "What came of an idea"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("subject_id", models.BigIntegerField(blank=True, null=True)),
                        ("made_at", models.DateTimeField(default=core.time.now, editable=False)),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "invitation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="surveys.invitation",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("purpose__in", ["answer", "unsubscribe", "plan", "closing", "insight"])
                                ),
                                name="surveys_link_purpose_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("purpose", "answer"), _negated=True),
                                    ("invitation__isnull", False),
                                    _connector="OR",
                                ),
                                name="surveys_answer_link_has_invitation",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
