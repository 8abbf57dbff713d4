"""Sudden changes of figures in words."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from core import formats
from metrics.models import SuddenChange
from metrics.nights import last_finished_day
from metrics.registry import FIGURES
from workspace.metrics import words

MARKED_FOR = dt.timedelta(days=14)


@dataclass(frozen=True)
class Marked:
    """A sudden change of a figure within a week, in words."""

    day: dt.date
    name: str
    before: str
    value: str
    worth: str
    usual: str


def newest_changes() -> dict[str, Marked]:
    """Return the newest sudden change of each figure, of the last two weeks, in two queries."""
    night = last_finished_day()
    if night is None:
        return {}
    found = SuddenChange.objects.filter(day__gt=night - MARKED_FOR, day__lte=night).order_by("day")
    return {change.key: in_words(change) for change in found if change.key in FIGURES}


def in_words(change: SuddenChange) -> Marked:
    """Return a change as people read it."""
    figure = FIGURES[change.key]
    if change.worth_of == SuddenChange.Worth.MRR:
        worth = gettext("worth %(share)s of the MRR") % {"share": formats.percent(change.worth, 1)}
    else:
        cases = round(change.worth)
        worth = ngettext("about %(n)s customer or case", "about %(n)s customers or cases", cases) % {
            "n": formats.number(cases)
        }
    return Marked(
        day=change.day,
        name=str(figure.name),
        before=words.value(change.before, figure.unit),
        value=words.value(change.value, figure.unit),
        worth=worth,
        usual=words.value(change.deviation, figure.unit),
    )
