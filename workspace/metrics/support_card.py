"""How customers were helped: three lines period by period, and the measures beside their targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from metrics.models import Target
from metrics.periods import Period
from metrics.registry import FIGURES, Figure
from metrics.standings import comparable
from metrics.targets import aim_of
from metrics.windows import Telling, window
from workspace.metrics import words
from workspace.metrics.card import Chart, aimed, mark
from workspace.metrics.span import Span

DRAWN = ("first_response_time", "resolution_time", "fcr")
MEASURES = (*DRAWN, "csat", "ces", "ticket_backlog")


@dataclass(frozen=True)
class Measure:
    """A line of the table."""

    figure: Figure
    url: str
    value: str
    before: str
    change: SafeString
    target: str
    mark: SafeString | str
    note: str
    as_now: str = ""


@dataclass(frozen=True)
class SupportCard:
    """The card; `chart` None where no period has anything to count."""

    chart: Chart | None
    measures: list[Measure]
    now: str
    before: str


def support_card(
    told: Telling, span: Span, periods: Sequence[Period], targets: Mapping[str, Target]
) -> SupportCard:
    """Return the card for the last of the periods, from what is read already."""
    return SupportCard(
        chart=_chart(told, span, periods, targets),
        measures=[_measure(FIGURES[key], told, span, periods, targets.get(key)) for key in MEASURES],
        now=words.short(periods[-1], span.grain),
        before=words.short(periods[-2], span.grain),
    )


def _measure(
    figure: Figure, told: Telling, span: Span, periods: Sequence[Period], target: Target | None
) -> Measure:
    now, then = told.result(figure, periods[-1]), told.result(figure, periods[-2])
    aim = aim_of(target) if target else None
    seen = window(figure, span.period)
    return Measure(
        figure=figure,
        url=f"{reverse('metric', args=[figure.key])}?{span.query()}",
        value=words.value(now.value, figure.unit),
        before=words.value(then.value, figure.unit),
        change=words.change(figure, now, then),
        target=aimed(figure, aim) if aim else "",
        mark=mark(figure, now, aim, span.period) if aim else "",
        note=words.length(seen) if seen != span.period else "",
        as_now=str(now.note) if span.published else "",
    )


def _chart(
    told: Telling, span: Span, periods: Sequence[Period], targets: Mapping[str, Target]
) -> Chart | None:
    labels = [words.short(period, span.grain) for period in periods]
    figures = [FIGURES[key] for key in DRAWN]
    results = {figure.key: [told.result(figure, one).value for one in periods] for figure in figures}
    if not any(value is not None for values in results.values() for value in values):
        return None
    rows = []
    for figure in figures:
        target = targets.get(figure.key)
        aim = aim_of(target) if target and comparable(figure, span.period) else None
        rows.append(
            {
                "name": str(figure.name),
                "note": words.value(results[figure.key][-1], figure.unit),
                "values": [words.plot(value) for value in results[figure.key]],
                "target": words.plot(aim.value) if aim else None,
                **words.axis(figure.unit),
            }
        )
    return Chart(
        data={"labels": labels, "rows": rows},
        says=gettext(
            "Time to first reply, time to resolution and first-contact resolution, period by period"
        ),
        table={
            "head": [gettext("Period"), *(str(figure.name) for figure in figures)],
            "rows": [
                [label, *(words.value(results[figure.key][n], figure.unit) for figure in figures)]
                for n, label in enumerate(labels)
            ],
        },
    )
