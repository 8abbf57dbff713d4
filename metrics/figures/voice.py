"""The figures of METRICS.md, Satisfaction: each one entry and one function of a period's answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from metrics import statistics, voice
from metrics.families import Family, register_family
from metrics.registry import Figure, Good, Kind, Result, Unit, register, share
from metrics.voice import Voice

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FEW_ANSWERS = _("few answers")
FAMILY = "voice"
WINDOW = 90


def nps(said: Voice) -> Result:
    """Promoters less detractors, by answers, times 100; with the limits of its margin."""
    value = statistics.nps(said.promoters, said.passives, said.detractors)
    error = statistics.nps_margin(said.promoters, said.passives, said.detractors)
    if value is None or error is None:
        return Result(None, 0, 0)
    return Result(
        value,
        said.promoters - said.detractors,
        answers(said),
        interval=(error.low, error.high),
        margin=error.margin,
        note=_label(answers(said)),
    )


def nps_margin(said: Voice) -> Result:
    """How far the score may be off, in points."""
    error = statistics.nps_margin(said.promoters, said.passives, said.detractors)
    return Result(error.margin if error else None, note=_label(answers(said)))


def nps_low(said: Voice) -> Result:
    """The lower limit, not below −100."""
    error = statistics.nps_margin(said.promoters, said.passives, said.detractors)
    return Result(error.low if error else None, note=_label(answers(said)))


def nps_high(said: Voice) -> Result:
    """The upper limit, not above 100."""
    error = statistics.nps_margin(said.promoters, said.passives, said.detractors)
    return Result(error.high if error else None, note=_label(answers(said)))


def csat(said: Voice) -> Result:
    """Share of the answers 4 and 5, with the Wilson interval."""
    good = share(said.csat_good, said.csat)
    return Result(
        good.value,
        good.numerator,
        good.denominator,
        interval=statistics.wilson(said.csat_good, said.csat),
    )


def csat_mean(said: Voice) -> Result:
    """Mean score, 1 to 5."""
    return share(said.csat_sum, said.csat)


def ces(said: Voice) -> Result:
    """Mean score, 1 to 7."""
    return share(said.ces_sum, said.ces)


def ces_easy(said: Voice) -> Result:
    """Share of the answers 5 to 7."""
    return share(said.ces_easy, said.ces)


def answers(said: Voice) -> int:
    """Return how many NPS answers there are."""
    return said.promoters + said.passives + said.detractors


def _label(count: int) -> "StrPromise | str":
    return FEW_ANSWERS if 0 < count < statistics.FEW_ANSWERS else ""


register_family(Family(FAMILY, voice.read, Voice))


def _figure(
    key: str,
    name: "StrPromise",
    formula: "StrPromise",
    unit: Unit,
    compute: Callable[[Voice], Result],
    good: Good = Good.UP,
) -> None:
    """Register a figure of this family; all of them are flows of answers with a window of 90 days."""
    register(
        Figure(
            key,
            name,
            formula,
            unit,
            good,
            Kind.FLOW,
            compute,
            family=FAMILY,
            sources=("responses",),
            window_days=WINDOW,
        )
    )


_figure(
    "nps",
    _("Net promoter score"),
    _("Promoters (9–10) less detractors (0–6), divided by answers, times 100"),
    Unit.POINTS,
    nps,
)
_figure(
    "nps_margin",
    _("NPS, margin of error"),
    _("How far the score may be off at 95 %, by the number of answers and how they spread"),
    Unit.POINTS,
    nps_margin,
    Good.DOWN,
)
_figure(
    "nps_low",
    _("NPS, lower limit"),
    _("The least the score may be at 95 %, not below −100"),
    Unit.POINTS,
    nps_low,
)
_figure(
    "nps_high",
    _("NPS, upper limit"),
    _("The most the score may be at 95 %, not above 100"),
    Unit.POINTS,
    nps_high,
)
_figure(
    "csat",
    _("Customer satisfaction"),
    _("Share of the answers 4 and 5 of 5"),
    Unit.RATE,
    csat,
)
_figure(
    "csat_mean",
    _("Customer satisfaction, mean"),
    _("Sum of the scores, 1 to 5, divided by answers"),
    Unit.SCORE,
    csat_mean,
)
_figure(
    "ces",
    _("Customer effort score"),
    _("Mean agreement, 1 to 7, that it was easy; higher is easier"),
    Unit.SCORE,
    ces,
)
_figure(
    "ces_easy",
    _("Found it easy"),
    _("Share of the answers 5 to 7 of 7"),
    Unit.RATE,
    ces_easy,
)
