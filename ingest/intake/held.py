"""What was held becomes usage as soon as its customer, or its person, is there."""

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Contact, Customer
from ingest.intake.messages import Said
from ingest.intake.taking import record_usage, settle
from ingest.models import HeldEvent, IntakePerson

KIND = "held events"
AT_ONCE = 2000


def ripe() -> QuerySet[HeldEvent]:
    """Return the held events whose customer is there, or whose person is a contact by now."""
    customer = Customer.objects.filter(external_id=OuterRef("customer_key"))
    addresses = IntakePerson.objects.filter(user_key=OuterRef(OuterRef("person"))).exclude(email="")
    contact = Contact.objects.filter(
        Q(external_id=OuterRef("person"))
        | Q(email=OuterRef("person"))
        | Q(email__in=addresses.values("email")),
        archived_at__isnull=True,
    )
    named = Q(~Q(customer_key=""), Exists(customer))
    # Said by a call that was taken in at the same time, before it could see this event.
    placed = IntakePerson.objects.filter(customer_key__in=Customer.objects.values("external_id"))
    person = IntakePerson.objects.filter(
        Q(pk__in=placed.values("pk")) | Q(same_as__in=placed.values("user_key")), user_key=OuterRef("person")
    )
    known = Exists(contact) | Exists(person)
    return HeldEvent.objects.filter(named | Q(known, ~Q(person=""), customer_key=""))


def due() -> bool:
    """Tell whether an event's customer has appeared."""
    return ripe().exists()


def work() -> int:
    """Make usage of a piece of what is ripe, each event on its own day; return how many events went in."""
    with transaction.atomic():
        rows = ripe().order_by("message_id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        found = list(rows[:AT_ONCE])
        ready, still = settle(
            Said("track", one.person, one.customer_key, one.occurred_at, one.event, one.message_id)
            for one in found
        )
        record_usage(ready)
        left = {one.message_id for one in still}  # a person at two customers is nobody's
        gone = [one.pk for one in found if one.message_id not in left]
        for start in range(0, len(gone), 500):
            HeldEvent.objects.filter(pk__in=gone[start : start + 500]).delete()
    return len(gone)
