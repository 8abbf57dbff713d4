"""From an alert that was opened to the people and channels that want to hear of it; hears `alert.opened`."""

import datetime as dt

from core import bells, time
from core.models import Event
from customers.models import Customer
from playbooks.alerts.kinds import KINDS
from playbooks.models import Alert, AlertChannel, AlertNotice, WorkWish
from playbooks.notices.quiet import next_at, next_loud
from playbooks.querysets import covered_by

KIND = "alert notices"


def hear_alerts_opened(events: list[Event]) -> None:
    """Note for each opened alert who is to be told, and when; each person and channel once per alert."""
    opened = Alert.objects.standing().filter(pk__in=[event.payload["alert"] for event in events])
    alerts = list(opened.select_related("rule", "customer"))
    if not alerts:
        return
    at = time.now()
    rows = [*_to_people(alerts, at), *_to_channels(alerts, at)]
    AlertNotice.objects.bulk_create(rows, ignore_conflicts=True)
    bells.ring(KIND)


def due_for(wish: WorkWish, at: dt.datetime) -> dt.datetime:
    """Return when a person may be told: at the hour of the digest or at once, never in quiet hours."""
    zone = time.workspace_zone()
    wanted = next_at(at, wish.digest_at, zone) if wish.alert_mail == WorkWish.Mail.DIGEST else at
    return next_loud(wanted, wish.quiet_from, wish.quiet_to, zone)


def _to_people(alerts: list[Alert], at: dt.datetime) -> list[AlertNotice]:
    wishes = WorkWish.objects.exclude(alert_mail=WorkWish.Mail.NONE).filter(user__is_active=True)
    keys = {alert.customer_id for alert in alerts}
    rows = []
    for wish in wishes.select_related("user"):  # people of the team: dozens, not customers
        seen = Customer.objects.visible_to(wish.user).present().filter(pk__in=keys)
        if wish.whose == WorkWish.Whose.MINE:
            seen = seen.owned_by(wish.user) | seen.filter(owner__in=covered_by(wish.user, time.today()))
        theirs = set(seen.values_list("pk", flat=True))
        due_at = due_for(wish, at)
        rows += [
            AlertNotice(alert=alert, user=wish.user, due_at=due_at)
            for alert in alerts
            if alert.customer_id in theirs
        ]
    return rows


def _to_channels(alerts: list[Alert], at: dt.datetime) -> list[AlertNotice]:
    return [
        AlertNotice(alert=alert, channel=channel, due_at=at)
        for channel in AlertChannel.objects.filter(active=True)
        for alert in alerts
        if not channel.red_only or KINDS[alert.rule.kind].tone == "red"
    ]
