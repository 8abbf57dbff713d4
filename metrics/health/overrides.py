"""How often scores set by hand were right, judged by what happened in the 90 days after.

One lower than the computed score was right where the customer left, or the computed score came at least half the way
down to it; one higher where the customer stayed and the computed score came at least half the way up. One that
differs by less than half a point says nothing and is left out; younger ones are still open.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from metrics import sql
from metrics.statistics import wilson

WATCHED = 90
SAME = 50  # hundredths


@dataclass(frozen=True)
class Judged:
    """Scores set by hand of one direction: how many were right of those that can be judged."""

    right: int
    cases: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson 95 % interval of the share that was right; None without any."""
        return wilson(self.right, self.cases)

    @property
    def share(self) -> float | None:
        """The share that was right; None without any."""
        return self.right / self.cases if self.cases else None


@dataclass(frozen=True)
class Accuracy:
    """All that can be judged, by direction, and how many are still open."""

    lower: Judged
    higher: Judged
    still_open: int

    @property
    def both(self) -> Judged:
        """Both directions together."""
        return Judged(self.lower.right + self.higher.right, self.lower.cases + self.higher.cases)


def accuracy(last_night: dt.date, customers: Iterable[int] | None = None) -> Accuracy:
    """Return how often scores set by hand up to a night were right, of some customers or all; one statement."""
    among = None if customers is None else set(customers)
    until = sql.plus_days("o.set_on", WATCHED)
    rows = sql.tuples(
        f"""
        SELECT o.customer_id, o.score, a.own, {sql.days_between("o.set_on", "%(last)s")} AS age,
               (SELECT MIN(h.own) FROM metrics_healthday h
                WHERE h.customer_id = o.customer_id AND h.day > o.set_on AND h.day <= {until}),
               (SELECT MAX(h.own) FROM metrics_healthday h
                WHERE h.customer_id = o.customer_id AND h.day > o.set_on AND h.day <= {until}),
               CASE WHEN EXISTS (
                   SELECT 1 FROM metrics_customerday d
                   WHERE d.customer_id = o.customer_id AND d.day > o.set_on AND d.day <= {until}
                     AND d.mrr_churn_cents > 0
               ) THEN 1 ELSE 0 END
        FROM metrics_healthoverride o
        JOIN metrics_healthday a ON a.customer_id = o.customer_id AND a.day = o.set_on AND a.own IS NOT NULL
        WHERE o.set_on <= %(last)s""",
        {"last": sql.date(last_night)},
    )
    counts = {"lower": [0, 0], "higher": [0, 0]}
    still_open = 0
    for customer, score, own, age, least, most, left in rows:
        if (among is not None and customer not in among) or abs(score - own) < SAME:
            continue
        if age < WATCHED:
            still_open += 1
            continue
        middle = (score + own) / 2
        if score < own:
            right = bool(left) or (least is not None and least <= middle)
        else:
            right = not left and most is not None and most >= middle
        of = counts["lower" if score < own else "higher"]
        of[0] += right
        of[1] += 1
    return Accuracy(Judged(*counts["lower"]), Judged(*counts["higher"]), still_open)
