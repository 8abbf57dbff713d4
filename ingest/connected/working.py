"""What other systems told becomes rows: of each object that was told of, all events together, in their order."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core import time
from core.models import WorkState
from customers.models import Contact, Customer, Subscription
from ingest.connected import zendesk
from ingest.connected.matching import customers_of
from ingest.connected.receiving import KIND
from ingest.connected.sent import Facts, Row, Sent, Told, in_order
from ingest.connected.stripe_told import Frame, tell_charge, tell_invoice, tell_subscription
from ingest.models import Connection, Delivery
from ingest.problems.noting import Odd, note_problems
from ingest.services.bulk import bulk_upsert
from ingest.services.run import LEASE

log = logging.getLogger(__name__)
WORK = KIND

AT_ONCE = 100
TRIES = 5
PAUSE = dt.timedelta(seconds=2)
ORDER = ("customers", "subscriptions", "payments", "tickets", "responses")
STRIPE_TELLS = {"sub_": tell_subscription, "in_": tell_invoice, "ch_": tell_charge, "py_": tell_charge}


def ripe() -> QuerySet[Delivery]:
    """Return what waited for a customer that is there by now."""
    customer = Customer.objects.filter(external_id=OuterRef("waits_for"))
    contacts = Contact.objects.filter(email=OuterRef("waits_email"), archived_at__isnull=True).order_by()
    firms = contacts.values("email").annotate(firms=Count("customer", distinct=True)).filter(firms=1)
    named = Q(~Q(waits_for=""), Exists(customer)) | Q(~Q(waits_email=""), Exists(firms))
    return Delivery.objects.filter(named, waits=True, state=WorkState.DONE)


def due() -> bool:
    """Tell whether something was told that is not written yet, or need no longer wait."""
    return Delivery.objects.claimable(time.now()).exists() or ripe().exists()


def work() -> int:
    """Write a piece of what was told; return how many events that were."""
    Delivery.objects.filter(pk__in=ripe().values("pk")[:AT_ONCE]).update(
        waits=False, state=WorkState.WAITING, due_at=time.now(), attempts=0
    )
    claimed: list[Delivery] = Delivery.objects.claim(limit=AT_ONCE, lease=LEASE)
    others = Delivery.objects.filter(state=WorkState.RUNNING, leased_until__gt=time.now())
    if others.exclude(pk__in=[one.pk for one in claimed]).exists():
        _put_back(claimed, PAUSE)  # two at a time could write an object's events in the wrong order
        return 0
    for source in sorted({one.source for one in claimed}):
        _try(source, [one for one in claimed if one.source == source])
    return len(claimed)


def _try(source: str, claimed: Sequence[Delivery]) -> None:
    try:
        _write(source, claimed)
    except Exception as error:
        log.exception("Events of %s could not be written", source)
        given_up = [one for one in claimed if one.attempts >= TRIES]
        _put_back([one for one in claimed if one.attempts < TRIES], LEASE)
        keys = [one.pk for one in given_up]
        Delivery.objects.filter(pk__in=keys).update(
            state=WorkState.FAILED, leased_until=None, finished_at=time.now(), error=type(error).__name__
        )
        label = Connection.Kind(source).label
        note_problems(label, [Odd("not_written", one.subject, one.facts) for one in given_up])


def _put_back(claimed: Sequence[Delivery], pause: dt.timedelta) -> None:
    Delivery.objects.filter(pk__in=[one.pk for one in claimed]).update(
        state=WorkState.WAITING, leased_until=None, due_at=time.now() + pause
    )


def _write(source: str, claimed: Sequence[Delivery]) -> None:
    subjects = _touched(source, {one.subject for one in claimed}, claimed)
    sent = _all_of(source, subjects)
    told = _tell(source, sent)
    keys = list(told)
    firms = dict(zip(keys, customers_of([told[key] for key in keys]), strict=True))
    makes = Connection.objects.filter(kind=source, makes_customers=True).exists()
    rows: dict[str, list[Row]] = defaultdict(list)
    odd: list[Odd] = []
    for key in keys:
        one, firm = told[key], firms[key]
        odd += [Odd(code, about) for code, about in one.odd]
        if not firm and makes and one.customer and one.rows:
            firm = firms[key] = one.customer
            rows["customers"].append({"external_id": firm, "name": one.name or firm})
        if firm:
            for kind, found in one.rows.items():
                rows[kind] += [{**row, "customer_external_id": firm} for row in found]
        elif one.rows:
            odd.append(Odd("unknown_customer", one.customer or one.email or key))
    rows["subscriptions"] += _left_over(rows["subscriptions"])
    for kind in ORDER:
        if rows[kind]:
            bulk_upsert(kind=kind, items=_last(kind, rows[kind]), actor=None, file_wins=False, channel=source)
    _close(claimed, told, firms, Connection.Kind(source).label, odd)


def _touched(source: str, subjects: set[str], claimed: Iterable[Delivery]) -> set[str]:
    """Return the objects to be told anew: those of the events, and those that wait for what they say."""
    named = {one.facts.get("subscription", "") for one in claimed} - {""}
    people = {one for one in subjects if one.startswith(("cus_", "user:", "organization:", "coupon"))}
    if not people and not named:
        return subjects
    waiting = Delivery.objects.filter(source=source, waits=True).values_list("subject", flat=True)
    return subjects | named | (set(waiting.order_by().distinct()[:AT_ONCE]) if people else set())


def _all_of(source: str, subjects: Iterable[str]) -> dict[str, list[Sent]]:
    """Return all events of objects, by object."""
    found: dict[str, list[Sent]] = defaultdict(list)
    rows = Delivery.objects.filter(source=source, subject__in=sorted(subjects)).order_by("happened_at", "pk")
    for one in rows:
        found[one.subject].append(Sent(one.event_id, one.subject, one.type, one.happened_at, one.facts))
    return found


def _tell(source: str, sent: Mapping[str, list[Sent]]) -> dict[str, Told]:
    if source == Connection.Kind.ZENDESK:
        tickets = {key: all_of for key, all_of in sent.items() if key.startswith("ticket:")}
        known = _known(source, _zendesk_names(tickets.values()))
        numbers = [facts["organization_id"] for facts in known.values() if facts.get("organization_id")]
        known |= _known(source, {f"organization:{number}" for number in numbers})
        return {key: zendesk.tell_ticket(all_of, known) for key, all_of in tickets.items()}
    discounts = _known(source, _stripe_names(sent.values()))
    coupons = {facts["coupon"] for facts in discounts.values() if facts.get("coupon")}
    frame = Frame(
        settings.CURRENCY.lower(),
        time.workspace_zone(),
        discounts | _known(source, coupons - discounts.keys()),
    )
    told = {}
    for key, all_of in sent.items():
        tell = STRIPE_TELLS.get(key[: key.find("_") + 1])
        if tell is not None:
            told[key] = tell(all_of, frame)
    return _with_customers(source, told)


def _with_customers(source: str, told: dict[str, Told]) -> dict[str, Told]:
    """Put our ID, the address and the name of Stripe's customers in the place of their ids."""
    known = _known(source, {one.customer for one in told.values()})
    return {
        key: replace(
            one,
            customer=known.get(one.customer, {}).get("external") or one.customer,
            email=known.get(one.customer, {}).get("email", ""),
            name=known.get(one.customer, {}).get("name", ""),
        )
        for key, one in told.items()
    }


