"""Which theme a text belongs to, suggested by the editable words of the comment themes."""

from collections.abc import Sequence

from customers.models import InsightTheme
from surveys.models import Response, Theme
from surveys.reading.words import folded, says_any


def subjects_of(text: str, response: Response | None = None) -> list[Theme]:
    """Return the comment themes a text speaks of; those of a comment as they stand, also by hand."""
    if response is not None and response.read_at is not None:
        rows = Theme.objects.filter(comments__response=response, comments__removed=False, archived_at=None)
        return list(rows.distinct())
    said = folded(text)
    live = Theme.objects.filter(archived_at=None)
    return [
        theme
        for theme in live
        if says_any(said, [word for words in theme.keywords.values() for word in words])
    ]


def themes_for(subjects: Sequence[Theme]) -> list[InsightTheme]:
    """Return the insight themes that stand for these comment themes, in their order."""
    order = {theme.pk: place for place, theme in enumerate(subjects)}
    rows = InsightTheme.objects.live().filter(subject_id__in=order)
    return sorted(rows, key=lambda row: (order[row.subject_id or 0], row.name))
