"""What is asked, and the words it is asked in."""

import datetime as dt
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from surveys.models.kinds import Language, SurveyKind

HEX_COLOUR = r"^#[0-9a-fA-F]{6}$"


class Survey(models.Model):
    """A question with its look; its words stand in `SurveyText`, one row a language.

    `closes_at`: no answer and no change of one after that moment. `link_days`: how long a link answers,
    counted from the day it was sent (or made); null never ends by itself.
    """

    kind = models.CharField(max_length=8, choices=SurveyKind.choices)
    name = models.CharField(max_length=80)
    brand_name = models.CharField(max_length=80, blank=True, default="")
    brand_colour = models.CharField(
        max_length=7,
        default="#3355d6",
        validators=[RegexValidator(HEX_COLOUR, _("A colour is written as # and six digits, like #3355d6."))],
    )
    logo = models.FileField(upload_to="survey-logos/", blank=True, default="")
    logo_type = models.CharField(max_length=40, blank=True, default="")
    link_days = models.PositiveSmallIntegerField(null=True, blank=True, default=30)
    closes_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=time.now, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["kind", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(archived_at__isnull=True), name="surveys_name_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=SurveyKind.values), name="surveys_kind_known"),
            models.CheckConstraint(condition=Q(brand_colour__regex=HEX_COLOUR), name="surveys_colour"),
            models.CheckConstraint(
                condition=Q(link_days__isnull=True) | Q(link_days__range=(1, 365)), name="surveys_link_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_closed(self, at: dt.datetime) -> bool:
        """Tell whether no answer is taken any more."""
        return self.archived_at is not None or (self.closes_at is not None and self.closes_at <= at)


class SurveyText(models.Model):
    """A survey's own words in one language; an empty field stands for the standard text (`surveys/standard.py`).

    `follow_*`: the question after the score: low, middle, high scores, and before one is chosen.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=5, choices=Language.choices)
    question = models.CharField(max_length=200, blank=True, default="")
    lead = models.CharField(max_length=200, blank=True, default="")
    low_end = models.CharField(max_length=60, blank=True, default="")
    high_end = models.CharField(max_length=60, blank=True, default="")
    follow_any = models.CharField(max_length=160, blank=True, default="")
    follow_low = models.CharField(max_length=160, blank=True, default="")
    follow_middle = models.CharField(max_length=160, blank=True, default="")
    follow_high = models.CharField(max_length=160, blank=True, default="")
    thanks = models.CharField(max_length=300, blank=True, default="")
    mail_subject = models.CharField(max_length=120, blank=True, default="")
    mail_intro = models.CharField(max_length=600, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["survey", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "language"], name="surveys_text_once"),
            models.CheckConstraint(
                condition=Q(language__in=Language.values), name="surveys_text_language_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} ({self.language})"
