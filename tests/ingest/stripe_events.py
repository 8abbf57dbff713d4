"""Events in the shapes that Stripe publishes, made up by us: before 2020 (`plan`), of 2022, and since 2025."""

import hashlib
import hmac
import itertools
import json
from typing import Any

from core import time

SECRET = "whsec_a1b2c3d4e5f6a7b8"
DAY = 86_400
START = 1_767_236_400  # 2026-01-01 03:00 UTC: the day begins in São Paulo
_numbers = itertools.count(1)


def price(amount: int = 10_000, *, interval: str = "month", every: int = 1, **more: Any) -> dict[str, Any]:
    recurring = {"interval": interval, "interval_count": every, "usage_type": "licensed", "meter": None}
    return {
        "id": "price_1", "object": "price", "active": True, "billing_scheme": "per_unit", "created": START,
        "currency": "brl", "livemode": False, "lookup_key": None, "metadata": {}, "nickname": "Pro",
        "product": "prod_core", "recurring": recurring, "tax_behavior": "exclusive", "tiers_mode": None,
        "transform_quantity": None, "type": "recurring", "unit_amount": amount,
        "unit_amount_decimal": str(amount), **more,
    }  # fmt: skip


def item(number: int = 1, *, quantity: int = 1, new: bool = True, **more: Any) -> dict[str, Any]:
    cost = more.pop("price", None) or price()
    ends = {"current_period_start": START, "current_period_end": START + 30 * DAY} if new else {}
    return {
        "id": f"si_{number}", "object": "subscription_item", "created": START + number, "metadata": {},
        "price": cost, "quantity": quantity, "subscription": "sub_1", "tax_rates": [], "discounts": [], **ends, **more,
    }  # fmt: skip


def subscription(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A subscription in the shape of 2025: its items know their periods, its discounts are a list."""
    return {
        "id": "sub_1", "object": "subscription", "application": None, "automatic_tax": {"enabled": False},
        "billing_cycle_anchor": START, "cancel_at": None, "cancel_at_period_end": False, "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically", "created": START, "currency": "brl", "customer": "cus_1",
        "discounts": [], "ended_at": None,
        "items": {"object": "list", "data": list(items) or [item()], "has_more": False},
        "latest_invoice": "in_1", "livemode": False, "metadata": {}, "pause_collection": None,
        "schedule": None, "start_date": START, "status": "active", "trial_end": None, "trial_start": None, **more,
    }  # fmt: skip


def old_subscription(**more: Any) -> dict[str, Any]:
    """A subscription as it was before 2020: one plan, a period and one discount of its own."""
    plan = {
        "id": "pro-yearly", "object": "plan", "amount": 120_000, "currency": "brl", "interval": "year",
        "interval_count": 1, "nickname": "Pro", "product": "prod_core", "usage_type": "licensed",
    }  # fmt: skip
    return {
        "id": "sub_1", "object": "subscription", "cancel_at_period_end": False, "canceled_at": None, "created": START,
        "current_period_start": START, "current_period_end": START + 365 * DAY, "customer": "cus_1", "discount": None,
        "ended_at": None, "metadata": {}, "plan": plan, "quantity": 2, "start": START, "status": "active",
        "trial_end": None, "trial_start": None, **more,
    }  # fmt: skip


def coupon(**more: Any) -> dict[str, Any]:
    return {
        "id": "TEN", "object": "coupon", "amount_off": None, "currency": None, "duration": "forever",
        "duration_in_months": None, "percent_off": 10.0, "valid": True, **more,
    }  # fmt: skip


def discount(**more: Any) -> dict[str, Any]:
    return {
        "id": "di_1", "object": "discount", "coupon": coupon(), "customer": "cus_1", "start": START, "end": None,
        "subscription": "sub_1", "promotion_code": None, **more,
    }  # fmt: skip


def invoice(**more: Any) -> dict[str, Any]:
    paid = {"finalized_at": START, "marked_uncollectible_at": None, "paid_at": START + DAY, "voided_at": None}
    parent = {
        "type": "subscription_details",
        "subscription_details": {"subscription": "sub_1", "metadata": {}},
    }
    return {
        "id": "in_1", "object": "invoice", "amount_due": 10_000, "amount_paid": 10_000, "amount_remaining": 0,
        "created": START, "currency": "brl", "customer": "cus_1", "customer_email": "fin@acme.example",
        "due_date": None, "number": "A-1", "parent": parent, "status": "paid", "status_transitions": paid,
        "total": 10_000, **more,
    }  # fmt: skip


def customer(**more: Any) -> dict[str, Any]:
    return {
        "id": "cus_1", "object": "customer", "address": None, "created": START, "currency": "brl",
        "description": None, "email": "fin@acme.example", "metadata": {}, "name": "Acme Ltda", **more,
    }  # fmt: skip


def event(kind: str, told: dict[str, Any], *, day: int = 0, **more: Any) -> dict[str, Any]:
    """An event some days after the start."""
    return {
        "id": f"evt_{next(_numbers)}", "object": "event", "api_version": "2025-09-30", "created": START + day * DAY,
        "data": {"object": told, "previous_attributes": {}}, "livemode": False, "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None}, "type": kind, **more,
    }  # fmt: skip


def signed(body: bytes, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    """Return the header with which Stripe sends a body."""
    at = int(time.now().timestamp()) - age
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={mac},v0=00"}


def written(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()
