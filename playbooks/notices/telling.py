"""Telling what waits: one mail a person, one message a channel. Nothing is told twice, not even after a kill.

A mail is put into the outbox in the transaction that marks its alerts as told. A message to a channel leaves outside
of any transaction: one of which nobody knows whether it arrived is not sent again. What is over by then is left out.
"""

import datetime as dt
import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats, mail, time
from core.models import WorkState
from core.outgoing.client import post
from core.sealed import Unsealable, unseal
from playbooks.alerts.words import alert_sentence
from playbooks.models import Alert, AlertChannel, AlertNotice, WorkWish
from playbooks.notices.opening import due_for
from playbooks.notices.quiet import is_quiet

MAIL_KIND = "alerts"
AT_ONCE = 500
IN_A_MESSAGE = 15
LEASE = dt.timedelta(minutes=5)
PAUSES = (dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1))


def due() -> bool:
    """Tell whether somebody waits to be told."""
    return AlertNotice.objects.claimable(time.now()).exists()


def work() -> int:
    """Tell up to 500 notices that are due; return how many were taken."""
    at = time.now()
    lost = AlertNotice.objects.filter(channel__isnull=False, state=WorkState.RUNNING, leased_until__lt=at)
    lost.update(state=WorkState.FAILED, error="unclear", finished_at=at, leased_until=None)
    rows = AlertNotice.objects.claim(limit=AT_ONCE, lease=LEASE, at=at)
    people = sorted((row for row in rows if row.user_id), key=lambda row: (row.user_id, row.pk))
    for user, notices in groupby(people, key=lambda row: row.user_id):
        _write(user, list(notices))
    chats = sorted((row for row in rows if row.channel_id), key=lambda row: (row.channel_id, row.pk))
    for channel, notices in groupby(chats, key=lambda row: row.channel_id):
        _post(AlertChannel.objects.get(pk=channel), list(notices))
    return len(rows)


@transaction.atomic
def _write(user: int, notices: Sequence[AlertNotice]) -> None:
    """Queue one mail for a person, or wait where it is quiet by now or the person wants none any more."""
    at, keys = time.now(), [row.pk for row in notices]
    wish = WorkWish.objects.select_related("user").filter(user=user, user__is_active=True).first()
    mine = AlertNotice.objects.filter(pk__in=keys, state=WorkState.RUNNING)
    if wish is None or wish.alert_mail == WorkWish.Mail.NONE:
        mine.update(state=WorkState.DONE, finished_at=at, leased_until=None)
        return
    clock = at.astimezone(time.workspace_zone()).time()
    if is_quiet(clock, wish.quiet_from, wish.quiet_to):
        mine.update(state=WorkState.WAITING, due_at=due_for(wish, at), leased_until=None)
        return
    alerts = _standing(notices)
    over = _over_since(user)
    if alerts or (over and wish.alert_mail == WorkWish.Mail.DIGEST):
        _queue(wish, alerts, over, keys[0])
    told = [row.pk for row in notices if row.alert_id in {alert.pk for alert in alerts}]
    mine.filter(pk__in=told).update(told=True)
    AlertNotice.objects.filter(user=user, told=True, alert__in=over).update(told=False)
    mine.update(state=WorkState.DONE, finished_at=at, leased_until=None)


def _standing(notices: Sequence[AlertNotice]) -> list[Alert]:
    rows = Alert.objects.awake(time.today()).filter(pk__in=[row.alert_id for row in notices])
    return list(rows.select_related("rule", "customer").order_by("-mrr_cents", "pk"))


def _over_since(user: int) -> list[Alert]:
    """Return the alerts that were told to a person and whose cause is gone since."""
    rows = Alert.objects.filter(ended_at__isnull=False, notices__user=user, notices__told=True)
    return list(rows.select_related("rule", "customer").order_by("-mrr_cents", "pk")[:AT_ONCE])


