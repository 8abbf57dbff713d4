"""What happened to the demo company after its nights: a frozen month, a fact that came late, who gets reports."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from accounts.models import User
from customers.models import Subscription
from metrics import closing, refill
from metrics.periods import add_months
from metrics.services.months import month_freeze
from metrics.staleness import Late, mark_stale
from workspace.demo.playbooks import demo_playbooks

LATE_CENTS = 45_000
LATE_DAY = 12  # of the month that was frozen before it became known


def demo_afterwards(today: dt.date, *, domain: str) -> None:
    """Freeze the last whole month, let it be restated by seats that were sold in it and entered late; run playbooks."""
    team = {user.email.partition(".")[0]: user for user in User.objects.filter(email__endswith=f"@{domain}")}
    manager = team.get("beatriz")
    User.objects.filter(pk__in=[user.pk for user in team.values()]).update(reports=User.Reports.MONTHLY)
    month = add_months(today.replace(day=1), -1)
    if manager is None:
        return
    try:
        month_freeze(actor=manager, month=month, note=gettext("Bonuses of the month"))
    except ValidationError:  # told to a day in the past, of which the nights were not run
        return
    demo_playbooks(today, manager)
    paying = Subscription.objects.filter(starts_on__lt=month, ends_on__isnull=True, mrr_cents__gt=LATE_CENTS)
    sold = paying.order_by("pk").first()
    if sold is None:
        return
    late = month.replace(day=LATE_DAY)
    Subscription.objects.create(
        customer_id=sold.customer_id,
        external_id=f"{sold.external_id}-late",
        product=sold.product,
        plan=sold.plan,
        starts_on=late,
        mrr_cents=LATE_CENTS,
        seats=5,
    )
    mark_stale([Late(sold.customer_id, late)], reason="subscription")
    while refill.refill() or closing.work():
        pass
