"""The figures of METRICS.md, Onboarding and value."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from metrics import statistics, value
from metrics.families import Family, register_family
from metrics.registry import Figure, Good, Kind, Result, Unit, register
from metrics.value import Ways


def ttfv(ways: Ways) -> Result:
    """The median by Kaplan-Meier; provisional while customers wait whose days may still move it."""
    there, waiting = sum(ways.reached.values()), sum(ways.waiting.values())
    median = statistics.kaplan_meier_median(ways.reached, ways.waiting)
    note = ngettext("%(count)d customer without it yet", "%(count)d customers without it yet", waiting) % {
        "count": waiting
    }
    return Result(
        median,
        there,
        there + waiting,
        provisional=any(median is None or days < median for days in ways.waiting),
        note=note if waiting else "",
    )


register_family(Family("first_value", value.read, Ways))

register(
    Figure(
        "ttfv",
        _("Time to first value"),
        _(
            "Days from a customer's start to its first event or milestone marked as first value: the median over the "
            "customers that started in the period, those still without it counted as waiting (Kaplan-Meier)"
        ),
        Unit.DAYS,
        Good.DOWN,
        Kind.FLOW,
        ttfv,
        family="first_value",
        sources=("customers", "subscriptions", "usage", "milestones"),
        window_days=90,
    )
)
