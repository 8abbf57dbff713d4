"""One survey's figure from how many answers each score has, as METRICS.md defines it. Pure but for the words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from core import formats
from metrics import statistics
from surveys.models import SCALES

Counts = Mapping[int, int]


@dataclass(frozen=True)
class Score:
    """A figure with its 95 % limits; `value` None without answers. NPS in points, CSAT as a share, else a mean."""

    kind: str
    answers: int
    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def few(self) -> bool:
        """Whether there are answers, but fewer than thirty."""
        return 0 < self.answers < statistics.FEW_ANSWERS

    @property
    def text(self) -> str:
        """The figure as people read it."""
        return written(self.kind, self.value)

    @property
    def limits(self) -> str:
        """The limits as people read them, "" without."""
        if self.low is None or self.high is None:
            return ""
        return f"{written(self.kind, self.low)} … {written(self.kind, self.high)}"


def written(kind: str, value: float | None) -> str:
    """Write a figure of a kind: 42, 80 %, 5.61, 64."""
    if value is None:
        return formats.UNKNOWN
    if kind == "nps":
        return formats.number(statistics.whole(value))
    if kind == "csat":
        return formats.percent(value, 0)
    return formats.number(value, 2 if kind == "ces" else 0)


def score_of(kind: str, counts: Counts) -> Score:
    """Return the figure of a survey's answers by score."""
    answers = sum(counts.values())
    if not answers:
        return Score(kind, 0, None)
    if kind == "nps":
        classes = (
            sum(n for score, n in counts.items() if score >= 9),
            sum(n for score, n in counts.items() if 7 <= score <= 8),
            sum(n for score, n in counts.items() if score <= 6),
        )
        value, margin = statistics.nps(*classes), statistics.nps_margin(*classes)
        return Score(
            kind, answers, float(value or 0), margin.low if margin else None, margin.high if margin else None
        )
    if kind == "csat":
        good = sum(n for score, n in counts.items() if score >= 4)
        low, high = statistics.wilson(good, answers) or (None, None)
        return Score(kind, answers, good / answers, low, high)
    return _mean(kind, counts, answers)


def _mean(kind: str, counts: Counts, answers: int) -> Score:
    """Return the mean with 1.96 standard errors (sample deviation), cut at the scale; no limits for one answer."""
    mean = sum(score * n for score, n in counts.items()) / answers
    if answers < 2:
        return Score(kind, answers, mean)
    variance = sum(n * (score - mean) ** 2 for score, n in counts.items()) / (answers - 1)
    reach = statistics.Z * math.sqrt(variance / answers)
    low, high = SCALES[kind]
    return Score(kind, answers, mean, max(float(low), mean - reach), min(float(high), mean + reach))
