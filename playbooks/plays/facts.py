"""What is known of a customer and a run on a day, for the conditions of its steps."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Sum

from customers.models import Customer
from metrics.health.bands import Band
from metrics.models import HealthDay, UsageDay
from playbooks.models import Run, RunStep, Step
from playbooks.plays.conditions import Known
from playbooks.plays.machine import Plan, conditions_of, events_of
from playbooks.plays.words import outcome
from surveys.models import Response


def known(run: Run, steps: Iterable[Plan], today: dt.date) -> Known:
    """Return what the steps of a run may ask after; nothing is read that none of them asks for."""
    steps = list(steps)
    if not conditions_of(steps):
        return Known()
    customer: Customer = run.customer
    day = HealthDay.objects.filter(customer=customer, day__lte=today).order_by("-day").first()
    return Known(
        band=Band(day.band if day is not None else Band.UNKNOWN).key,
        score=None if day is None or day.score is None else day.score // 100,
        segment=customer.segment,
        stage=customer.stage,
        tags=frozenset(name.casefold() for name in customer.tags.values_list("name", flat=True)),
        attributes=customer.attributes,
        outcomes=outcomes(run),
        alert=_alert(run),
        events=events(run.customer_id, events_of(steps), run.started_on, today),
    )


def outcomes(run: Run) -> dict[int, str]:
    """Return what came of the steps a run has come to, by key; one query."""
    answered = Response.objects.filter(invitation__run_steps=OuterRef("pk"), held=False)
    rows = RunStep.objects.filter(run=run).select_related("task", "step").annotate(replied=Exists(answered))
    return {
        row.key: "answered" if row.step.kind == Step.Kind.SURVEY and row.replied else outcome(row)
        for row in rows
    }


def events(customer_id: int, names: set[str], first: dt.date, last: dt.date) -> Mapping[str, int]:
    """Return how often usage events were seen on the days from `first` to `last`."""
    if not names:
        return {}
    rows = UsageDay.objects.filter(customer_id=customer_id, feature__in=names, day__gte=first, day__lte=last)
    return dict(rows.values("feature").annotate(n=Sum("events")).values_list("feature", "n"))


def _alert(run: Run) -> str:
    if run.alert is None:
        return ""
    return "over" if run.alert.ended_at is not None or run.alert.dismissed_at is not None else "stands"
