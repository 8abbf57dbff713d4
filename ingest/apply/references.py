"""What cells point to: customers, contacts and people, found in one read per chunk."""

from collections.abc import Iterable

from django.db.models.functions import Lower

from accounts.models import User
from customers.models import Contact, Customer


def customer_ids(external_ids: Iterable[str]) -> dict[str, int]:
    """Map customers' own keys to ids; a customer that was merged stands for the one it was merged into."""
    found = Customer.objects.filter(external_id__in=set(external_ids)).values_list(
        "external_id", "pk", "merged_into_id"
    )
    return {external_id: merged or key for external_id, key, merged in found.order_by()}


def contact_ids(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Map (customer, e-mail in lower case) to contacts."""
    pairs = set(wanted)
    if not pairs:
        return {}
    found = (
        Contact.objects.filter(customer_id__in={customer for customer, _ in pairs})
        .annotate(lowered=Lower("email"))
        .filter(lowered__in={email for _, email in pairs})
        .order_by()
    )
    return {
        (customer, email): key for customer, email, key in found.values_list("customer_id", "lowered", "pk")
    }


def owners(emails: Iterable[str]) -> dict[str, User]:
    """Map e-mails (lower case) to people who may sign in."""
    wanted = {email for email in emails if email}
    if not wanted:
        return {}
    found = User.objects.filter(is_active=True).annotate(lowered=Lower("email"))
    return {user.email.lower(): user for user in found.filter(lowered__in=wanted)}
