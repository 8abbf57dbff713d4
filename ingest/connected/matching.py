"""Whose customer a row of another system is of: the one with its ID, else the one whose contact has its address."""

from collections.abc import Sequence

from customers.models import Contact
from ingest.apply.references import customer_ids
from ingest.connected.sent import Told

SIZE = 400  # keys a statement


def customers_of(told: Sequence[Told]) -> list[str]:
    """Return for each the key of its customer, "" where there is none; an address at two customers is nobody's."""
    keys = sorted({one.customer for one in told if one.customer})
    there: set[str] = set()
    for start in range(0, len(keys), SIZE):
        there |= customer_ids(keys[start : start + SIZE]).keys()
    emails = sorted({one.email for one in told if one.email and one.customer not in there})
    at: dict[str, set[str]] = {}
    for start in range(0, len(emails), SIZE):
        rows = Contact.objects.filter(email__in=emails[start : start + SIZE], archived_at__isnull=True)
        for email, firm in rows.order_by().values_list("email", "customer__external_id"):
            at.setdefault(email, set()).add(firm)
    found = []
    for one in told:
        firms = at.get(one.email, set())
        if one.customer in there:
            found.append(one.customer)
        else:
            found.append(next(iter(firms)) if len(firms) == 1 else "")
    return found
