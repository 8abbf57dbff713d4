"""A customer's NPS in its three views, and how many of its people answered (METRICS.md, Satisfaction). No model here.

Over the last 12 months: all answers; one vote per respondent, the latest; decision makers only, one vote each too.
Answers whose person is not known are among all answers only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from metrics.statistics import Margin, nps, nps_margin

PROMOTER, DETRACTOR = 9, 6


@dataclass(frozen=True)
class Answer:
    """A score that somebody gave, 0–10; `person` None where it is not known who. Answers come in order of time."""

    person: int | None
    score: int


@dataclass(frozen=True)
class View:
    """An NPS (−100 … 100, exact), from how many votes, with its 95 % margin; None without any."""

    votes: int
    value: Fraction | None
    margin: Margin | None


@dataclass(frozen=True)
class Coverage:
    """How many of the active contacts of a role answered within the window; `ever`: somebody of it did at any time."""

    role: str
    answered: int
    active: int
    ever: bool


@dataclass(frozen=True)
class CustomerNps:
    """The three views and the coverage, as a whole and by role."""

    all_answers: View
    by_person: View
    deciders: View
    answered: int
    active: int
    roles: list[Coverage]

    @property
    def share(self) -> Fraction | None:
        """Respondents by active contacts; None without any."""
        return Fraction(self.answered, self.active) if self.active else None


def customer_nps(
    answers: Sequence[Answer],
    *,
    roles: Mapping[int, str],
    active: Iterable[int],
    ever: Iterable[int],
    decider: str,
) -> CustomerNps:
    """Return a customer's NPS from its answers within the window.

    `roles` maps the people known there to their roles, `active` are those who are there, `ever` those who answered at
    any time; `decider` is the role of decision makers.
    """
    latest = {one.person: one.score for one in answers if one.person is not None}
    here, spoke = set(active), set(ever) | set(latest)
    names = dict.fromkeys(roles[person] for person in roles if person in here)
    return CustomerNps(
        all_answers=_view([one.score for one in answers]),
        by_person=_view(list(latest.values())),
        deciders=_view([score for person, score in latest.items() if roles.get(person) == decider]),
        answered=len(here & set(latest)),
        active=len(here),
        roles=[
            Coverage(
                role,
                answered=sum(roles[person] == role for person in here & set(latest)),
                active=sum(roles[person] == role for person in here),
                ever=any(roles[person] == role for person in here & spoke),
            )
            for role in names
        ],
    )


def _view(scores: Sequence[int]) -> View:
    promoters = sum(score >= PROMOTER for score in scores)
    detractors = sum(score <= DETRACTOR for score in scores)
    classes = (promoters, len(scores) - promoters - detractors, detractors)
    return View(len(scores), nps(*classes), nps_margin(*classes))
