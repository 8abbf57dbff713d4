"""A parent company with its children: what they pay together and which renewals come next."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from customers.models import Contract, Customer
from customers.segment_query import with_facts

DEPTH = 10
RENEWALS = 5


@dataclass(frozen=True)
class Member:
    """A company of the family and what it pays a month, in cents."""

    customer: Customer
    mrr_cents: int


@dataclass(frozen=True)
class Rollup:
    """What a parent's children, and theirs, add up to; the parent's own amount stands beside it.

    `mrr_cents` is the sum over the children that are not archived, without the parent's own
    `own_mrr_cents`. `renewals` are the contracts of parent and children that come due next, soonest first.
    """

    members: list[Member]
    own_mrr_cents: int
    mrr_cents: int
    renewals: list[Contract]

    @property
    def total_cents(self) -> int:
        """What the whole family pays a month."""
        return self.own_mrr_cents + self.mrr_cents


def descendants(customer: Customer) -> set[int]:
    """Return the keys of a customer's children, and theirs, ten levels down: one query a level."""
    found: set[int] = set()
    level = {customer.pk}
    for _step in range(DEPTH):
        level = (
            set(Customer.objects.filter(parent_id__in=level, merged_into=None).values_list("pk", flat=True))
            - found
            - {customer.pk}
        )
        if not level:
            break
        found |= level
    return found


def parent_rollup(customer: Customer, *, day: dt.date, user: User | None = None) -> Rollup | None:
    """Return what a parent and its children add up to on a day; None for a customer without children.

    With `user` only the children this person may see are counted.
    """
    keys = descendants(customer)
    if not keys:
        return None
    seen = Customer.objects.visible_to(user) if user is not None else Customer.objects.all()
    members = with_facts(seen.present().filter(pk__in=keys), day).order_by("-rule_mrr", "name")
    children = [Member(row, row.rule_mrr) for row in members]
    if not children:
        return None
    own = with_facts(Customer.objects.filter(pk=customer.pk), day).values_list("rule_mrr", flat=True).get()
    renewals = (
        Contract.objects.filter(
            customer_id__in=[customer.pk, *(member.customer.pk for member in children)],
            ends_on__gte=day,
            cancelled_on__isnull=True,
        )
        .select_related("customer")
        .order_by("ends_on", "pk")[:RENEWALS]
    )
    return Rollup(
        members=children,
        own_mrr_cents=own,
        mrr_cents=sum(member.mrr_cents for member in children),
        renewals=list(renewals),
    )
