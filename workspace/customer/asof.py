"""The day a page looks at: now, or the end of a past day."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class AsOf:
    """`day` is the last day whose facts count; `live` says that it is today."""

    day: dt.date
    live: bool

    @property
    def query(self) -> str:
        """The value of `as_of` in addresses, "" for now."""
        return "" if self.live else self.day.isoformat()


def as_of(raw: str, today: dt.date) -> AsOf:
    """Read `?as_of=YYYY-MM-DD`; what is no past day (unreadable, today, later) means now."""
    try:
        day = dt.date.fromisoformat(raw)
    except ValueError:
        return AsOf(today, live=True)
    return AsOf(day, live=False) if day < today else AsOf(today, live=True)
