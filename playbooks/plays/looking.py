"""Customers for whom a playbook starts by itself: an alert opened, a stage or segment entered, a renewal near."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from core import time
from core.models import Event
from customers.models import Contract, Customer, CustomerHistory
from metrics.health.bands import Band
from metrics.models import HealthDay
from playbooks.models import Alert, Playbook, PlaybookVersion
from playbooks.services.runs import Cause, runs_start_by

KIND = "playbook starts"
EVERY = dt.timedelta(minutes=30)
BACK = 7  # days: what happened longer ago (a file about the past) starts nothing


def due() -> bool:
    """Tell whether a playbook has not looked for customers for half an hour."""
    return _due().exists()


def look() -> int:
    """Look for the customers of the playbooks that are due, each by one worker; return how many were taken."""
    taken = 0
    for playbook in _due().select_related("published"):
        at = time.now()
        if _due().filter(pk=playbook.pk).update(looked_at=at):
            taken += 1
            causes = found(playbook, time.local_day(at))
            if causes and playbook.published is not None:
                runs_start_by(playbook=playbook, causes=causes, how=playbook.published.starts)
    return taken


def hear_alerts_opened(events: list[Event]) -> None:
    """Start the playbooks that these alerts start; hearing it twice starts nothing twice."""
    playbooks = list(_active().filter(published__starts=PlaybookVersion.Starts.ALERT))
    keys = [event.payload["alert"] for event in events]
    for playbook in playbooks:
        version = playbook.published
        if version is None:
            continue
        rows = Alert.objects.filter(pk__in=keys, rule__kind__in=version.start_values)
        rows = rows.filter(customer__in=customers_of(version, time.today())).order_by("pk")
        causes = [Cause(row.customer_id, f"alert:{row.pk}", row.pk) for row in rows]
        if causes:
            runs_start_by(playbook=playbook, causes=causes, how="alert")


def found(playbook: Playbook, today: dt.date) -> list[Cause]:
    """Return what starts a playbook as of a day, that an alert does not tell by itself."""
    version = playbook.published
    if version is None or playbook.active_since is None:
        return []
    first = max(today - dt.timedelta(days=BACK), time.local_day(playbook.active_since))
    return causes_between(version, first, today)


def causes_between(version: PlaybookVersion, first: dt.date, last: dt.date) -> list[Cause]:
    """Return what starts a version on the days from `first` to `last`, both included."""
    if version.starts == PlaybookVersion.Starts.RENEWAL:
        return _renewals(version, first, last)
    if version.starts in (PlaybookVersion.Starts.STAGE, PlaybookVersion.Starts.SEGMENT):
        return _entered(version, first, last)
    return []


def customers_of(version: PlaybookVersion, today: dt.date) -> QuerySet[Customer]:
    """Return the customers a version is for, as they are now and as healthy as they were last."""
    rows = Customer.objects.present().order_by()
    if version.segments:
        rows = rows.filter(segment__in=version.segments)
    if version.stages:
        rows = rows.filter(stage__in=version.stages)
    if version.bands:
        newest = HealthDay.objects.filter(customer=OuterRef("pk"), day__lte=today).order_by("-day")
        known = {band.key: band.value for band in Band}
        wanted = [known[key] for key in version.bands if key in known]
        asked = Q(band_now__in=wanted)
        if Band.UNKNOWN.key in version.bands:
            asked |= Q(band_now__isnull=True)
        rows = rows.annotate(band_now=Subquery(newest.values("band")[:1])).filter(asked)
    return rows


def _entered(version: PlaybookVersion, first: dt.date, last: dt.date) -> list[Cause]:
    """Return the customers that came into a stage or segment from another one, or are new in it."""
    field = CustomerHistory.Field(version.starts)
    before = CustomerHistory.objects.filter(
        customer=OuterRef("customer"),
        field=field,
        superseded_at__isnull=True,
        valid_from__lt=OuterRef("valid_from"),
    ).order_by("-valid_from")
    rows = (
        CustomerHistory.objects.filter(
            field=field,
            value__in=version.start_values,
            superseded_at__isnull=True,
            valid_from__gte=first,
            valid_from__lte=last,
            customer__in=customers_of(version, last).values("pk"),
        )
        .annotate(was=Subquery(before.values("value")[:1]))
        .order_by("valid_from", "pk")
    )
    return [
        Cause(row.customer_id, f"{version.starts}:{row.customer_id}:{row.valid_from:%Y%m%d}:{row.value}")
        for row in rows
        if row.was != row.value
    ]


def _renewals(version: PlaybookVersion, first: dt.date, last: dt.date) -> list[Cause]:
    """Return the contracts that come so near to their end on these days and that nothing renews yet."""
    ahead = dt.timedelta(days=version.days_before or 0)
    renewing = Contract.objects.filter(
        Q(renews_external_id=OuterRef("external_id"))
        | Q(renews_external_id="", starts_on__gte=OuterRef("ends_on")),
        customer=OuterRef("customer"),
    ).exclude(pk=OuterRef("pk"))
    rows = (
        Contract.objects.filter(
            ~Exists(renewing),
            ends_on__gte=first + ahead,
            ends_on__lte=last + ahead,
            cancelled_on__isnull=True,
            customer__in=customers_of(version, last).values("pk"),
        )
        .order_by("ends_on", "pk")
        .values_list("customer", "pk", "ends_on")
    )
    return [Cause(customer, f"renewal:{pk}:{ends_on:%Y%m%d}") for customer, pk, ends_on in rows]


def _active() -> QuerySet[Playbook]:
    return Playbook.objects.live().filter(active=True, published__isnull=False).select_related("published")


def _due() -> QuerySet[Playbook]:
    by_themselves: Sequence[str] = (
        PlaybookVersion.Starts.STAGE,
        PlaybookVersion.Starts.SEGMENT,
        PlaybookVersion.Starts.RENEWAL,
    )
    long_ago = Q(looked_at__isnull=True) | Q(looked_at__lt=time.now() - EVERY)
    return _active().filter(long_ago, published__starts__in=by_themselves).order_by("pk")
