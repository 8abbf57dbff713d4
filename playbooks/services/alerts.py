"""Alerts put off, dismissed or taken back; rules made and changed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import time
from playbooks.alerts.kinds import KINDS, MOST_AMOUNT, MOST_DAYS
from playbooks.alerts.words import rule_sentence
from playbooks.models import Alert, AlertRule

RULE_FIELDS = ("days", "amount", "segment", "stage", "active")
MOST_SNOOZE = dt.timedelta(days=366)


@transaction.atomic
def alert_snooze(*, actor: Principal | None, alert: Alert, until: dt.date | None = None) -> Alert:
    """Put an alert off until a day, or with None unless it gets worse. Raises ValidationError."""
    row = _standing(alert)
    today = time.today()
    if until is not None and not today < until <= today + MOST_SNOOZE:
        raise ValidationError({"until": _("Choose a day after today, within a year.")})
    before = (row.snoozed_until, row.snoozed_badness)
    row.snoozed_until = until
    row.snoozed_badness = None if until else row.badness
    row.save(update_fields=["snoozed_until", "snoozed_badness"])
    changes = {
        "snoozed_until": (before[0], row.snoozed_until),
        "snoozed_badness": (before[1], row.snoozed_badness),
    }
    _record(actor, "alert.snoozed", row, changes)
    return row


@transaction.atomic
def alert_wake(*, actor: Principal | None, alert: Alert) -> Alert:
    """Take a snooze or a dismissal back; one that is neither stays as it is. Raises ValidationError."""
    row = _open(alert)
    if not row.dismissed_at and not row.snoozed_until and row.snoozed_badness is None:
        return row
    changes = {"dismissed_why": (row.dismissed_why, ""), "snoozed_until": (row.snoozed_until, None)}
    row.dismissed_at = row.dismissed_by = row.snoozed_until = row.snoozed_badness = None
    row.dismissed_why = ""
    row.save()
    _record(actor, "alert.woken", row, changes)
    return row


@transaction.atomic
def alert_dismiss(*, actor: Principal | None, alert: Alert, why: str) -> Alert:
    """Say that an alert is no problem, and why; it stays away until its cause is gone. Raises ValidationError."""
    row = _standing(alert)
    said = why.strip()[:300]
    if not said:
        raise ValidationError({"why": _("Say why it is no problem; it tells whether the rule is any good.")})
    row.dismissed_at, row.dismissed_why = time.now(), said
    row.dismissed_by = actor.person if actor else None
    row.save(update_fields=["dismissed_at", "dismissed_why", "dismissed_by"])
    _record(actor, "alert.dismissed", row, {"dismissed_why": ("", said)})
    return row


@transaction.atomic
def rule_create(*, actor: Principal | None, kind: str, **values: Any) -> AlertRule:
    """Make a rule. Raises ValidationError by field."""
    rule = AlertRule(kind=kind, **values)
    _check(rule)
    rule.save()
    _record_rule(
        actor, "alert_rule.created", rule, {name: (None, getattr(rule, name)) for name in RULE_FIELDS}
    )
    return rule


@transaction.atomic
def rule_update(*, actor: Principal | None, rule: AlertRule, changes: Mapping[str, Any]) -> AlertRule:
    """Change any of `RULE_FIELDS`. Raises ValidationError by field."""
    row: AlertRule = AlertRule.objects.select_for_update().get(pk=rule.pk)
    before = {name: getattr(row, name) for name in RULE_FIELDS}
    for name in RULE_FIELDS:
        if name in changes:
            setattr(row, name, changes[name])
    changed = {
        name: (before[name], getattr(row, name)) for name in RULE_FIELDS if getattr(row, name) != before[name]
    }
    if not changed:
        return row
    _check(row)
    row.version += 1
    row.updated_at = time.now()
    row.save()
    _record_rule(actor, "alert_rule.updated", row, changed)
    return row


def _check(rule: AlertRule) -> None:
    kind = KINDS.get(rule.kind)
    if kind is None:
        raise ValidationError({"kind": _("There is no such kind of alert.")})
    if bool(kind.days_word) != (rule.days is not None) or (rule.days or 0) > MOST_DAYS:
        raise ValidationError({"days": _("Give a number from 0 to %(n)s.") % {"n": MOST_DAYS}})
    if bool(kind.amount_word) != (rule.amount is not None) or (rule.amount or 0) > MOST_AMOUNT:
        raise ValidationError({"amount": _("Give a number from 0 to %(n)s.") % {"n": MOST_AMOUNT}})
    if rule.kind == "renewal" and (rule.amount or 0) >= (rule.days or 0):
        raise ValidationError({"amount": _("It must be below the days before the end.")})
    same = AlertRule.objects.exclude(pk=rule.pk).filter(
        kind=rule.kind, days=rule.days, amount=rule.amount, segment=rule.segment, stage=rule.stage
    )
    if same.exists():
        raise ValidationError(_("There is such a rule already."))


def _open(alert: Alert) -> Alert:
    row: Alert = Alert.objects.select_for_update(of=("self",)).select_related("rule").get(pk=alert.pk)
    if row.ended_at is not None:
        raise ValidationError(_("This alert is over: its cause is gone."))
    return row


def _standing(alert: Alert) -> Alert:
    row = _open(alert)
    if row.dismissed_at is not None:
        raise ValidationError(_("This alert was dismissed."))
    return row


def _record(
    actor: Principal | None, action: str, alert: Alert, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=alert,
        changes=changes,
        customer_id=alert.customer_id,
        label=str(KINDS[alert.rule.kind].name),
    )


def _record_rule(
    actor: Principal | None, action: str, rule: AlertRule, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    audit.record(actor=actor, action=action, subject=rule, changes=changes, label=rule_sentence(rule))
