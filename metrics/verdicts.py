"""Running the checks: what they found is kept per check and day, and the admins are told of a failure once."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Role
from core import events, formats, mail, time
from core.models import WorkState
from metrics.integrity import CHECKS, Check, Row, older_day
from metrics.models import IntegrityResult, Night
from metrics.nights import first_day, last_closed_day, missing_days

AT_ONCE = 30  # days checked together
KEPT_ROWS = 20
NIGHT_DONE_BY = dt.time(6)
PATIENCE = dt.timedelta(hours=6)  # so long a night that was opened may take


def due() -> bool:
    """Tell whether a day that was told waits to be checked, or whether nights are missing is not looked at yet."""
    return _unchecked().exists() or _nights_due()


def check_days() -> int:
    """Check days that wait, the newest first, and look for missing nights; return how many days were looked at."""
    nights = list(_unchecked().order_by("-day")[:AT_ONCE])
    days = [night.day for night in nights]
    if not days:
        if not _nights_due():
            return 0
        keep(Check.NIGHTS, {last_closed_day(): wrong_nights()})
        return 1
    looked = days if len(days) > 1 else [*days, *filter(None, [older_day(days[0])])]
    for check, find in CHECKS.items():
        keep(check, _by_day(looked, find(looked)))
    keep(Check.NIGHTS, {last_closed_day(): wrong_nights()})
    for night in nights:  # one that was restated meanwhile is looked at again
        Night.objects.filter(pk=night.pk, told_at=night.told_at).update(checked_at=time.now())
    return len(days)


def wrong_nights() -> list[Row]:
    """Return the closed days whose night is missing or failed; before six in the morning not of the day just over."""
    begin = first_day()
    if begin is None:
        return []
    now = time.now().astimezone(time.workspace_zone())
    end = time.today() if now.time() >= NIGHT_DONE_BY else time.today() - dt.timedelta(days=1)
    failed = dict(Night.objects.exclude(failed_step="").values_list("day", "failed_step"))
    at_work = set(
        Night.objects.filter(failed_step="", opened_at__gte=time.now() - PATIENCE).values_list(
            "day", flat=True
        )
    )
    return [
        {"day": day, "what": failed.get(day, "missing")}
        for day in missing_days(begin, end)
        if day not in at_work
    ]


def keep(check: Check, found: Mapping[dt.date, Sequence[Row]]) -> None:
    """Keep what a check found of days; who is to know of a new failure is told in the same transaction."""
    at = time.now()
    earlier = IntegrityResult.objects.filter(check_name=check)
    if check == Check.NIGHTS:  # it is of now: what an earlier look found goes on or is over
        since = (
            earlier.filter(failed_at__isnull=False).order_by("failed_at").values_list("failed_at", flat=True)
        )
        before = dict.fromkeys(found, since.first())
    else:
        before = dict(earlier.filter(day__in=found).values_list("day", "failed_at"))
    with transaction.atomic():
        IntegrityResult.objects.bulk_create(
            [
                IntegrityResult(
                    check_name=check,
                    day=day,
                    failures=len(rows),
                    rows=[_plain(row) for row in rows[:KEPT_ROWS]],
                    checked_at=at,
                    failed_at=(before.get(day) or at) if rows else None,
                )
                for day, rows in found.items()
            ],
            update_conflicts=True,
            unique_fields=["check_name", "day"],
            update_fields=["failures", "rows", "checked_at", "failed_at"],
        )
        if check == Check.NIGHTS:
            IntegrityResult.objects.filter(check_name=check).exclude(day__in=found).delete()
        new = [day for day, rows in found.items() if rows and not before.get(day)]
        if new:
            _tell(check, min(new), sum(len(found[day]) for day in new))


def failing() -> dict[str, list[IntegrityResult]]:
    """Return what fails by check, the earliest day first."""
    rows = IntegrityResult.objects.filter(failures__gt=0).order_by("check_name", "day")
    return {check: list(of) for check, of in groupby(rows, key=lambda row: row.check_name)}


def _tell(check: Check, day: dt.date, failures: int) -> None:
    """Tell the admins by mail, each once of a failure, and whoever listens by an event."""
    events.emit("integrity.failed", check=check.value, day=day.isoformat(), failures=failures)
    for admin in User.objects.filter(role=Role.ADMIN, is_active=True):
        with translation.override(admin.language or settings.LANGUAGE_CODE):
            mail.queue(
                kind="integrity",
                to=admin.email,
                subject=_("A check of the figures failed: %(check)s") % {"check": check.label},
                body_text=_(
                    "“%(check)s” does not hold for %(day)s (%(n)s rows).\n\n"
                    "What was found, since when, and how to mend it:\n%(link)s\n"
                )
                % {
                    "check": check.label,
                    "day": formats.day(day),
                    "n": failures,
                    "link": settings.SITE_URL + reverse("metrics_integrity"),
                },
                key=f"integrity:{check.value}:{day}:{time.today()}:{admin.pk}",
            )


def _unchecked() -> QuerySet[Night]:
    return Night.objects.filter(state=WorkState.DONE, told_at__isnull=False, checked_at__isnull=True)


def _nights_due() -> bool:
    """Tell whether the newest closed day should be done by now and nobody has looked since."""
    now = time.now().astimezone(time.workspace_zone())
    if now.time() < NIGHT_DONE_BY or not Night.objects.exists():
        return False
    since = dt.datetime.combine(now.date(), NIGHT_DONE_BY, tzinfo=time.workspace_zone())
    return not IntegrityResult.objects.filter(check_name=Check.NIGHTS, checked_at__gte=since).exists()


def _by_day(days: Sequence[dt.date], rows: Iterable[Row]) -> dict[dt.date, list[Row]]:
    found: dict[dt.date, list[Row]] = {day: [] for day in days}
    for row in rows:
        found[row["day"]].append(row)
    return found


def _plain(row: Row) -> Row:
    return {
        name: value.isoformat()
        if isinstance(value, dt.date)
        else value
        if isinstance(value, str)
        else int(value)
        for name, value in row.items()
    }
