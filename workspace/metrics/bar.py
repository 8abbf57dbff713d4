"""The bar above the Metrics pages: which period, how long, which segment."""

from django.utils.translation import gettext

from customers.models import Segment
from metrics.slices import NONE
from workspace.metrics import words
from workspace.metrics.span import UNITS, Span, SpanForm

Link = tuple[str, str, bool]
"""A query, its words, and whether it is what is shown."""


class SpanBar:
    """What the bar shows for a span."""

    def __init__(self, span: Span, form: SpanForm) -> None:
        self.span = span
        self.form = form

    @property
    def title(self) -> str:
        """The period's name."""
        return words.title(self.span.period, self.span.grain)

    @property
    def grains(self) -> list[Link]:
        """The lengths a period can have."""
        names = {"month": gettext("Month"), "quarter": gettext("Quarter"), "year": gettext("Year")}
        return [(self.span.of_grain(grain), names[grain], grain == self.span.grain) for grain in UNITS]

    @property
    def segments(self) -> list[Link]:
        """The segments to choose from, all of them first, those without one last."""
        found: list[tuple[str | None, str]] = [
            (None, gettext("All")),
            *((key, str(label)) for key, label in Segment.choices),
            (NONE, gettext("None")),
        ]
        return [(self.span.query(segment=key), name, key == self.span.segment) for key, name in found]

    @property
    def segment_name(self) -> str:
        """The segment looked at."""
        return next(name for _, name, current in self.segments if current)
