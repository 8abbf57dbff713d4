"""What the demo's team did by its playbooks: rescues that are over, others that are going on."""

import datetime as dt

from django.db.models import Min

from accounts.models import User
from core import time
from core.models import WorkState
from customers.models import Customer
from metrics.health.bands import Band
from metrics.models import HealthDay
from playbooks.models import Playbook, PlaybookVersion, Run, RunStep
from playbooks.plays.dates import due_day
from playbooks.repeating import weekday
from playbooks.services import advancing
from playbooks.services.runs import runs_start

RESCUE = "red-rescue"
BACK = dt.timedelta(days=240)
RECENT = dt.timedelta(days=30)
GOING_ON = 6


def demo_playbooks(today: dt.date, manager: User) -> None:
    """Let every second customer that turned red have been rescued, and start the rescue of the latest ones."""
    book = Playbook.objects.filter(key=RESCUE).select_related("published").first()
    if book is None or book.published is None:
        return
    reds = HealthDay.objects.filter(band=Band.RED, day__gte=today - BACK, customer__archived_at__isnull=True)
    turned = dict(reds.order_by().values("customer").annotate(on=Min("day")).values_list("customer", "on"))
    old = {key: day for key, day in turned.items() if day < today - RECENT and key % 2 == 0}
    _over(book.published, old, manager)
    recent = sorted((day, key) for key, day in turned.items() if key not in old)[-GOING_ON:]
    customers = Customer.objects.filter(pk__in=[key for _day, key in recent])
    runs_start(actor=manager, playbook=book, customers=customers)
    while advancing.work():
        pass


def _over(version: PlaybookVersion, turned: dict[int, dt.date], manager: User) -> None:
    """Write runs that are over, as if each had gone by the calendar."""
    steps = list(version.steps.all())
    for customer, red_on in turned.items():
        begun = red_on + dt.timedelta(days=1)
        days = [due_day(begun, step.after, step.unit, weekday) for step in steps]
        run = Run.objects.create(
            playbook_id=version.playbook_id,
            running_version=version,
            customer_id=customer,
            standing=Run.Standing.FINISHED,
            started_by=manager,
            started_on=begun,
            ended_at=time.day_start(days[-1] + dt.timedelta(days=1)),
            state=WorkState.DONE,
            due_at=time.day_start(begun),
            created_at=time.day_start(begun),
        )
        RunStep.objects.bulk_create(
            RunStep(
                run=run,
                step=step,
                key=step.key,
                state=RunStep.State.DONE,
                reached_at=time.day_start(day),
                finished_at=time.day_start(day),
            )
            for step, day in zip(steps, days, strict=True)
        )
