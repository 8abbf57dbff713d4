"""For whom and as of when the portfolio is read."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Max, Min

from accounts.principals import Principal
from core import time
from core.models import WorkState
from metrics.models import Night

NO_NIGHT = dt.date(1900, 1, 1)
COMPARED_DAYS = 30


@dataclass(frozen=True)
class Scope:
    """A reader (a person, or an integration by its token) and the day looked at.

    `night` is the day whose `CustomerDay` rows are read (`NO_NIGHT` before the first finished night),
    `today` the day that "in n days" and "n days ago" are counted from, `past` whether it is a past day's
    state and not the present one.
    """

    user: Principal
    night: dt.date
    today: dt.date
    past: bool = False

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


def finished_nights() -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day whose night is finished; None where there is none."""
    found = Night.objects.filter(state=WorkState.DONE).aggregate(first=Min("day"), last=Max("day"))
    return found["first"], found["last"]


def scope_of(user: Principal, last: dt.date | None, today: dt.date, as_of: dt.date | None = None) -> Scope:
    """Return the scope of the present state, or of the end of a past day; `last` is the last finished night."""
    night = last or NO_NIGHT
    if as_of is None or as_of >= today:
        return Scope(user=user, night=night, today=today)
    return Scope(user=user, night=min(as_of, night), today=as_of, past=True)
