"""The figures of METRICS.md, Revenue: how many renewals are won, by count and by value."""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from metrics import renewals
from metrics.families import Family, register_family
from metrics.registry import Figure, Good, Kind, Result, Unit, register
from metrics.renewals import SCALE, Renewals

FAMILY = "renewals"


def renewal_rate(of: Renewals) -> Result:
    """Renewed, by all due."""
    return _rate(of.renewed, of.due, of.undecided, scale=1)


def renewal_rate_value(of: Renewals) -> Result:
    """Monthly value kept, no renewal counted with more than it was worth, by all that was due."""
    return _rate(of.value_kept, of.value_due, of.value_open, scale=SCALE)


def _rate(won: int, due: int, undecided: int, *, scale: int) -> Result:
    """A share with its range while some is undecided: all of that lost … all of it renewed."""
    return Result(
        Fraction(won, due) if due else None,
        numerator=round(Fraction(won, scale)),
        denominator=round(Fraction(due, scale)),
        interval=(Fraction(won, due), Fraction(won + undecided, due)) if due and undecided else None,
        provisional=undecided > 0,
    )


register_family(Family(FAMILY, renewals.read, Renewals))

for figure in (
    Figure(
        "renewal_rate",
        _("Renewal rate"),
        _(
            "Contracts renewed divided by contracts due in the period; contracts of a customer due the same day count "
            "as one. Renewed: by a contract that names it, else by another one that starts within the days of grace "
            "(30 unless set otherwise) of the due day, else, without any later contract, by still paying at their end"
        ),
        Unit.RATE,
        Good.UP,
        Kind.FLOW,
        renewal_rate,
        family=FAMILY,
        sources=("contracts", "subscriptions"),
    ),
    Figure(
        "renewal_rate_value",
        _("Renewal rate by value"),
        _(
            "Monthly value of the contracts due that was renewed, none counted with more than it was worth before, "
            "divided by their monthly value; the monthly value is the value of the term by its months of 30 days"
        ),
        Unit.RATE,
        Good.UP,
        Kind.FLOW,
        renewal_rate_value,
        family=FAMILY,
        sources=("contracts", "subscriptions"),
        counted_in=(Unit.MONEY, Unit.MONEY),
    ),
):
    register(figure)