def _queue(wish: WorkWish, alerts: Sequence[Alert], over: Sequence[Alert], number: int) -> None:
    with translation.override(wish.user.language or settings.LANGUAGE_CODE):
        count = ngettext("%(n)s alert", "%(n)s alerts", len(alerts)) % {"n": formats.number(len(alerts))}
        context = {
            "alerts": [(alert, alert_sentence(alert)) for alert in alerts],
            "over": [(alert, alert_sentence(alert)) for alert in over],
            "url": settings.SITE_URL + reverse("alerts"),
            "wishes": settings.SITE_URL + reverse("work_wishes"),
        }
        text = render_to_string("playbooks/alerts_mail.txt", context).strip() + "\n"
        subject = _("Zelo: %(alerts)s") % {"alerts": count}
    mail.queue(
        kind=MAIL_KIND,
        to=wish.user.email,
        subject=subject,
        body_text=text,
        key=f"{MAIL_KIND}:{wish.user_id}:{number}",
    )


def _post(channel: AlertChannel, notices: Sequence[AlertNotice]) -> None:
    """Tell a channel; what it refused or could not be reached for is tried again, three times."""
    at, keys = time.now(), [row.pk for row in notices]
    mine = AlertNotice.objects.filter(pk__in=keys, state=WorkState.RUNNING)
    alerts = _standing(notices)
    if not channel.active or not alerts:
        mine.update(state=WorkState.DONE, finished_at=at, leased_until=None)
        return
    said = send(channel, alerts)
    if not said:
        mine.update(state=WorkState.DONE, told=True, finished_at=time.now(), leased_until=None, error="")
        AlertChannel.objects.filter(pk=channel.pk).exclude(said="").update(said="")
        return
    AlertChannel.objects.filter(pk=channel.pk).update(said=said)
    for row in notices:
        left = row.attempts <= len(PAUSES)
        AlertNotice.objects.filter(pk=row.pk, state=WorkState.RUNNING).update(
            state=WorkState.WAITING if left else WorkState.FAILED,
            due_at=time.now() + PAUSES[min(row.attempts, len(PAUSES)) - 1],
            leased_until=None,
            error=said,
        )


def send(channel: AlertChannel, alerts: Sequence[Alert]) -> str:
    """Send alerts to a channel as its kind reads them; return what went wrong, empty when nothing did."""
    try:
        url = unseal(channel.url_sealed)
    except Unsealable:
        return _("The address was kept with another SECRET_KEY. Enter it again.")
    with translation.override(settings.LANGUAGE_CODE):
        body = json.dumps(message(channel.kind, alerts), ensure_ascii=False).encode()
    answer = post(url, body, {"Content-Type": "application/json"})
    return "" if answer.ok else str(answer.error or f"HTTP {answer.status}")[:300]


def message(kind: str, alerts: Sequence[Alert]) -> dict[str, Any]:
    """Return what a channel of a kind reads."""
    if kind == AlertChannel.Kind.JSON:
        return {"type": "alerts.opened", "alerts": [_plain(alert) for alert in alerts]}
    lines = [
        f"{alert.customer.name}: {alert_sentence(alert)} ({formats.money(alert.mrr_cents)})"
        for alert in alerts[:IN_A_MESSAGE]
    ]
    more = len(alerts) - IN_A_MESSAGE
    if more > 0:
        lines.append(_("and %(n)s more") % {"n": formats.number(more)})
    url = settings.SITE_URL + reverse("alerts")
    if kind == AlertChannel.Kind.SLACK:
        safe = [line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in lines]
        return {"text": "\n".join([*(f"• {line}" for line in safe), url])}
    texts = [{"type": "TextBlock", "text": line, "wrap": True} for line in lines]
    card = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": texts,
        "actions": [{"type": "Action.OpenUrl", "title": _("All alerts"), "url": url}],
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [content]}


def _plain(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.pk,
        "kind": alert.rule.kind,
        "customer": alert.customer.external_id,
        "customer_name": alert.customer.name,
        "reason": alert_sentence(alert),
        "mrr": f"{alert.mrr_cents / 100:.2f}",
        "since": alert.since.isoformat(),
        "url": settings.SITE_URL + reverse("alert", args=[alert.pk]),
    }
