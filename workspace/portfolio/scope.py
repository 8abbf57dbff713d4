"""For whom and as of when the portfolio is read."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import Max, Min, Q

from accounts.principals import Principal
from core import time
from core.models import WorkState
from metrics.models import Night
from metrics.publishing import COMPARED

NO_NIGHT = dt.date(1900, 1, 1)
COMPARED_DAYS = COMPARED.days


@dataclass(frozen=True)
class Scope:
    """A reader (a person, or an integration by its token) and the day looked at.

    `night` is the day whose `CustomerDay` rows are read (`NO_NIGHT` before the first finished night),
    `today` the day that "in n days" and "n days ago" are counted from, `past` whether it is a past day's
    state and not the present one, `listed` whether the rows of the present are there as lists read them
    (`metrics/listing.py`).
    """

    user: Principal
    night: dt.date
    today: dt.date
    past: bool = False
    listed: bool = False

    @property
    def compared(self) -> dt.date:
        """The day that changes over 30 days are measured from."""
        return self.night if self.night == NO_NIGHT else self.night - dt.timedelta(days=COMPARED_DAYS)

    @cached_property
    def noon(self) -> dt.datetime:
        """The middle of the day looked at, for what is told by how far it is."""
        return time.day_start(self.today) + dt.timedelta(hours=12)

    @property
    def read_night(self) -> dt.date | None:
        """The night the figures are from, None before the first one."""
        return None if self.night == NO_NIGHT else self.night


class Nights(NamedTuple):
    """The first and the last day whose night is finished, None where there is none; the newest that is listed."""

    first: dt.date | None
    last: dt.date | None
    listed: dt.date | None


def finished_nights() -> Nights:
    """Return which nights are finished, and whether the last one's rows are there as lists read them."""
    listed = Max("day", filter=Q(listed_at__isnull=False))
    found = Night.objects.filter(state=WorkState.DONE).aggregate(
        first=Min("day"), last=Max("day"), listed=listed
    )
    return Nights(**found)


def scope_of(user: Principal, nights: Nights, today: dt.date, as_of: dt.date | None = None) -> Scope:
    """Return the scope of the present state, or of the end of a past day."""
    night = nights.last or NO_NIGHT
    if as_of is None or as_of >= today:
        listed = nights.last is not None and nights.listed == nights.last
        return Scope(user=user, night=night, today=today, listed=listed)
    return Scope(user=user, night=min(as_of, night), today=as_of, past=True)
