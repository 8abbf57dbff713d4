"""What customers said: answers to surveys, counted on the day they were given; none that is held as a machine's."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

from metrics import slices
from metrics.periods import Period
from metrics.slices import Only


@dataclass(frozen=True)
class Voice:
    """The answers of a slice: NPS by class; for CSAT and CES their number, the good ones and the sum of scores."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0
    csat: int = 0
    csat_good: int = 0
    csat_sum: int = 0
    ces: int = 0
    ces_easy: int = 0
    ces_sum: int = 0


# What an answer adds to each field of Voice.
_ADDS = {
    "promoters": "r.survey = 'nps' AND r.score >= 9",
    "passives": "r.survey = 'nps' AND r.score BETWEEN 7 AND 8",
    "detractors": "r.survey = 'nps' AND r.score <= 6",
    "csat": "r.survey = 'csat'",
    "csat_good": "r.survey = 'csat' AND r.score >= 4",
    "ces": "r.survey = 'ces'",
    "ces_easy": "r.survey = 'ces' AND r.score >= 5",
}


def read(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Voice]:
    """Return the answers given in each period; `as_of` changes nothing, an answer is final."""
    adds = [f"SUM(CASE WHEN {when} THEN 1 ELSE 0 END) AS {name}" for name, when in _ADDS.items()]
    names = [field.name for field in fields(Voice)]
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=f"""
            SELECT p.n, r.customer_id, {", ".join(adds)},
                   SUM(CASE WHEN r.survey = 'csat' THEN r.score ELSE 0 END) AS csat_sum,
                   SUM(CASE WHEN r.survey = 'ces' THEN r.score ELSE 0 END) AS ces_sum
            FROM period p
            JOIN surveys_response r ON r.survey IN ('nps', 'csat', 'ces')
             AND r.answered_at >= p.starts_at AND r.answered_at < p.ends_at AND NOT r.held
            GROUP BY p.n, r.customer_id""",
        select=f"SELECT n, part, {', '.join(f'SUM({name}) AS {name}' for name in names)} FROM sliced GROUP BY n, part",
    )
    return {key: Voice(**{name: int(row[name]) for name in names}) for key, row in found}


def read_scores(periods: Sequence[Period], survey: str, only: Only) -> dict[Period, dict[int, int]]:
    """Return by period how many answers a survey had of each score; a period without answers is missing."""
    found = slices.cut(
        periods,
        by=None,
        only=only,
        facts="""
            SELECT p.n, r.customer_id, r.score
            FROM period p
            JOIN surveys_response r ON r.survey = %(survey)s AND NOT r.held
             AND r.answered_at >= p.starts_at AND r.answered_at < p.ends_at""",
        select="SELECT n, part, score, COUNT(*) AS answers FROM sliced GROUP BY n, part, score",
        params={"survey": survey},
    )
    scores: dict[Period, dict[int, int]] = {}
    for (period, _part), row in found:
        scores.setdefault(period, {})[int(row["score"])] = int(row["answers"])
    return scores
