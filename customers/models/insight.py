"""What customers tell us beyond a score: insights, the themes they belong to, the teams that can act, who was told."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import time
from customers.models.contact import Contact
from customers.models.customer import Customer
from customers.models.service import Ticket, Touchpoint


class InsightKind(models.TextChoices):
    """What sort of thing was learned."""

    PROBLEM = "problem", _("Problem")
    OPPORTUNITY = "opportunity", _("Opportunity")
    CONCERN = "concern", _("Concern")
    MISPERCEPTION = "misperception", _("Misperception")
    WISH = "wish", _("Wish")


class Team(models.TextChoices):
    """Who can act on it."""

    PRODUCT = "product", _("Product team")
    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")
    SUPPORT = "support", pgettext_lazy("team", "Support")
    FINANCE = "finance", _("Finance")


class InsightTeam(models.Model):
    """The address at which a team hears of a theme; without one nobody is written to."""

    team = models.CharField(max_length=10, choices=Team.choices, unique=True)
    email = models.EmailField()

    def __str__(self) -> str:
        return self.team


class InsightThemeQuerySet(models.QuerySet["InsightTheme"]):
    """Reads of themes."""

    def live(self) -> "InsightThemeQuerySet":
        """Themes that were not merged into another one."""
        return self.filter(merged_into__isnull=True)


class InsightTheme(models.Model):
    """What several customers say, as one thing that a team can act on.

    `subject_id`: the comment theme (`surveys.Theme`) whose words suggest it. `done_note`: what customers are told.
    """

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("insight", "New")
        ACCEPTED = "accepted", pgettext_lazy("insight", "Accepted")
        PLANNED = "planned", pgettext_lazy("insight", "Planned")
        DONE = "done", pgettext_lazy("insight", "Done")
        DECLINED = "declined", pgettext_lazy("insight", "Declined")

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=13, choices=InsightKind.choices)
    area = models.CharField(max_length=80, blank=True, default="")
    about = models.TextField(blank=True, default="")
    subject_id = models.BigIntegerField(null=True, blank=True)
    team = models.CharField(max_length=10, choices=Team.choices, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    due_on = models.DateField(null=True, blank=True)
    declined_why = models.TextField(blank=True, default="")
    done_note = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(default=time.now)

    objects = InsightThemeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(merged_into__isnull=True), name="customers_insight_theme_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["problem", "opportunity", "concern", "misperception", "wish"]),
                name="customers_insight_theme_kind",
            ),
            models.CheckConstraint(
                condition=Q(team__in=["", "product", "marketing", "sales", "support", "finance"]),
                name="customers_insight_theme_team",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", "accepted", "planned"], done_at__isnull=True, declined_why="")
                | Q(state="done", done_at__isnull=False, declined_why="")
                | (Q(state="declined", done_at__isnull=True) & ~Q(declined_why="")),
                name="customers_insight_theme_state_fits",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InsightQuerySet(models.QuerySet["Insight"]):
    """Reads of insights."""

    def counted(self) -> "InsightQuerySet":
        """Insights that count once each: no duplicates of others, none that were removed."""
        return self.filter(duplicate_of__isnull=True, removed_at__isnull=True)


class Insight(models.Model):
    """One thing one customer told us. `quote` holds their words; `theme` None: not sorted yet.

    `comment_id` is the survey answer it was taken from (`surveys.Response`). A duplicate keeps its words and counts
    with the one it repeats. `said_by`: who said it, where that is no known contact.
    """

    class Source(models.TextChoices):
        COMMENT = "comment", _("Survey comment")
        TOUCHPOINT = "touchpoint", pgettext_lazy("source of an insight", "Conversation")
        TICKET = "ticket", pgettext_lazy("source of an insight", "Ticket")
        HAND = "hand", _("By hand")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="insights")
    theme = models.ForeignKey(
        InsightTheme, null=True, blank=True, on_delete=models.PROTECT, related_name="insights"
    )
    kind = models.CharField(max_length=13, choices=InsightKind.choices)
    area = models.CharField(max_length=80, blank=True, default="")
    quote = models.TextField()
    language = models.CharField(max_length=16, blank=True, default="")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    said_by = models.CharField(max_length=120, blank=True, default="")
    said_on = models.DateField()
    source = models.CharField(max_length=10, choices=Source.choices)
    comment_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    touchpoint = models.ForeignKey(
        Touchpoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="insights"
    )
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="insights"
    )
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=time.now)

    objects = InsightQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-said_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["problem", "opportunity", "concern", "misperception", "wish"]),
                name="customers_insight_kind",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["comment", "touchpoint", "ticket", "hand"]),
                name="customers_insight_source",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("pk")),
                name="customers_insight_not_its_own_duplicate",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["theme", "-said_on"], name="customers_insight_theme"),
            models.Index(fields=["customer", "-said_on"], name="customers_insight_said"),
        ]

    def __str__(self) -> str:
        return self.quote[:60]


class InsightTold(models.Model):
    """A contact to be told that a theme is done, told, and later asked whether it helped."""

    theme = models.ForeignKey(InsightTheme, on_delete=models.CASCADE, related_name="told")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="insights_told")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=time.now, editable=False)
    told_at = models.DateTimeField(null=True, blank=True)
    ask_on = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    helped = models.BooleanField(null=True, blank=True)
    helped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "contact"], name="customers_insight_told_once"),
            models.CheckConstraint(
                condition=Q(helped__isnull=True, helped_at__isnull=True)
                | Q(helped__isnull=False, helped_at__isnull=False),
                name="customers_insight_helped_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ask_on"], condition=Q(asked_at__isnull=True), name="customers_insight_to_ask"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} to {self.contact_id}"