def _zendesk_names(tickets: Iterable[Sequence[Sent]]) -> set[str]:
    names = set()
    for events in tickets:
        facts = [one.facts for one in events if "requester" in one.facts]
        for last in facts[-1:]:
            names |= {f"user:{last['requester']}", f"user:{last['assignee']}"}
            names.add(f"organization:{last['organization']}")
    return names


def _stripe_names(objects: Iterable[Sequence[Sent]]) -> set[str]:
    """Return the discounts and coupons that subscriptions name without saying what they take off."""
    facts = [one.facts for events in objects for one in events if "items" in one.facts]
    named = [each for one in facts for each in one["discounts"]]
    named += [each for one in facts for item in one["items"] for each in item["discounts"]]
    unknown = [each for each in named if not each.get("known")]
    return {each["id"] for each in unknown} | {each["coupon"] for each in unknown if each.get("coupon")}


def _known(source: str, subjects: set[str]) -> dict[str, Facts]:
    """Return the latest facts of objects, by object."""
    return {key: in_order(sent)[-1].facts for key, sent in _all_of(source, subjects - {""}).items()}


def _left_over(rows: Sequence[Row]) -> list[Row]:
    """Return rows that empty spans which were written before and are none any more: a trial that was prolonged."""
    wanted = {(row["external_id"], row["starts_on"]) for row in rows}
    names = sorted({row["external_id"] for row in rows})
    there = Subscription.objects.filter(external_id__in=names).select_related("customer").order_by()
    return [
        {
            "external_id": one.external_id,
            "starts_on": one.starts_on.isoformat(),
            "ends_on": one.starts_on.isoformat(),
            "customer_external_id": one.customer.external_id,
            "product": one.product,
            "mrr": f"{one.mrr_cents / 100:.2f}",
        }
        for one in there
        if (one.external_id, one.starts_on.isoformat()) not in wanted and one.ends_on != one.starts_on
    ]


def _last(kind: str, rows: Sequence[Row]) -> list[Row]:
    """Leave one row a customer of those that are to be made."""
    if kind != "customers":
        return list(rows)
    return list({row["external_id"]: row for row in rows}.values())


@transaction.atomic
def _close(
    claimed: Sequence[Delivery],
    told: Mapping[str, Told],
    firms: Mapping[str, str],
    label: str,
    odd: list[Odd],
) -> None:
    """Mark events as done; those of objects without a customer as waiting for one."""
    now = time.now()
    source = claimed[0].source
    for key, one in told.items():
        waits = bool(one.rows) and not firms[key]
        Delivery.objects.filter(source=source, subject=key).exclude(
            waits=waits, waits_for=one.customer, waits_email=one.email
        ).update(waits=waits, waits_for=one.customer, waits_email=one.email)
    Delivery.objects.filter(pk__in=[one.pk for one in claimed]).update(
        state=WorkState.DONE, finished_at=now, leased_until=None
    )
    note_problems(label, odd, at=now)
