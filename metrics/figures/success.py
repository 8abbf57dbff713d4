"""The figures of METRICS.md, success gap: what customers say they reached of what they were promised."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from metrics import success
from metrics.families import Family, register_family
from metrics.registry import Figure, Good, Kind, Result, Unit, register
from metrics.success import Success

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrPromise

FAMILY = "success"


def success_attainment(of: Success) -> Result:
    """Attainment as customers see it, weighted by MRR."""
    return _mean(of, of.attained_mrr, of.mrr, of.customers)


def success_attainment_by_head(of: Success) -> Result:
    """The same, every customer counting alike."""
    return _mean(of, of.attained, of.customers, of.customers)


def value_gap(of: Success) -> Result:
    """What customers say they have against what is due, in points, weighted by MRR."""
    return _mean(of, of.value_gap_mrr * 100, of.mrr, of.customers)


def value_gap_by_head(of: Success) -> Result:
    """The same, every customer counting alike."""
    return _mean(of, of.value_gap * 100, of.customers, of.customers)


def perception_gap(of: Success) -> Result:
    """How much more we believe was reached than customers confirm, in points, weighted by MRR."""
    return _mean(of, of.perception_gap_mrr * 100, of.ours_mrr, of.ours)


def perception_gap_by_head(of: Success) -> Result:
    """The same, every customer counting alike."""
    return _mean(of, of.perception_gap * 100, of.ours, of.ours)


def _mean(of: Success, above: float, below: float, customers: int) -> Result:
    note = ngettext(
        "%(count)d customer has not confirmed half of its plan and is left out",
        "%(count)d customers have not confirmed half of their plans and are left out",
        of.unconfirmed,
    ) % {"count": of.unconfirmed}
    return Result(above / below if below else None, None, customers, note=note if of.unconfirmed else "")


register_family(Family(FAMILY, success.read, Success))


def _figure(
    key: str,
    name: "StrPromise",
    formula: "StrPromise",
    unit: Unit,
    good: Good,
    compute: "Callable[[Success], Result]",
) -> None:
    register(
        Figure(
            key,
            name,
            formula,
            unit,
            good,
            Kind.STOCK,
            compute,
            family=FAMILY,
            sources=("objectives", "usage", "milestones"),
        )
    )


_figure(
    "success_attainment",
    _("Success as customers see it"),
    _(
        "Share of the promise that customers say they reached: per customer the mean weighted by its objectives, over "
        "all customers the mean weighted by MRR; a customer that confirmed less than half of its plan is left out"
    ),
    Unit.RATE,
    Good.UP,
    success_attainment,
)
_figure(
    "success_attainment_by_head",
    _("Success as customers see it, by head"),
    _("The same share, every customer counting alike"),
    Unit.RATE,
    Good.UP,
    success_attainment_by_head,
)
_figure(
    "value_gap",
    _("Value gap"),
    _("What customers say they reached less what is due by the day, in points, weighted by MRR"),
    Unit.POINTS,
    Good.UP,
    value_gap,
)
_figure(
    "value_gap_by_head",
    _("Value gap, by head"),
    _(
        "What customers say they reached less what is due by the day, in points, every customer counting alike"
    ),
    Unit.POINTS,
    Good.UP,
    value_gap_by_head,
)
_figure(
    "perception_gap",
    _("Perception gap"),
    _("What we believe was reached less what customers confirm, in points, weighted by MRR"),
    Unit.POINTS,
    Good.DOWN,
    perception_gap,
)
_figure(
    "perception_gap_by_head",
    _("Perception gap, by head"),
    _("What we believe was reached less what customers confirm, in points, every customer counting alike"),
    Unit.POINTS,
    Good.DOWN,
    perception_gap_by_head,
)
