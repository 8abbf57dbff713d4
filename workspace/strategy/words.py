"""What each cell is for until somebody says it in their own words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

PURPOSES: Mapping[tuple[str, str], "StrPromise"] = {
    ("volume", "onboarding"): _(
        "Reach the first value in 14 days without a meeting: welcome, guide, training series."
    ),
    ("volume", "ongoing"): _("Keep them using it by themselves; step in when the score falls."),
    ("volume", "support"): _("Solve what is open fast, then let them go on by themselves."),
    ("mid", "onboarding"): _("A go-live with a date, one person responsible, first value within a month."),
    ("mid", "ongoing"): _("Adoption that widens: reviews twice a year, upgrades where they help."),
    ("mid", "support"): _("A second line for the champion until the problem is gone."),
    ("high_value", "onboarding"): _(
        "A project with both sides' names on it; goals agreed before the go-live."
    ),
    ("high_value", "ongoing"): _("Quarterly reviews against what was promised; expansion by their results."),
    ("high_value", "support"): _("A named contact, problems seen before they are reported."),
}
RHYTHMS: Mapping[tuple[str, str], int] = {
    ("volume", "onboarding"): 30,
    ("volume", "ongoing"): 180,
    ("volume", "support"): 30,
    ("mid", "onboarding"): 14,
    ("mid", "ongoing"): 60,
    ("mid", "support"): 14,
    ("high_value", "onboarding"): 7,
    ("high_value", "ongoing"): 30,
    ("high_value", "support"): 7,
}
