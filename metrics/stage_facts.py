"""The facts that stage rules wait for: activated, and renewed once and green for so many days.

Asked as of the day before: rules are applied before a night fills its day, so they go by finished days only.
"""

import datetime as dt

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from customers.models import Contract, StageRule
from customers.stage_facts import stage_fact
from metrics import activation, sql
from metrics.health.bands import Band
from metrics.models import HealthDay

RENEWED_TERMS = 2  # begun: the first one and one more
LONG_AGO = dt.date(1900, 1, 1)


def activated(day: dt.date, days: int) -> Q:
    """Return the condition that a customer had been activated so many days before a day."""
    as_of = day - dt.timedelta(days=days + 1)
    period = "period AS (SELECT 0 AS n, CAST(%(first)s AS DATE) AS first, CAST(%(as_of)s AS DATE) AS last)"
    if not sql.on_postgres():
        period = "period AS (SELECT 0 AS n, %(first)s AS first, %(as_of)s AS last)"
    told = activation.facts().replace("WITH ", f"WITH {period}, ", 1)
    found = sql.tuples(
        f"SELECT customer_id FROM ({told}) a WHERE a.activated = 1",
        {"first": sql.date(LONG_AGO), "as_of": sql.date(as_of)},
    )
    return Q(pk__in=[key for (key,) in found])


def renewed_and_green(day: dt.date, days: int) -> Q:
    """Return the condition that a second contract term had begun and each of so many days before a day was green."""
    last = day - dt.timedelta(days=1)
    renewed = (
        Contract.objects.annotate(known_on=Coalesce("signed_on", "starts_on"))
        .filter(known_on__lte=last, starts_on__lte=last, ends_on__gt=F("starts_on"))
        .order_by()
        .values("customer")
        .annotate(terms=Count("ends_on", distinct=True))
        .filter(terms__gte=RENEWED_TERMS)
    )
    wanted = max(days, 1)
    green = (
        HealthDay.objects.filter(day__gt=last - dt.timedelta(days=wanted), day__lte=last, band=Band.GREEN)
        .order_by()
        .values("customer")
        .annotate(n=Count("pk"))
        .filter(n=wanted)
    )
    return Q(pk__in=renewed.values("customer")) & Q(pk__in=green.values("customer"))


def register() -> None:
    """Tell the stage rules how to ask for these facts; called when the app is ready."""
    stage_fact(StageRule.Basis.ACTIVATED, activated)
    stage_fact(StageRule.Basis.GREEN, renewed_and_green)
