"""What all events of one object of Stripe come to: rows of subscriptions and payments. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ingest.connected.sent import Facts, Row, Sent, Told, in_order, moment
from ingest.connected.stripe_prices import Unpriced, hundredths, monthly

RUNS = frozenset({"active", "past_due", "trialing"})


@dataclass
class Span:
    """Days in which an item cost the same: from `start` until `end`, which is not one of them (None: open)."""

    start: dt.date
    end: dt.date | None
    cents: int
    item: Facts

    def same_as(self, cents: int, item: Facts) -> bool:
        """Tell whether an item still is what it was."""
        names = ("product", "plan", "seats")
        return self.cents == cents and all(self.item[name] == item[name] for name in names)


@dataclass(frozen=True)
class Frame:
    """The installation's currency (lower case) and zone, and discounts and coupons by id."""

    currency: str
    zone: ZoneInfo
    known: Mapping[str, Facts]

    def day(self, said: Any) -> dt.date | None:
        """Return the day of a moment here."""
        at = said if isinstance(said, dt.datetime) else moment(said)
        return None if at is None else at.astimezone(self.zone).date()


def tell_subscription(sent: Sequence[Sent], frame: Frame) -> Told:
    """Return a subscription's rows: one for each item and span in which it cost the same.

    A trial is no revenue: the row begins behind it, and is an empty span where it was left before.
    """
    ordered = in_order(sent)
    last, odd = ordered[-1].facts, []
    spans: dict[str, list[Span]] = {}
    for number, one in enumerate(ordered):
        foreign = {item["currency"] for item in one.facts["items"]} - {frame.currency}
        if foreign:
            odd.append(("other_currency", f"{one.subject} {', '.join(sorted(foreign))}"))
            break
        try:
            _lay(spans, one, number == 0, frame)
        except Unpriced as why:
            odd.append((why.code, f"{one.subject} {why.about}"))
            break
    if odd:
        return Told(customer=last["customer"], odd=tuple(odd))
    for parts in spans.values():
        _end_ahead(parts[-1], last, frame)
    names = _names(ordered)
    rows = [_row(span, names[key], last, frame) for key in spans for span in spans[key]]
    return Told({"subscriptions": rows} if rows else {}, customer=last["customer"])


def _lay(spans: dict[str, list[Span]], one: Sent, first: bool, frame: Frame) -> None:
    """Lay one state of a subscription behind those before it."""
    facts = one.facts
    runs = facts["status"] in RUNS
    prices = monthly(facts, frame.known, one.at) if runs else {}
    here = frame.day(facts["start"] if first else one.at) or frame.day(one.at)
    assert here is not None  # noqa: S101  (an event has a moment)
    over = here if runs else frame.day(facts["ended_at"] or facts["canceled_at"]) or here
    trial = frame.day(facts["trial_end"])
    start = max(here, trial) if trial else here
    items = {item["id"]: item for item in facts["items"]}
    for key, parts in spans.items():
        span = parts[-1]
        if span.end is not None:
            continue
        if key not in prices:
            span.end = max(over, span.start)
        elif span.start >= here or (span.start > start):
            span.cents, span.item, span.start = prices[key], items[key], max(start, span.start, here)
        elif not span.same_as(prices[key], items[key]):
            span.end = start
            parts.append(Span(start, None, prices[key], items[key]))
    for key, cents in prices.items():
        if key not in spans:
            spans[key] = [Span(start, None, cents, items[key])]
        elif (end := spans[key][-1].end) is not None:  # it runs again
            spans[key].append(Span(max(start, end), None, cents, items[key]))


def _end_ahead(span: Span, last: Facts, frame: Frame) -> None:
    """End an open span on the day for which the subscription is already cancelled."""
    day = frame.day(last["cancel_at"])
    if span.end is None and day is not None:
        span.end = max(day, span.start)


def _names(ordered: Sequence[Sent]) -> dict[str, str]:
    """Name items: the first one by the subscription, as export files do, any other by both."""
    items = {item["id"]: item["created"] for one in ordered for item in one.facts["items"]}
    first = min(items, key=lambda key: (items[key], key), default="")
    subject = ordered[0].subject
    return {key: subject if key == first else f"{subject}:{key}" for key in items}


def _row(span: Span, name: str, last: Facts, frame: Frame) -> Row:
    left = frame.day(last["canceled_at"]) if span.end is not None and last["canceled_at"] else None
    return {
        "external_id": name,
        "starts_on": span.start.isoformat(),
        "ends_on": span.end.isoformat() if span.end else "",
        "product": span.item["product"] or "Stripe",
        "plan": span.item["plan"],
        "mrr": money(span.cents),
        "seats": "" if span.item["seats"] is None else str(span.item["seats"]),
        "cancelled_on": left.isoformat() if left else "-",
        "cancel_reason": last["reason"] or "-",
        "currency": frame.currency.upper(),
    }


def tell_invoice(sent: Sequence[Sent], frame: Frame) -> Told:
    """Return an invoice's payment: what was paid and when, or what is due; nothing for a draft or for 0."""
    ordered = in_order(sent)
    facts = ordered[-1].facts
    paid = facts["status"] == "paid"
    cents = hundredths(facts["paid"] if paid else facts["due"], facts["currency"])
    if facts["status"] == "draft" or cents is None:
        return Told(customer=facts["customer"])
    if facts["currency"] != frame.currency:
        odd = (("other_currency", f"{ordered[-1].subject} {facts['currency']}"),)
        return Told(customer=facts["customer"], odd=odd)
    void = facts["status"] == "void"
    if not cents and not void:
        return Told(customer=facts["customer"])
    on = frame.day(facts["paid_at"] or ordered[-1].at) if paid else None
    due = frame.day(facts["due_date"] or facts["created"])
    row = {
        "external_id": ordered[0].subject,
        "paid_on": on.isoformat() if on else "",
        "due_on": due.isoformat() if due else "",
        "amount": money(0 if void else int(cents)),
        "currency": frame.currency.upper(),
    }
    return Told({"payments": [row]}, customer=facts["customer"])


def tell_charge(sent: Sequence[Sent], frame: Frame) -> Told:
    """Return a charge's refund, all of it so far on the day of its first part."""
    ordered = in_order(sent)
    facts = ordered[-1].facts
    cents = hundredths(facts["refunded"], facts["currency"])
    if not cents:
        return Told(customer=facts["customer"])
    if facts["currency"] != frame.currency:
        odd = (("other_currency", f"{ordered[-1].subject} {facts['currency']}"),)
        return Told(customer=facts["customer"], odd=odd)
    on = frame.day(ordered[0].at)
    row = {
        "external_id": f"{ordered[0].subject}:refund",
        "paid_on": on.isoformat() if on else "",
        "amount": money(-int(cents)),
        "currency": frame.currency.upper(),
    }
    return Told({"payments": [row]}, customer=facts["customer"])


def money(cents: int) -> str:
    """Write hundredths as an amount with a point."""
    return f"{Decimal(cents) / 100:.2f}"
