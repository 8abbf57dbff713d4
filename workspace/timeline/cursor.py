"""Where a page of the timeline ended, as a piece of an address."""

import datetime as dt
from dataclasses import dataclass

from core import time
from workspace.timeline.source import Row, Source

SEPARATOR = "~"


@dataclass(frozen=True)
class Cursor:
    """The last row shown: the next page holds what is older. Order: day, moment, kind, number."""

    day: dt.date
    at: dt.datetime
    kind: str
    ref: int

    @classmethod
    def of(cls, row: Row) -> "Cursor":
        """Return the cursor that stands on a row."""
        return cls(day=row.day, at=row.at, kind=row.kind, ref=row.ref)

    @classmethod
    def parse(cls, raw: str) -> "Cursor | None":
        """Read a cursor from an address; anything that is none gives None (the newest page)."""
        try:
            day, at, kind, ref = raw.split(SEPARATOR)
            moment = dt.datetime.strptime(at, "%Y%m%dT%H%M%S%f").replace(tzinfo=dt.UTC)
            return cls(day=dt.date.fromisoformat(day), at=moment, kind=kind, ref=int(ref))
        except ValueError:
            return None

    def __str__(self) -> str:
        at = self.at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        return SEPARATOR.join((self.day.isoformat(), at, self.kind, str(self.ref)))

    def takes_ties_of(self, source: Source) -> bool:
        """Tell whether rows of a source at the very same moment come after this one, whatever their number."""
        return source.key > self.kind

    def bound_for_times(self) -> dt.datetime:
        """Return the moment before which a timed row is older than this one."""
        return max(time.day_start(self.day), self.at)
