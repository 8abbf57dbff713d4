"""The page `docs/metrics.md`: every figure of the registry in words."""

from collections.abc import Mapping
from itertools import groupby

from django.utils import translation

from metrics import figures  # noqa: F401 - registers them
from metrics.registry import FIGURES, Figure, Good, Kind, Unit

# Module of metrics/figures → the section of the page.
SECTIONS = {
    "revenue": "Revenue",
    "renewals": "Renewals",
    "economics": "Customer economics",
    "voice": "Satisfaction",
    "asked": "Satisfaction",
    "support": "Support",
    "value": "Onboarding and value",
    "success": "Success gap",
    "chi": "Health",
}
UNITS = {
    Unit.MONEY: "money in the workspace's currency",
    Unit.COUNT: "a whole number",
    Unit.RATE: "a share; `kpis` prints it as a fraction, 0.1 for 10 %",
    Unit.RATIO: "a number without a unit",
    Unit.POINTS: "points from −100 to 100",
    Unit.SCORE: "the scale of the survey",
    Unit.HOURS: "hours",
    Unit.DAYS: "days",
}
BETTER = {Good.UP: "higher", Good.DOWN: "lower", Good.NEITHER: "neither"}
HEAD = """# Figures

Every figure that Zelo shows. This page is written from the registry (`metrics/figures/`) by
`python manage.py metrics_docs`; do not edit it by hand. `python manage.py kpis` prints the figures, `GET /api/v1/kpis/`
answers them.
"""


def page(portuguese: Mapping[str, str]) -> str:
    """Return the page; `portuguese` maps English names to Brazilian ones, a missing one is shown as —."""
    with translation.override("en"):
        parts = [HEAD]
        for section, listed in groupby(FIGURES.values(), key=_section):
            parts += [f"## {section}\n", *(_figure(figure, portuguese) for figure in listed)]
    return "\n".join(parts)


def _section(figure: Figure) -> str:
    return SECTIONS[figure.compute.__module__.rpartition(".")[2]]


def _figure(figure: Figure, portuguese: Mapping[str, str]) -> str:
    name = str(figure.name)
    told = "at the end of a day" if figure.kind is Kind.STOCK else "over a period"
    facts = (
        ("In Portuguese", portuguese.get(name) or "—"),
        ("Unit", UNITS[figure.unit]),
        ("Better", BETTER[figure.good]),
        ("Told", f"{told}; usual window {figure.window_days} days"),
        ("From", ", ".join(figure.sources)),
        ("Cut by", ", ".join(figure.cuts) or "nothing, for all customers only"),
    )
    lines = [
        f"### `{figure.key}`: {name}",
        "",
        f"{figure.formula}.",
        "",
        *(f"- {a}: {b}" for a, b in facts),
        "",
    ]
    return "\n".join(lines)
