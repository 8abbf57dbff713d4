"""Customer-months with what became of them: the ends of past months, and when each customer left after them.

Only what was known at the end of the day of learning is in it: rows of days up to then, losses up to then. A step of
thirty days counts once it is over.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min

from metrics import sql
from metrics.models import HealthDay, HealthInput
from metrics.periods import add_months
from metrics.risk import rows as reading
from metrics.risk.features import Features, fading
from metrics.risk.rows import Rows
from metrics.risk.spans import STEP, STEPS
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

MONTHS = 24
MOST_ROWS = 40_000  # customer-months; beyond that a share of the customers is drawn
SHARES = 1000
STAYS = 0  # in place of the day of leaving


@dataclass(frozen=True)
class Share(Scope):
    """About so many thousandths of the customers, always the same ones, spread over all ages of the database."""

    thousandths: int = SHARES

    def of(self, column: str) -> str:
        """Return the SQL condition that `column` holds one of these customers."""
        return f"({column} * 7919) %% {SHARES} < {int(self.thousandths)}"


@dataclass(frozen=True)
class Panel:
    """Rows with `gone`: the day (ordinal) of the first loss of all MRR after each, `STAYS` where none is known.

    `until`: the last day of which losses are known.
    """

    rows: Rows
    gone: "Column"
    until: int

    @property
    def known(self) -> "Column":
        """Return how many steps of each row are over (0 … 12)."""
        import numpy as np

        found: Column = np.clip((self.until - self.rows.day) // STEP, 0, STEPS)
        return found

    @property
    def left_in(self) -> "Column":
        """Return the step in which each row's customer left; beyond the last where it did not."""
        import numpy as np

        return np.where(self.gone == STAYS, STEPS + 1, (self.gone - self.rows.day - 1) // STEP + 1)

    @property
    def lost(self) -> int:
        """How many different customers left in a step that is over."""
        return len(set(self.rows.customer[self.left_in <= self.known].tolist()))

    def left_within(self, days: int) -> "Column":
        """Return which rows' customers left within so many days."""
        found: Column = (self.gone != STAYS) & (self.gone <= self.rows.day + days)
        return found

    def only(self, wanted: "Column") -> "Panel":
        """Return a part of it."""
        return replace(self, rows=self.rows.only(wanted), gone=self.gone[wanted])

    def as_of(self, until: int) -> "Panel":
        """Return it as it was known at the end of an earlier day: earlier rows, and losses up to then."""
        import numpy as np

        kept = self.only(self.rows.day < until)
        return replace(kept, gone=np.where(kept.gone <= until, kept.gone, STAYS), until=until)

    def stacked(
        self, features: Features, steps: int = STEPS
    ) -> tuple["Column", "Column", "Column", "Column"]:
        """Return a row for every step that is over and that the customer reached.

        That is: columns, whether it left in the step, the step, and the place of the row it comes from.
        """
        import numpy as np

        now, known, left_in = features.now(self.rows), self.known, self.left_in
        columns, left, at, places = [], [], [], []
        for step in range(1, steps + 1):
            mine = np.flatnonzero((known >= step) & (left_in >= step))
            later = features.later(self.rows.only(mine), step)
            columns.append(np.hstack([now[mine] * fading(step), later]))
            left.append(left_in[mine] == step)
            at.append(np.full(len(mine), step))
            places.append(mine)
        return np.vstack(columns), np.concatenate(left), np.concatenate(at), np.concatenate(places)


def read(day: dt.date) -> Panel:
    """Return what is known at the end of a day of the month ends of the two years before it."""
    import numpy as np

    first = day.replace(day=1)
    ends = [add_months(first, -n) - dt.timedelta(days=1) for n in range(MONTHS)]
    ends = [one for one in ends if one + dt.timedelta(days=STEP) <= day]
    stored = HealthInput.objects.filter(day__in=ends).order_by().values("day").annotate(n=Count("pk"))
    counts = {row["day"]: row["n"] for row in stored}
    share = min(SHARES, SHARES * MOST_ROWS // max(1, sum(counts.values())))
    scope = None if share == SHARES else Share(0, 0, thousandths=max(1, share))
    parts = [reading.read([one], scope) for one in sorted(counts)] or [reading.read([dt.date.min])]
    rows = reading.joined(parts)
    gone = _gone(rows, day) if len(rows.day) else np.zeros(0, dtype=np.int64)
    return Panel(rows, gone, day.toordinal())


def first_day() -> dt.date | None:
    """Return the first day with scores, None where there is none."""
    day: dt.date | None = HealthDay.objects.aggregate(day=Min("day"))["day"]
    return day


def _gone(rows: Rows, until: dt.date) -> "Column":
    """Return when each row's customer first lost all its MRR after the row's day, up to `until`."""
    import numpy as np

    found = sql.tuples(
        "SELECT customer_id, day FROM metrics_customerday WHERE day BETWEEN %(first)s AND %(last)s"
        " AND NOT (mrr_cents = opening_mrr_cents) AND mrr_churn_cents > 0 AND mrr_cents = 0",
        {"first": sql.date(dt.date.fromordinal(int(rows.day.min()))), "last": sql.date(until)},
    )
    if not found:
        return np.full(len(rows.day), STAYS, dtype=np.int64)
    keys = np.sort(
        np.array([row[0] * reading.PLACES + sql.as_day(row[1]).toordinal() for row in found], dtype=np.int64)
    )
    wanted = rows.customer * reading.PLACES + rows.day
    at = np.minimum(np.searchsorted(keys, wanted, side="right"), len(keys) - 1)
    next_of = keys[at]
    there = (next_of > wanted) & (next_of // reading.PLACES == rows.customer)
    return np.where(there, next_of % reading.PLACES, STAYS)
