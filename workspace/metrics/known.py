"""As of which day and knowledge the Metrics pages are told: as restated by what is known now, or as first published."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext

from accounts.models import User
from core import formats
from metrics.months import may_see
from metrics.periods import Period
from metrics.publishing import restated
from metrics.recorded import Recorded
from metrics.registry import Figure, Result
from metrics.windows import back, tell, window
from workspace.metrics import words
from workspace.metrics.span import Span


def knowing(
    span: Span, figures: Sequence[Figure], periods: Sequence[Period], *, user: User, by: str | None = None
) -> dict[str, Any]:
    """Return what `tell` takes to tell a span as it was published; nothing for one told as known now."""
    if not span.published:
        return {}
    windows = {window(figure, period) for figure in figures for period in periods}
    kept = Recorded(figures, windows, everybody=may_see(user))
    slice_ = {name: str(value) for name, value in span.slice.items() if value is not None}
    return {"published": True, "past": span.past, "recorded": partial(_remember, kept, slice_, by)}


def _remember(
    kept: Recorded,
    slice_: dict[str, str],
    by: str | None,
    figure: Figure,
    seen: Period,
    now: Result,
    part: str | None,
) -> Result:
    return kept.result(figure, seen, now, slice_ | ({by: part} if by and part else {}))


@dataclass(frozen=True)
class Restated:
    """That the period looked at was restated: since when, what was published first, what is known now."""

    at: str
    published: str
    now: str
    url: str

    @property
    def differs(self) -> bool:
        """Whether the figure itself is another one."""
        return self.published != self.now


def restated_figure(figure: Figure, span: Span, user: User, visible: Any) -> Restated | None:
    """Return how a figure of the span's period was restated; None where no row changed since it was published."""
    seen = window(figure, span.period)
    at = restated([seen])[seen]
    if at is None or span.published:
        return None
    periods = back(span.period, 1)
    asked = {**span.slice, "visible": visible, "as_of": span.night}
    now = tell([figure], periods, **asked).result(figure, span.period)
    known = Recorded([figure], [seen], everybody=may_see(user))
    slice_ = {name: str(value) for name, value in span.slice.items() if value is not None}
    then = tell(
        [figure], periods, **asked, published=True, recorded=partial(_remember, known, slice_, None)
    ).result(figure, span.period)
    return Restated(
        formats.moment(at),
        words.value(then.value, figure.unit),
        words.value(now.value, figure.unit),
        f"?{span.query(known='published')}",
    )


def says(span: Span) -> str:
    """Say as of when and by which knowledge a page is told; "" for today's."""
    if span.past and span.published:
        return gettext("As the night of %(day)s showed it.") % {"day": formats.day(span.past)}
    if span.past:
        return gettext("As of the night of %(day)s, restated by what is known now.") % {
            "day": formats.day(span.past)
        }
    if span.published:
        return gettext("As first published, before later facts restated it.")
    return ""
