"""What METRICS.md says about MRR, written down a second time in the plainest Python: no SQL, no cleverness."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

DAY = dt.timedelta(days=1)
MOVEMENTS = ("new", "expansion", "contraction", "churn", "reactivation")


@dataclass(frozen=True)
class Row:
    """A subscription row `[start, end)`, end None: open; rows of one `subscription` follow each other."""

    start: dt.date
    end: dt.date | None
    cents: int
    product: str
    subscription: str

    def in_force(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Story:
    """A customer: its rows and what its segment was from a day on."""

    rows: Sequence[Row]
    segments: Sequence[tuple[dt.date, str]] = field(default_factory=tuple)

    def known_on(self) -> dt.date | None:
        return min((row.start for row in self.rows), default=None)

    def rows_on(self, day: dt.date, grace: int) -> list[Row]:
        """The rows that count on a day: in force, or the last ones that were, carried for the days of grace."""
        there = [row for row in self.rows if row.in_force(day)]
        for back in range(1, grace + 1):
            if there:
                break
            there = [row for row in self.rows if row.in_force(day - back * DAY)]
        return there

    def mrr(self, day: dt.date, grace: int) -> int:
        return sum(row.cents for row in self.rows_on(day, grace))

    def movement(self, day: dt.date, grace: int) -> tuple[str, int] | None:
        before, after = self.mrr(day - DAY, grace), self.mrr(day, grace)
        if before == after:
            return None
        if before == 0:
            first = self.known_on()
            assert first is not None
            paid = any(self.mrr(first + n * DAY, grace) > 0 for n in range((day - first).days))
            return ("reactivation" if paid else "new"), after
        if after == 0:
            return "churn", before
        return ("expansion", after - before) if after > before else ("contraction", before - after)

    def cross_sell(self, day: dt.date, grace: int) -> int:
        """The part of an expansion that comes from a new product under a subscription that paid nothing before."""
        moved = self.movement(day, grace)
        if not moved or moved[0] != "expansion":
            return 0
        before, after = self.rows_on(day - DAY, grace), self.rows_on(day, grace)
        risen = fresh = 0
        for subscription, product in {(row.subscription, row.product) for row in [*before, *after]}:
            was = [row for row in before if (row.subscription, row.product) == (subscription, product)]
            now = [row for row in after if (row.subscription, row.product) == (subscription, product)]
            rise = sum(row.cents for row in now) - sum(row.cents for row in was)
            if rise <= 0:
                continue
            risen += rise
            had = any(row.cents and row.product == product for row in before)
            paid = any(row.cents and row.subscription == subscription for row in before)
            fresh += 0 if had or paid else rise
        return round(Fraction(moved[1] * fresh, risen))

    def segment(self, day: dt.date) -> str:
        held = [value for since, value in sorted(self.segments) if since <= day]
        if held:
            return held[-1]
        return sorted(self.segments)[0][1] if self.segments else ""


def book(
    stories: Sequence[Story], first: dt.date, end: dt.date, grace: int, segment: str | None
) -> dict[str, int]:
    """The sums of a period over the customers that were in a segment (None: all) on their first day in it."""
    names = (
        "opening",
        "closing",
        *MOVEMENTS,
        "upsell",
        "cross_sell",
        "active_at_opening",
        "active_at_closing",
        "lost",
        "kept",
        "floor",
        "customers_new",
        "payers",  # nobody pays a bill in these stories
        "paid",
    )
    sums = dict.fromkeys(names, 0)
    last = end - DAY
    for story in stories:
        known = story.known_on()
        if known is None or known > last:
            continue
        if segment is not None and (story.segment(max(first, known)) or "none") != segment:
            continue
        opening, closing = story.mrr(first - DAY, grace), story.mrr(last, grace)
        sums["opening"] += opening
        sums["closing"] += closing
        sums["active_at_opening"] += opening > 0
        sums["active_at_closing"] += closing > 0
        sums["lost"] += opening > 0 and closing == 0
        sums["kept"] += closing if opening else 0
        sums["floor"] += min(opening, closing)
        for n in range((end - first).days):
            moved = story.movement(first + n * DAY, grace)
            if moved:
                sums[moved[0]] += moved[1]
                sums["customers_new"] += moved[0] == "new"
            sums["cross_sell"] += story.cross_sell(first + n * DAY, grace)
    sums["upsell"] = sums["expansion"] - sums["cross_sell"]
    return sums
