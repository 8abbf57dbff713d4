"""What customers say."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models import Contact, Customer


class Response(models.Model):
    """A person's answer. `score` in the survey's own scale: NPS 0–10, CSAT 1–5, CES 1–7, success 0–100."""

    class Survey(models.TextChoices):
        NPS = "nps", "NPS"
        CSAT = "csat", "CSAT"
        CES = "ces", "CES"
        SUCCESS = "success", _("Success check-in")

    external_id = models.CharField(max_length=120, unique=True)
    survey = models.CharField(max_length=8, choices=Survey.choices)
    campaign = models.CharField(max_length=120, blank=True, default="")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="responses")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="responses"
    )
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    answered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["-answered_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(survey="nps", score__range=(0, 10))
                | Q(survey="csat", score__range=(1, 5))
                | Q(survey="ces", score__range=(1, 7))
                | Q(survey="success", score__range=(0, 100)),
                name="surveys_score_in_scale",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "survey", "-answered_at"], name="surveys_response_latest"),
            models.Index(fields=["survey", "answered_at"], name="surveys_response_day"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.score}"
