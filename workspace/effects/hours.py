"""What other working hours would do: support times in business hours of the last 90 days."""

from django.utils.translation import gettext

from core import formats
from customers.working import Working
from metrics import what_if
from metrics.nights import last_finished_day
from workspace.effects.effect import SUPPORT_DAYS, Effect, days_to, moves


def of_working_hours(before: Working, after: Working) -> Effect | None:
    """Return the effect; None before the first night. Raises ValueError or LookupError as `Working.calendar` does."""
    night = last_finished_day()
    if night is None:
        return None
    period = days_to(night, SUPPORT_DAYS)
    was, becomes = (
        what_if.with_calendar(some.calendar() if some.is_set else None, period, night)
        for some in (before, after)
    )
    return Effect(
        title=gettext("Support times from %(first)s to %(last)s")
        % {"first": formats.day(period.first), "last": formats.day(period.last)},
        says=(gettext("Figures in business hours of all days are told by the new hours at once."),),
        moves=moves(was, becomes),
    )
