"""The figures of METRICS.md, Support: each one entry and one function of a period's tickets."""

from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from metrics import support, support_times
from metrics.families import Family, register_family
from metrics.registry import SLICES, Figure, Good, Kind, Result, Unit, register, share
from metrics.support import Backlog, Solved
from metrics.support_times import Durations

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SECONDS = 3600
FIRST_RESPONSES, RESOLUTIONS, SOLVED, BACKLOG = "first_responses", "resolutions", "solved", "backlog"
IN_HOURS = "_in_hours"
CUTS = (*SLICES, "member")
HOURS_NOT_SET = _("Working hours are not set, so there is nothing to count by. Settings, Working hours.")


def median(took: Durations) -> Result:
    """The middle one, of an even number the mean of the two in the middle; in hours."""
    value = Fraction(took.middle, took.middles * SECONDS) if took.middles else None
    return Result(value, None, took.cases, note=_waiting(took))


def mean(took: Durations) -> Result:
    """All hours by the number of cases."""
    value = Fraction(took.total, took.cases * SECONDS) if took.cases else None
    return Result(value, Fraction(took.total, SECONDS), took.cases, note=_waiting(took))


def fcr(solved: Solved) -> Result:
    """Share of the solved tickets that took one contact; while some of them do not count yet it is provisional."""
    told = share(solved.first_contact, solved.countable)
    note = ngettext("%(count)d ticket counts later", "%(count)d tickets count later", solved.later) % {
        "count": solved.later
    }
    return Result(
        told.value,
        told.numerator,
        told.denominator,
        provisional=solved.later > 0,
        note=note if solved.later else "",
    )


def ticket_backlog(backlog: Backlog) -> Result:
    """Tickets that wait at closing."""
    return Result(backlog.tickets)


def _waiting(took: Durations) -> "StrPromise | str":
    if took.without_hours:
        return HOURS_NOT_SET
    if not took.open:
        return ""
    return ngettext(
        "%(count)d ticket without a reply yet", "%(count)d tickets without a reply yet", took.open
    ) % {"count": took.open}


register_family(Family(FIRST_RESPONSES, support_times.read_first_responses, Durations))
register_family(Family(RESOLUTIONS, support_times.read_resolutions, Durations))
register_family(Family(FIRST_RESPONSES + IN_HOURS, support_times.read_first_responses_in_hours, Durations))
register_family(Family(RESOLUTIONS + IN_HOURS, support_times.read_resolutions_in_hours, Durations))
register_family(Family(SOLVED, support.read_solved, Solved))
register_family(Family(BACKLOG, support.read_backlog, Backlog))


def _time(key: str, name: "StrPromise", formula: "StrPromise", family: str) -> None:
    """Register a time; one that is called a mean is a mean, the others are medians."""
    register(
        Figure(
            key,
            name,
            formula,
            Unit.HOURS,
            Good.DOWN,
            Kind.FLOW,
            mean if key.endswith("_mean") else median,
            family=family,
            sources=("tickets",),
            cuts=CUTS,
            counted_in=(Unit.HOURS, Unit.COUNT),
        )
    )


_time(
    "first_response_time",
    _("Time to first reply"),
    _("Median of the hours from opened to the first public reply of the team, by the day opened"),
    FIRST_RESPONSES,
)
_time(
    "first_response_time_mean",
    _("Time to first reply, mean"),
    _("Hours from opened to the first public reply of the team, divided by tickets, by the day opened"),
    FIRST_RESPONSES,
)
_time(
    "first_response_time_business",
    _("Time to first reply, business hours"),
    _(
        "Median of the business hours from opened to the first public reply of the team, by the day opened; by the "
        "working hours as they are set now"
    ),
    FIRST_RESPONSES + IN_HOURS,
)
_time(
    "first_response_time_business_mean",
    _("Time to first reply, business hours, mean"),
    _(
        "Business hours from opened to the first public reply of the team, divided by tickets, by the day opened; by "
        "the working hours as they are set now"
    ),
    FIRST_RESPONSES + IN_HOURS,
)
_time(
    "resolution_time",
    _("Time to resolution"),
    _("Median of the hours from opened to the last time solved, by the day solved"),
    RESOLUTIONS,
)
_time(
    "resolution_time_mean",
    _("Time to resolution, mean"),
    _("Hours from opened to the last time solved, divided by tickets, by the day solved"),
    RESOLUTIONS,
)
_time(
    "resolution_time_business",
    _("Time to resolution, business hours"),
    _(
        "Median of the business hours from opened to the last time solved, by the day solved; by the working hours as "
        "they are set now"
    ),
    RESOLUTIONS + IN_HOURS,
)
_time(
    "resolution_time_business_mean",
    _("Time to resolution, business hours, mean"),
    _(
        "Business hours from opened to the last time solved, divided by tickets, by the day solved; by the working "
        "hours as they are set now"
    ),
    RESOLUTIONS + IN_HOURS,
)

for figure in (
    Figure(
        "fcr",
        _("First-contact resolution"),
        _(
            "Tickets solved with one public reply (by phone or chat: at most one) and never reopened, "
            "divided by tickets solved"
        ),
        Unit.RATE,
        Good.UP,
        Kind.FLOW,
        fcr,
        family=SOLVED,
        sources=("tickets",),
        cuts=CUTS,
    ),
    Figure(
        "ticket_backlog",
        _("Open tickets"),
        _("Tickets opened and not solved at the end of the day"),
        Unit.COUNT,
        Good.DOWN,
        Kind.STOCK,
        ticket_backlog,
        family=BACKLOG,
        sources=("tickets",),
        cuts=CUTS,
    ),
):
    register(figure)
