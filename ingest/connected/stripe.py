"""What Stripe sends: customers, subscriptions, discounts, invoices, refunds, in old and new shapes of its API. Pure."""

from collections.abc import Callable
from typing import Any

from ingest.connected.sent import Facts, Sent, Unreadable, id_of, listed, mapping, moment, text
from ingest.connected.stripe_prices import discount_facts, item_facts

EXTERNAL = ("zelo_id", "external_id", "customer_id")  # keys of a customer's metadata that may name ours


def read_event(event: Any) -> Sent | None:
    """Return what an event says, None for a kind that tells us nothing. Raises `Unreadable`."""
    body = mapping(event)
    event_id, kind, at = text(body.get("id"), 120), text(body.get("type"), 80), moment(body.get("created"))
    told = mapping(mapping(body.get("data")).get("object"))
    if not event_id or not kind or at is None or not told:
        raise Unreadable
    reader = _reader(kind)
    if reader is None:
        return None
    subject, facts = reader(told)
    if not subject:
        raise Unreadable
    return Sent(event_id, subject, kind, at, facts)


def _reader(kind: str) -> Callable[[dict[str, Any]], tuple[str, Facts]] | None:
    for start, reader in READERS.items():
        if kind.startswith(start):
            return reader
    return None


def _customer(told: dict[str, Any]) -> tuple[str, Facts]:
    meta = mapping(told.get("metadata"))
    return id_of(told), {
        "name": text(told.get("name")) or text(told.get("description")) or text(told.get("email")),
        "email": text(told.get("email"), 254).lower(),
        "external": next((text(meta[key], 120) for key in EXTERNAL if text(meta.get(key), 120)), ""),
    }


def _subscription(told: dict[str, Any]) -> tuple[str, Facts]:
    items = [item_facts(mapping(one)) for one in listed(told.get("items"))]
    if not items and told.get("plan"):  # what the API wrote before subscriptions had items
        items = [item_facts({**told, "id": ""})]
    details = mapping(told.get("cancellation_details"))
    reason = next((text(details[key]) for key in ("comment", "feedback", "reason") if details.get(key)), "")
    ends = told.get("cancel_at")
    if ends is None and told.get("cancel_at_period_end"):
        ends = _period_end(told)
    return id_of(told), {
        "customer": id_of(told.get("customer")),
        "status": text(told.get("status"), 30),
        "start": told.get("start_date") or told.get("start") or told.get("created"),
        "trial_end": told.get("trial_end"),
        "ended_at": told.get("ended_at"),
        "canceled_at": told.get("canceled_at"),
        "cancel_at": ends,
        "reason": reason,
        "items": items,
        "discounts": _discounts(told),
    }


def _period_end(told: dict[str, Any]) -> Any:
    """Return the end of the paid period: of the subscription, or (since 2025) of its items."""
    ends = [mapping(one).get("current_period_end") for one in listed(told.get("items"))]
    return told.get("current_period_end") or max((one for one in ends if one), default=None)


def _discounts(told: dict[str, Any]) -> list[Facts]:
    """Return the discounts of an object: one `discount`, or (since 2024) a list of them, often only named."""
    found = listed(told.get("discounts")) or ([told["discount"]] if told.get("discount") else [])
    return [discount_facts(one) for one in found]


def _discount(told: dict[str, Any]) -> tuple[str, Facts]:
    return id_of(told), {**discount_facts(told), "subscription": id_of(told.get("subscription"))}


def _coupon(told: dict[str, Any]) -> tuple[str, Facts]:
    return id_of(told), discount_facts({"id": id_of(told), "coupon": told})


def _invoice(told: dict[str, Any]) -> tuple[str, Facts]:
    turns = mapping(told.get("status_transitions"))
    status = text(told.get("status"), 30) or ("paid" if told.get("paid") else "open")
    return id_of(told), {
        "customer": id_of(told.get("customer")),
        "status": status,
        "currency": text(told.get("currency"), 3).lower(),
        "due": told.get("amount_due"),
        "paid": told.get("amount_paid"),
        "paid_at": turns.get("paid_at"),
        "created": told.get("created") or told.get("date"),
        "due_date": told.get("due_date"),
    }


def _charge(told: dict[str, Any]) -> tuple[str, Facts]:
    return id_of(told), {
        "customer": id_of(told.get("customer")),
        "currency": text(told.get("currency"), 3).lower(),
        "refunded": told.get("amount_refunded"),
    }


READERS: dict[str, Callable[[dict[str, Any]], tuple[str, Facts]]] = {
    "customer.subscription.": _subscription,
    "customer.discount.": _discount,
    "customer.created": _customer,
    "customer.updated": _customer,
    "coupon.": _coupon,
    "invoice.": _invoice,
    "charge.refunded": _charge,
}
