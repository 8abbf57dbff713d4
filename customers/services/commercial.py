"""Subscriptions, contracts and payments written by hand."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.principals import Principal
from core import formats
from customers.models import Contract, Customer, Payment, Subscription
from customers.services.facts import check_free, check_span, fact_create, fact_update


def _subscription_days(row: Subscription) -> list[dt.date | None]:
    # A row's first day may turn a later "new" into a "reactivation": everything from its start on counts.
    return [row.starts_on]


def _contract_days(row: Contract) -> list[dt.date | None]:
    return [row.starts_on, row.signed_on]


def _payment_days(row: Payment) -> list[dt.date | None]:
    return [row.paid_on]


def made_id(kind: str) -> str:
    """Return an ID for what nobody else numbered."""
    return f"zelo-{kind}-{uuid.uuid4().hex[:12]}"


@transaction.atomic
def subscription_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Subscription:
    """Write a recurring amount over a span; without `external_id` one is made.

    Raises `ValidationError` when the span is none or overlaps another of the same subscription.
    """
    row = Subscription(customer=customer, **fields)
    row.external_id = row.external_id or made_id("sub")
    _check_subscription(row)
    return fact_create(actor=actor, row=row, days=_subscription_days)


def subscription_update(
    *, actor: Principal | None, subscription: Subscription, changes: Mapping[str, Any]
) -> Subscription:
    """Correct a subscription; what it said before is kept. Raises `ValidationError` as `subscription_create`."""
    return fact_update(
        actor=actor, row=subscription, changes=changes, check=_check_subscription, days=_subscription_days
    )


def _check_subscription(row: Subscription) -> None:
    check_span(row.starts_on, row.ends_on)
    if row.mrr_cents < 0:
        raise ValidationError({"mrr_cents": _("The monthly amount cannot be below zero.")})
    others = Subscription.objects.filter(external_id=row.external_id).exclude(pk=row.pk)
    stranger = others.exclude(customer_id=row.customer_id).first()
    if stranger is not None:
        raise ValidationError({"external_id": _("This ID belongs to a subscription of another customer.")})
    if others.filter(starts_on=row.starts_on).exists():
        raise ValidationError(
            {"starts_on": _("This subscription has a row from this day already. Edit that one instead.")}
        )
    if row.ends_on == row.starts_on:
        return  # an empty span: kept, never in force
    clash = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=row.starts_on)).exclude(
        ends_on=F("starts_on")
    )
    if row.ends_on is not None:
        clash = clash.filter(starts_on__lt=row.ends_on)
    other = clash.first()
    if other is not None:
        raise ValidationError({"starts_on": _overlap(other)})


def _overlap(other: Subscription) -> str:
    if other.ends_on is None:
        return _(
            "This overlaps the row of the same subscription that runs from %(start)s without an end. "
            "End that one first, on the day this one starts."
        ) % {"start": formats.day(other.starts_on)}
    return _(
        "This overlaps the row of the same subscription from %(start)s to %(end)s. "
        "Let one end on the day the other starts."
    ) % {"start": formats.day(other.starts_on), "end": formats.day(other.ends_on)}


@transaction.atomic
def contract_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Contract:
    """Write a contract; without `external_id` one is made. Raises `ValidationError`."""
    row = Contract(customer=customer, **fields)
    row.external_id = row.external_id or made_id("con")
    _check_contract(row)
    return fact_create(actor=actor, row=row, days=_contract_days)


def contract_update(*, actor: Principal | None, contract: Contract, changes: Mapping[str, Any]) -> Contract:
    """Correct a contract; what it said before is kept. Raises `ValidationError`."""
    return fact_update(actor=actor, row=contract, changes=changes, check=_check_contract, days=_contract_days)


def _check_contract(row: Contract) -> None:
    check_span(row.starts_on, row.ends_on)
    check_free(row)
    if not row.renews_external_id:
        return
    if row.renews_external_id == row.external_id:
        raise ValidationError({"renews_external_id": _("A contract cannot renew itself.")})
    if not Contract.objects.filter(external_id=row.renews_external_id, customer_id=row.customer_id).exists():
        raise ValidationError({"renews_external_id": _("This customer has no contract with this ID.")})


@transaction.atomic
def payment_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Payment:
    """Write a payment (negative: a refund); without `external_id` one is made. Raises `ValidationError`."""
    row = Payment(customer=customer, **fields)
    row.external_id = row.external_id or made_id("pay")
    _check_payment(row)
    return fact_create(actor=actor, row=row, days=_payment_days)


def payment_update(*, actor: Principal | None, payment: Payment, changes: Mapping[str, Any]) -> Payment:
    """Correct a payment; the audit trail keeps what it said before. Raises `ValidationError`."""
    return fact_update(actor=actor, row=payment, changes=changes, check=_check_payment, days=_payment_days)


def _check_payment(row: Payment) -> None:
    check_free(row)
    if row.paid_on is None and row.due_on is None:
        raise ValidationError({"paid_on": _("Give the day it was paid, or the day it is due.")})
