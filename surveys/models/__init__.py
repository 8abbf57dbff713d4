"""What customers say."""

from surveys.models.budget import ContactBudget, ContactMail
from surveys.models.campaign import Campaign
from surveys.models.invitation import Invitation, Link, Visit
from surveys.models.kinds import SCALES, Language, SurveyKind
from surveys.models.loop import LoopCase, LoopSettings
from surveys.models.response import Response, ResponseVersion
from surveys.models.suppression import Suppression
from surveys.models.survey import Survey, SurveyText
from surveys.models.theme import ResponseTheme, Theme

__all__ = [
    "SCALES",
    "Campaign",
    "ContactBudget",
    "ContactMail",
    "Invitation",
    "Language",
    "Link",
    "LoopCase",
    "LoopSettings",
    "Response",
    "ResponseTheme",
    "ResponseVersion",
    "Suppression",
    "Survey",
    "SurveyKind",
    "SurveyText",
    "Theme",
    "Visit",
]
