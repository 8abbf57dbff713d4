"""The customer happiness index of METRICS.md, Health: how much of what successful customers do is done."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from metrics import behaviours, chi
from metrics.chi import Chi
from metrics.families import Family, register_family
from metrics.registry import Figure, Good, Kind, Result, Unit, register


def customer_happiness(of: Chi) -> Result:
    """The mean over paying customers, with what it was learned from; nothing where too few succeeded."""
    if not of.successful and not of.rest:
        return Result(None)
    if of.successful < behaviours.LEAST:
        return Result(
            None,
            note=_(
                "Learned from at least %(least)d customers that renewed or expanded within a year; there are %(n)d"
            )
            % {"least": behaviours.LEAST, "n": of.successful},
        )
    note = ngettext(
        "Learned from %(n)d customer that renewed or expanded, compared with %(rest)d others",
        "Learned from %(n)d customers that renewed or expanded, compared with %(rest)d others",
        of.successful,
    ) % {"n": of.successful, "rest": of.rest}
    if not of.customers or not of.weight:
        return Result(None, note=note)
    return Result(100 * of.shown / (of.customers * of.weight), None, of.customers, note=note)


register_family(Family("chi", chi.read, Chi))

register(
    Figure(
        "chi",
        _("Customer happiness index"),
        _(
            "How much of what successful customers do is done, 0 to 100: each event used in 30 days, milestone reached "
            "and breadth of use weighs as much more often as customers that renewed or expanded in the last 12 months "
            "show it than the others do; the mean over all paying customers"
        ),
        Unit.POINTS,
        Good.UP,
        Kind.STOCK,
        customer_happiness,
        family="chi",
        sources=("usage", "milestones", "subscriptions", "contracts"),
    )
)
