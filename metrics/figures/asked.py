"""The figures of METRICS.md, Satisfaction, that need invitations: how many answer; low answers closed in time."""

from django.utils.translation import gettext_lazy as _

from metrics import asked
from metrics.asked import Asked, Closing
from metrics.families import Family, register_family
from metrics.registry import Figure, Good, Kind, Result, Unit, register, share
from metrics.statistics import wilson

WINDOW = 90


def response_rate(told: Asked) -> Result:
    """Share of the people asked by mail who answered, with the Wilson interval."""
    return _share(told.people_answered, told.people)


def response_rate_customers(told: Asked) -> Result:
    """Share of the customers asked by mail with an answer at least, with the Wilson interval."""
    return _share(told.customers_answered, told.customers)


def loop_in_time(told: Closing) -> Result:
    """Share of the low answers closed before their deadline, with the Wilson interval."""
    return _share(told.in_time, told.due)


def _share(part: int, whole: int) -> Result:
    plain = share(part, whole)
    return Result(plain.value, plain.numerator, plain.denominator, interval=wilson(part, whole))


register_family(Family("asked", asked.read_asked, Asked))
register_family(Family("closing", asked.read_closing, Closing))

for key, name, formula, compute, family, sources in (
    (
        "response_rate",
        _("Survey response rate"),
        _("People who answered, divided by people a mail reached, counted on the same invitations"),
        response_rate,
        "asked",
        ("invitations", "responses"),
    ),
    (
        "response_rate_customers",
        _("Survey response rate, customers"),
        _("Customers with an answer at least, divided by customers a mail reached"),
        response_rate_customers,
        "asked",
        ("invitations", "responses"),
    ),
    (
        "loop_in_time",
        _("Low answers closed in time"),
        _("Low answers closed before their deadline, divided by those closed or past it"),
        loop_in_time,
        "closing",
        ("responses",),
    ),
):
    register(
        Figure(
            key,
            name,
            formula,
            Unit.RATE,
            Good.UP,
            Kind.FLOW,
            compute,
            family=family,
            sources=sources,
            window_days=WINDOW,
        )
    )
