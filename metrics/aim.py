"""How a figure stands to its target: by the straight line from baseline to target. It imports no model.

share due(t) = (t − start)/(due − start) within 0–1, expected(t) = baseline + (target − baseline) × share due. A falling
target (churn, hours) has a line that falls; what is better is the figure's good direction, never the line's.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from metrics.registry import Good, Number


class Status(StrEnum):
    """How a figure stands to its target on a day."""

    ON_TRACK = "on_track"  # at or beyond the line, or at the target already
    AT_RISK = "at_risk"  # behind the line, and there is time left
    REACHED = "reached"  # due and met
    MISSED = "missed"  # due and not met
    NOT_BEGUN = "not_begun"  # the line starts later
    NO_VALUE = "no_value"  # the figure has no value yet
    NO_BASELINE = "no_baseline"  # not met, not due, and without a baseline there is no line to stand on


@dataclass(frozen=True)
class Aim:
    """What a figure should be by a day, and from where it began. Values as the figure has them: cents, shares."""

    value: Fraction
    due_on: dt.date
    baseline: Fraction | None = None
    starts_on: dt.date | None = None

    def share_due(self, on: dt.date) -> Fraction:
        """Return how much of the time is gone, 0–1; all of it from the due day on."""
        if on >= self.due_on:
            return Fraction(1)
        if self.starts_on is None or on <= self.starts_on:
            return Fraction(0)
        return Fraction((on - self.starts_on).days, (self.due_on - self.starts_on).days)

    def expected(self, on: dt.date) -> Fraction | None:
        """Return where the line stands on a day; None before it starts, and without a baseline before the due day."""
        if on >= self.due_on:
            return self.value
        if self.baseline is None or self.starts_on is None or on < self.starts_on:
            return None
        return self.baseline + (self.value - self.baseline) * self.share_due(on)

    def status(self, value: Number | None, on: dt.date, good: Good) -> Status:
        """Return how `value` stands on a day. Reaching the line or the target exactly is enough."""
        if self.starts_on is not None and on < self.starts_on:
            return Status.NOT_BEGUN
        if value is None:
            return Status.NO_VALUE
        rises = good is Good.UP if good is not Good.NEITHER else self._rises()
        met = _at_least(value, self.value, rises=rises)
        if on >= self.due_on:
            return Status.REACHED if met else Status.MISSED
        if met:
            return Status.ON_TRACK
        line = self.expected(on)
        if line is None:
            return Status.NO_BASELINE
        return Status.ON_TRACK if _at_least(value, line, rises=rises) else Status.AT_RISK

    def _rises(self) -> bool:
        return self.baseline is None or self.value >= self.baseline


def _at_least(value: Number, line: Fraction, *, rises: bool) -> bool:
    return value >= line if rises else value <= line
