"""What customers said: a survey's score with its margin, whether the change is real, and how the answers spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from core import formats
from metrics.models import Target
from metrics.periods import Period
from metrics.registry import FIGURES, Figure, Result
from metrics.slices import Only
from metrics.statistics import answers_missing, no_real_change, whole
from metrics.targets import aim_of
from metrics.voice import read_scores
from metrics.windows import Telling, window
from workspace.metrics import words
from workspace.metrics.card import Chart, aimed, mark
from workspace.metrics.span import Span

SCALES = {"nps": range(11), "csat": range(1, 6), "ces": range(1, 8)}
LEAST = {"nps": -100, "csat": 0, "ces": 1}  # the ends of the line on which the interval is drawn
MOST = {"nps": 100, "csat": 1, "ces": 7}
WIDE, TALL = 300, 28


@dataclass(frozen=True)
class Share:
    """Answers of one class: detractors, passives and the like. `tone` is green, slate or red."""

    name: str
    answers: int
    percent: str
    tone: str
    at: float
    width: float


@dataclass(frozen=True)
class Interval:
    """The score, its interval and its target as places on a line of `WIDE` units."""

    low: float
    width: float
    at: float
    target: float | None
    says: str
    ends: tuple[str, str]


@dataclass(frozen=True)
class Satisfaction:
    """The card of one survey."""

    survey: str
    tabs: list[tuple[str, str, str]]
    figure: Figure
    value: str
    margin: str
    between: str
    change: SafeString
    says: str
    target: str
    mark: SafeString | str
    window: str
    answers: int
    interval: Interval | None
    chart: Chart | None
    shares: list[Share]
    note: str
    url: str


def satisfaction(
    told: Telling,
    span: Span,
    periods: Sequence[Period],
    only: Only,
    targets: Mapping[str, Target],
    survey: str = "nps",
) -> Satisfaction:
    """Return the card of a survey for the last of the periods; one statement of its own."""
    figure = FIGURES[survey]
    seen = window(figure, span.period)
    now, then = told.result(figure, span.period), told.result(figure, periods[-2])
    known = not told.missing_nights(figure, span.period)
    scores = read_scores([seen], survey, only).get(seen, {}) if known else {}
    aim = aim_of(targets[survey]) if survey in targets else None
    half = _half(now)
    return Satisfaction(
        survey=survey,
        tabs=[(key, name, span.query(survey=key)) for key, name in _names().items()],
        figure=figure,
        value=words.value(now.value, figure.unit),
        margin=f"± {words.value(half, figure.unit)}" if half is not None else "",
        between=words.limits(now, figure.unit),
        change=words.change(figure, now, then),
        says=_says(survey, now, then, scores),
        target=aimed(figure, aim) if aim else "",
        mark=mark(figure, now, aim, span.period) if aim else "",
        window=words.length(seen),
        answers=sum(scores.values()),
        interval=_interval(survey, figure, now, None if aim is None else float(aim.value)),
        chart=_chart(survey, scores),
        shares=_shares(survey, scores),
        note=str(now.note),
        url=f"{reverse('metric_rows', args=[survey])}?{span.query()}",
    )


def _names() -> dict[str, str]:
    return {"nps": "NPS", "csat": "CSAT", "ces": "CES"}


def _half(now: Result) -> float | None:
    if now.value is None:
        return None
    if now.margin is not None:
        return now.margin
    return None


def _says(survey: str, now: Result, then: Result, scores: Mapping[int, int]) -> str:
    """Say whether an NPS moved for real, and how many more answers would make it surer."""
    if survey != "nps" or now.value is None or now.margin is None:
        return ""
    said = []
    if then.value is not None and then.margin is not None:
        before, after = formats.number(whole(then.value)), formats.number(whole(now.value))
        if before == after:
            said.append(gettext("It did not move."))
        elif no_real_change(float(now.value - then.value), now.margin, then.margin):
            said.append(
                gettext(
                    "The move from %(before)s to %(after)s is smaller than its margin of error, so it may be chance."
                )
                % {"before": before, "after": after}
            )
        else:
            said.append(
                gettext("The move from %(before)s to %(after)s is larger than its margin of error.")
                % {"before": before, "after": after}
            )
    promoters, passives, detractors = (
        sum(scores.get(score, 0) for score in part) for part in (range(9, 11), range(7, 9), range(7))
    )
    aim = max(1, int(now.margin) - 1)
    more = answers_missing(promoters, passives, detractors, aim)
    if more:
        said.append(
            ngettext(
                "%(n)s more answer would bring the margin to ± %(margin)s.",
                "%(n)s more answers would bring the margin to ± %(margin)s.",
                more,
            )
            % {"n": formats.number(more), "margin": formats.number(aim)}
        )
    return " ".join(said)


def _interval(survey: str, figure: Figure, now: Result, target: float | None) -> Interval | None:
    if now.value is None or now.interval is None:
        return None
    low, high = (float(limit) for limit in now.interval)
    least, most = float(LEAST[survey]), float(MOST[survey])

    def place(value: float) -> float:
        return round((min(max(value, least), most) - least) / (most - least) * WIDE, 1)

    return Interval(
        low=place(low),
        width=max(round(place(high) - place(low), 1), 2),
        at=place(float(now.value)),
        target=None if target is None else place(target),
        says=gettext("%(name)s %(value)s, between %(limits)s")
        % {
            "name": figure.name,
            "value": words.value(now.value, figure.unit),
            "limits": words.limits(now, figure.unit),
        },
        ends=(words.value(LEAST[survey], figure.unit), words.value(MOST[survey], figure.unit)),
    )


def _chart(survey: str, scores: Mapping[int, int]) -> Chart | None:
    if not scores:
        return None
    scale = SCALES[survey]
    return Chart(
        data={
            "labels": [formats.number(score) for score in scale],
            "values": [scores.get(score, 0) for score in scale],
            "tones": [_tone(survey, score) for score in scale],
        },
        says=gettext("Number of answers by score"),
        table={
            "head": [gettext("Score"), gettext("Answers")],
            "rows": [[formats.number(score), formats.number(scores.get(score, 0))] for score in scale],
        },
    )


def _tone(survey: str, score: int) -> str:
    """Return the class of a score: good ones green, bad ones red, the rest slate."""
    good, bad = {"nps": (9, 6), "csat": (4, 2), "ces": (5, 3)}[survey]
    return "green" if score >= good else "red" if score <= bad else "slate"


def _shares(survey: str, scores: Mapping[int, int]) -> list[Share]:
    total = sum(scores.values())
    if not total:
        return []
    names = {
        "nps": (gettext("Detractors"), gettext("Passives"), gettext("Promoters")),
        "csat": (gettext("Not satisfied (1–2)"), gettext("Neither (3)"), gettext("Satisfied (4–5)")),
        "ces": (gettext("Hard (1–3)"), gettext("Neither (4)"), gettext("Easy (5–7)")),
    }[survey]
    shares, at = [], 0.0
    for tone, name in zip(("red", "slate", "green"), names, strict=True):
        answers = sum(count for score, count in scores.items() if _tone(survey, score) == tone)
        width = round(answers / total * WIDE, 1)
        shares.append(Share(name, answers, formats.percent(answers / total, 1), tone, round(at, 1), width))
        at += width
    return shares
