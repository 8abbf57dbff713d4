"""The four questions, their scales, and the languages they are asked in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SurveyKind(models.TextChoices):
    """What is asked; each has a scale of its own."""

    NPS = "nps", "NPS"
    CSAT = "csat", "CSAT"
    CES = "ces", "CES"
    SUCCESS = "success", _("Success check-in")


class Language(models.TextChoices):
    """A language a survey can be answered in."""

    PT_BR = "pt-br", "Português (Brasil)"
    EN = "en", "English"
    ES = "es", "Español"


# Lowest and highest score of each kind, both allowed.
SCALES: dict[str, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "success": (0, 100)}


def in_scale(kind: str, score: int) -> bool:
    """Tell whether a score belongs to the kind's scale."""
    low, high = SCALES[kind]
    return low <= score <= high


def score_in_scale(survey: str = "survey") -> models.Q:
    """Return the condition that a row's `score` belongs to the scale of the kind in field `survey`."""
    condition = models.Q()
    for kind, scale in SCALES.items():
        condition |= models.Q(**{survey: kind, "score__range": scale})
    return condition
