"""Freezing a closed month: its figures as they are today, kept for what is paid by them."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Workspace
from accounts.principals import Principal
from core import time
from core.models import WorkState
from metrics import months
from metrics.models import MonthRecord, Night


def month_freeze(*, actor: Principal, month: dt.date, note: str = "") -> MonthRecord:
    """Keep all figures of a month as they are told now. Raises ValidationError by field.

    A month that is frozen already gets another edition; the earlier one stays. The figures are read before the
    transaction begins, so that nobody waits for them.
    """
    _check(month)
    values = list(months.values(month))
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=Workspace.get().pk)  # editions are numbered one by one
        frozen = MonthRecord.objects.filter(month=month, kind=MonthRecord.Kind.FROZEN)
        edition = (frozen.aggregate(last=Max("edition"))["last"] or 0) + 1
        record = months.write(
            MonthRecord(
                month=month,
                kind=MonthRecord.Kind.FROZEN,
                edition=edition,
                recorded_by=actor.person,
                note=note.strip()[:500],
            ),
            values,
        )
        audit.record(
            actor=actor,
            action="month.frozen",
            subject=record,
            changes={"month": (None, month), "edition": (None, edition), "note": (None, record.note)},
            label=f"{month:%Y-%m}",
        )
    return record


def _check(month: dt.date) -> None:
    if month.day != 1:
        raise ValidationError({"month": _("Give the first day of a month, like 2026-01-01.")})
    period = months.period_of(month)
    if period.end > time.today():
        raise ValidationError({"month": _("This month is not over yet. It can be frozen from its end on.")})
    nights = Night.objects.filter(day__gte=period.first, day__lt=period.end)
    if not nights.exists():
        raise ValidationError({"month": _("There is no night of this month, so it has no figures.")})
    unfinished = nights.exclude(state=WorkState.DONE).count()
    if unfinished:
        raise ValidationError(
            {"month": _("%(n)s nights of this month are not finished. Run them first.") % {"n": unfinished}}
        )
