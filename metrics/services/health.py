"""What people say of a customer's health: the pulse, and a score set by hand. Both with reason, author and expiry."""

import datetime as dt
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import events, time
from customers.models import Customer
from customers.services.facts import check_live
from metrics.health.curve import BEST
from metrics.models import HealthOverride, HealthPulse

LONGEST_DAYS = 365
Word = TypeVar("Word", HealthPulse, HealthOverride)


def pulse_set(
    *, actor: Principal, customer: Customer, score: int, reason: str, expires_on: dt.date
) -> HealthPulse:
    """Say how a customer feels (hundredths), from today until `expires_on`. Raises `ValidationError`."""
    return _say(HealthPulse, actor, customer, score, reason, expires_on)


def override_set(
    *, actor: Principal, customer: Customer, score: int, reason: str, expires_on: dt.date
) -> HealthOverride:
    """Set a customer's score by hand (hundredths), from today until `expires_on`. Raises `ValidationError`."""
    return _say(HealthOverride, actor, customer, score, reason, expires_on)


@transaction.atomic
def word_withdraw(*, actor: Principal, word: HealthPulse | HealthOverride) -> HealthPulse | HealthOverride:
    """Take back what was said, from today on; what it did until then stays. Raises `ValidationError`."""
    row: HealthPulse | HealthOverride = (
        type(word)._default_manager.select_for_update(of=("self",)).get(pk=word.pk)
    )
    today = time.today()
    check_live(row.customer)
    if not row.holds_on(today):
        raise ValidationError(_("It does not count any more."))
    row.withdrawn_on = today
    row.save(update_fields=["withdrawn_on"])
    _tell(actor, row, "withdrawn", {"withdrawn_on": (None, today)})
    return row


@transaction.atomic
def _say(
    table: type[Word], actor: Principal, customer: Customer, score: int, reason: str, expires_on: dt.date
) -> Word:
    check_live(customer)
    today = time.today()
    wrong: dict[str, str] = {}
    if not 0 <= score <= BEST:
        wrong["score"] = _("Choose a score from 0 to 100.")
    if not reason.strip():
        wrong["reason"] = _("Say why, for those who read it later.")
    if not today < expires_on <= today + dt.timedelta(days=LONGEST_DAYS):
        wrong["expires_on"] = _("Choose a day after today, within a year.")
    if wrong:
        raise ValidationError(wrong)
    row = table._default_manager.create(
        customer=customer,
        score=score,
        reason=reason.strip()[:300],
        author=actor.person,
        set_on=today,
        expires_on=expires_on,
    )
    _tell(
        actor,
        row,
        "set",
        {"score": (None, score / 100), "reason": (None, row.reason), "expires_on": (None, expires_on)},
    )
    return row


def _tell(
    actor: Principal, row: HealthPulse | HealthOverride, verb: str, changes: dict[str, tuple[object, object]]
) -> None:
    what = "pulse" if isinstance(row, HealthPulse) else "override"
    audit.record(
        actor=actor,
        action=f"{what}.{verb}",
        subject=row,
        changes=changes,
        customer_id=row.customer_id,
        label=row.customer.name,
    )
    events.emit(
        "fact.changed", customer_id=row.customer_id, first=row.set_on.isoformat(), last=None, what=what
    )
