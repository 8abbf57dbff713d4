"""How many days one statement takes at once: as many as stay well under a second of writing."""

import datetime as dt
import time as clock
from collections.abc import Iterator, Sequence

AIM_SECONDS = 0.4
MOST_DAYS = 200


class Pace:
    """Cuts days into runs; each run's measured time says how long the next may be."""

    def __init__(self, *, start: int = 4) -> None:
        self.size = start

    def runs(self, days: Sequence[dt.date]) -> Iterator[Sequence[dt.date]]:
        """Yield runs of consecutive days, adapting to how long the caller took for the last one."""
        for stretch in consecutive(days):
            done = 0
            while done < len(stretch):
                run = stretch[done : done + self.size]
                began = clock.monotonic()
                yield run
                self._learn(len(run), clock.monotonic() - began)
                done += len(run)

    def _learn(self, days: int, seconds: float) -> None:
        fitting = int(days * AIM_SECONDS / max(seconds, 0.001))
        self.size = max(1, min(fitting, self.size * 2, MOST_DAYS))


def consecutive(days: Sequence[dt.date]) -> list[list[dt.date]]:
    """Return the days in order, cut where one is missing."""
    stretches: list[list[dt.date]] = []
    for day in sorted(set(days)):
        if stretches and day - stretches[-1][-1] == dt.timedelta(days=1):
            stretches[-1].append(day)
        else:
            stretches.append([day])
    return stretches
