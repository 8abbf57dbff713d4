"""Which reports are due, and each into the outbox once: the mark and the mail in one transaction."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from accounts.models import User
from accounts.permissions import Perm
from core import mail, time
from metrics.models import Night, SentReport
from metrics.nights import last_finished_day
from metrics.periods import Period
from workspace.reports.letter import KIND, key_of
from workspace.reports.spans import WANTED, Span, newest

STALE = {Span.WEEK: dt.timedelta(days=6), Span.MONTH: dt.timedelta(days=20)}  # older news is none
AT_ONCE = 50


def due() -> bool:
    """Tell whether a report is to be sent."""
    return next(_due(), None) is not None


def queue_due() -> int:
    """Put reports that are due into the outbox; return how many. Doing it twice makes one mail."""
    queued = 0
    for user, span, period in _due():
        if queued == AT_ONCE:
            break
        with transaction.atomic():
            _, is_new = SentReport.objects.get_or_create(user=user, span=span, first=period.first)
            mail.queue(
                kind=KIND,
                to=user.email,
                subject=KIND,
                body_text="",
                key=key_of(user.pk, span, period.first),
            )
        queued += is_new
    return queued


def _due() -> Iterator[tuple[User, Span, Period]]:
    """Yield who wants a report of which period that is over, told and checked, and has not got it."""
    night = last_finished_day()
    if night is None:
        return
    for span in Span:
        period = newest(span, night)
        told = Night.objects.filter(day=period.last, told_at__isnull=False, checked_at__isnull=False).exists()
        if not told or time.today() - period.end > STALE[span]:
            continue
        got = SentReport.objects.filter(span=span, first=period.first).values("user")
        readers = User.objects.filter(is_active=True, reports__in=WANTED[span]).exclude(pk__in=got)
        for user in readers.order_by("pk"):
            if user.may(Perm.METRICS_VIEW):
                yield user, span, period
