"""What an objective can be measured by besides events and milestones: figures of the customer's day, by key.

The keys are columns of the daily row (metrics/models/daily.py), which this app cannot see; a test holds them together.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FIGURES: "Mapping[str, StrPromise]" = {
    "active_people_30": _("People active in 30 days"),
    "active_people": _("People active on the day"),
    "features_used": _("Features used on the day"),
    "events": _("Events on the day"),
    "seats": _("Seats"),
    "open_tickets": _("Open tickets"),
    "nps_score": _("Latest NPS score"),
}
