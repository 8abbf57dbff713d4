"""Which version of the scorecard holds on a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core import time
from metrics.health import configuration, sources
from metrics.health.configuration import Configuration
from metrics.models import ScorecardVersion


@dataclass(frozen=True)
class Card:
    """A version with its definition read."""

    version: ScorecardVersion
    configuration: Configuration


def published() -> list[Card]:
    """Return the published versions, the first one first; a workspace without one gets the default scorecard."""
    rows = ScorecardVersion.objects.filter(state=ScorecardVersion.State.PUBLISHED).order_by("number")
    found = list(rows) or [_first()]
    return [Card(row, configuration_of(row)) for row in found]


def configuration_of(version: ScorecardVersion) -> Configuration:
    """Return what a version says, read."""
    return configuration.configuration(version.definition)


def in_force(days: Sequence[dt.date], among: Sequence[Card] | None = None) -> list[Card]:
    """Return the card of each day: of those in force by then the one that came last.

    Days before the first came into force have the first one.
    """
    cards = sorted(
        published() if among is None else among,
        key=lambda card: (card.version.in_force_from or dt.date.min, card.version.number or 0),
    )
    return [
        next(
            (card for card in reversed(cards) if (card.version.in_force_from or dt.date.min) <= day),
            cards[0],
        )
        for day in days
    ]


def draft() -> ScorecardVersion | None:
    """Return the draft, None where nobody is working on one."""
    return ScorecardVersion.objects.filter(state=ScorecardVersion.State.DRAFT).first()


def shadow() -> ScorecardVersion | None:
    """Return the draft that runs beside the published version, if any."""
    return ScorecardVersion.objects.filter(state=ScorecardVersion.State.SHADOW).first()


def extra_inputs() -> set[str]:
    """Return the inputs that some version uses and that are not shipped: events and attributes."""
    definitions: Iterable[dict[str, list[str]]] = ScorecardVersion.objects.values_list(
        "definition", flat=True
    )
    return {key for one in definitions for key in one["factors"]} - set(sources.SHIPPED)


def _first() -> ScorecardVersion:
    row, _made = ScorecardVersion.objects.get_or_create(
        number=1,
        defaults={
            "state": ScorecardVersion.State.PUBLISHED,
            "definition": configuration.plain(configuration.configuration(sources.default_definition())),
            "published_at": time.now(),
        },
    )
    return row
