"""Support by team member: how long tickets took each person, how many were settled at once, how many wait."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from customers.models import Customer
from metrics.registry import FIGURES, Figure
from metrics.slices import NONE
from metrics.windows import Telling, tell
from workspace.metrics import words
from workspace.metrics.span import Span

BY = "member"
KEYS = ("first_response_time", "resolution_time", "fcr", "ticket_backlog")


@dataclass(frozen=True)
class Cell:
    """A figure of a person, with the page of its rows; "" where there are none to show."""

    name: str
    value: str
    url: str


@dataclass(frozen=True)
class Member:
    """A line of the table."""

    name: str
    cells: list[Cell]


def members(span: Span, visible: QuerySet[Customer], beside: Telling) -> list[Member]:
    """Return a line for everybody who worked on a ticket in the period, by name; tickets of nobody come last.

    `beside`: what the page told of the same period. The number of statements does not depend on how many people there
    are.
    """
    told = tell(
        [FIGURES[key] for key in KEYS],
        [span.period],
        by=BY,
        **span.slice,
        visible=visible,
        as_of=span.night,
        kept=True,
        beside=beside,
    )
    seen = {part for of in told.readings.values() for _period, part in of if part is not None}
    people = dict(User.objects.filter(email__in=seen).values_list("email", "name"))
    ordered = sorted(seen, key=lambda part: (part == NONE, people.get(part, part)))
    return [
        Member(words.part_name(part, people), [_cell(FIGURES[key], told, span, part) for key in KEYS])
        for part in ordered
    ]


def _cell(figure: Figure, told: Telling, span: Span, part: str) -> Cell:
    value = words.value(told.result(figure, span.period, part).value, figure.unit)
    query = span.query(by=BY, part=part)
    url = "" if span.published else f"{reverse('metric_rows', args=[figure.key])}?{query}"
    return Cell(str(figure.name), value, url)
