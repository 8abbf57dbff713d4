"""A person's answer, and every version of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models import Contact, Customer
from surveys.models.invitation import Invitation
from surveys.models.kinds import SurveyKind, score_in_scale
from surveys.scales import level

MARKS = {
    "hidden_field": _("filled in a field that people do not see"),
    "hidden_link": _("opened a link that people do not see"),
    "too_fast": _("pressed within three seconds"),
    "without_page": _("pressed without having opened the page"),
    "agent": _("a program by its own name"),
}


class ResponseQuerySet(models.QuerySet["Response"]):
    """Named reads of answers."""

    def counted(self) -> "ResponseQuerySet":
        """Answers that enter figures: all but those held as a machine's."""
        return self.filter(held=False)

    def waiting(self) -> "ResponseQuerySet":
        """Held answers nobody decided on."""
        return self.filter(held=True, decided_at__isnull=True)


class Response(models.Model):
    """A person's answer. `score` in the survey's own scale: NPS 0–10, CSAT 1–5, CES 1–7, success 0–100.

    It says what its latest version says that counts (see `ResponseVersion`); `held`: none counts, because
    each looks like a machine's, so it enters no figure until the person confirms it or a manager accepts it.
    """

    Survey = SurveyKind

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Left out")

    external_id = models.CharField(max_length=120, unique=True)
    survey = models.CharField(max_length=8, choices=SurveyKind.choices)
    campaign = models.CharField(max_length=120, blank=True, default="")
    invitation = models.OneToOneField(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="response"
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="responses")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="responses"
    )
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    may_contact = models.BooleanField(default=False)
    answered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=time.now)
    sentiment = models.SmallIntegerField(null=True, blank=True)  # -1, 0, 1; null: no comment, or not read yet
    sentiment_by_hand = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True, blank=True)  # when themes and sentiment were found by rule
    held = models.BooleanField(default=False)
    marks = models.JSONField(default=list, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-answered_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=score_in_scale(), name="surveys_score_in_scale"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | Q(decision__in=["accepted", "refused"], decided_at__isnull=False),
                name="surveys_decided_when",
            ),
            models.CheckConstraint(
                condition=Q(sentiment__isnull=True) | Q(sentiment__range=(-1, 1)), name="surveys_sentiment"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "survey", "-answered_at"], name="surveys_response_latest"),
            models.Index(fields=["survey", "answered_at"], name="surveys_response_day"),
            models.Index(fields=["-answered_at"], condition=Q(held=True), name="surveys_response_held"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.score}"

    @property
    def level(self) -> str:
        """Whether the score is `low`, `middle` or `high` on its scale."""
        return level(self.survey, self.score)

    @property
    def mark_words(self) -> list[str]:
        """Why the answer looks like a machine's, in words."""
        return [str(MARKS.get(mark, mark)) for mark in self.marks]


class ResponseVersion(models.Model):
    """One sending of the form. All are kept; the last one that is not `held` counts.

    So a machine that presses the button after a person did not unmake the person's answer.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    may_contact = models.BooleanField(default=False)
    held = models.BooleanField(default=False)
    marks = models.JSONField(default=list, blank=True)
    sent_at = models.DateTimeField(default=time.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["response", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "number"], name="surveys_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="surveys_version_from_one"),
            models.CheckConstraint(
                condition=Q(held=False) | Q(confirmed_at__isnull=True), name="surveys_confirmed_not_held"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"
