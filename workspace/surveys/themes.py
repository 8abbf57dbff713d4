"""What comments are about: theme × score, with the words of the customers behind each."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from surveys.models import ResponseTheme, Theme
from surveys.scales import level
from workspace.surveys.asked import Asked


@dataclass
class Line:
    """A theme with how many comments of each level speak of it."""

    theme: Theme
    low: int = 0
    middle: int = 0
    high: int = 0
    bad: int = 0

    @property
    def total(self) -> int:
        """All comments about it."""
        return self.low + self.middle + self.high

    @property
    def low_share(self) -> float:
        """The share of low scores."""
        return self.low / self.total if self.total else 0.0


def theme_lines(asked: Asked) -> list[Line]:
    """Return every theme, those most spoken of first; two queries."""
    lines = {theme.pk: Line(theme) for theme in Theme.objects.filter(archived_at=None)}
    told = (
        ResponseTheme.objects.filter(removed=False, response__in=asked.responses().order_by().values("pk"))
        .values_list("theme_id", "response__survey", "response__score", "response__sentiment")
        .annotate(n=Count("pk"))
        .order_by()
    )
    totals: dict[tuple[int, str], int] = defaultdict(int)
    for key, kind, score, sentiment, n in told:
        totals[key, level(kind, score)] += n
        if sentiment == -1 and key in lines:
            lines[key].bad += n
    for key, line in lines.items():
        line.low, line.middle, line.high = (totals[key, one] for one in ("low", "middle", "high"))
    return sorted(lines.values(), key=lambda line: (-line.total, line.theme.position))
