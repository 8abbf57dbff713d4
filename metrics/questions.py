"""What may be asked of the figures: spans and segments; what is wrong with a question is said in its answer."""

import datetime as dt

from core.models import WorkState
from customers.models import Segment
from metrics.models import Night
from metrics.slices import NONE


class BadRequest(ValueError):  # noqa: N818 - what it is, not an error of ours
    """The question cannot be answered; the message says which part and what would be right."""


def check_span(first: dt.date, end: dt.date) -> None:
    """Raise BadRequest when there is no day in `[first, end)`."""
    if end <= first:
        raise BadRequest(
            f"The span is empty: its end {end} is exclusive and must be after its start {first}."
        )


def check_segment(segment: str | None) -> None:
    """Raise BadRequest when there is no such segment; `none` is that of customers without one."""
    if segment is not None and segment not in (*Segment.values, NONE):
        raise BadRequest(f"There is no segment {segment}; there are {', '.join([*Segment.values, NONE])}.")


def check_night(day: dt.date | None) -> None:
    """Raise BadRequest when a day is asked for whose night is not done."""
    if day is not None and not Night.objects.filter(day=day, state=WorkState.DONE).exists():
        raise BadRequest(f"There is no finished night of {day}, so nothing can be told as of it.")
