"""The weeks and months that reports are of."""

import datetime as dt

from accounts.models import User, Workspace
from metrics.models import SentReport
from metrics.periods import Period, unit

Span = SentReport.Span
WANTED = {
    Span.WEEK: (User.Reports.WEEKLY, User.Reports.BOTH),
    Span.MONTH: (User.Reports.MONTHLY, User.Reports.BOTH),
}


def span_of(span: str, day: dt.date) -> Period:
    """Return the week (as the workspace begins them) or month in which a day falls."""
    return unit(span, day, week_starts=Workspace.get().week_start)


def newest(span: str, night: dt.date) -> Period:
    """Return the last week or month that is over by a night."""
    period = span_of(span, night)
    return period if period.last <= night else span_of(span, period.first - dt.timedelta(days=1))
