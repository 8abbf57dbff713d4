"""The figures of METRICS.md, Onboarding and value."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from metrics import activation, statistics, value
from metrics.activation import Activation
from metrics.families import Family, register_family
from metrics.registry import Figure, Good, Kind, Result, Unit, register, share
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


def activation_rate(started: Activation) -> Result:
    """Share of those whose window has closed; those still inside it are told beside, and may change it."""
    told = share(started.closed_activated, started.closed)
    beside = _("Still open: %(activated)d of %(open)d activated so far") % {
        "activated": started.open_activated,
        "open": started.open,
    }
    return Result(
        told.value,
        told.numerator,
        told.denominator,
        provisional=started.open > 0,
        note=beside if started.open else "",
    )


register_family(Family("first_value", value.read, Ways))
register_family(Family("activation", activation.read, Activation))

register(
    Figure(
        "activation_rate",
        _("Activation rate"),
        _(
            "Customers that did all that is asked for within the days from their start, divided by the customers "
            "that started in the period, both only of those whose days are over"
        ),
        Unit.RATE,
        Good.UP,
        Kind.FLOW,
        activation_rate,
        family="activation",
        sources=("customers", "subscriptions", "usage", "milestones"),
        window_days=90,
    )
)

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
