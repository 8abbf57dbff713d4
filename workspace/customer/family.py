"""Parent, children and referrals, as far as the reader may see them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from customers.family import descendants
from customers.models import Customer
from metrics.models import CustomerDay


@dataclass(frozen=True)
class Relative:
    """A related customer with its MRR (cents a month) and renewal day of the night looked at."""

    pk: int
    name: str
    mrr: int | None
    renewal_on: dt.date | None


@dataclass(frozen=True)
class Family:
    """Relatives the reader may see; `children` with theirs. `mrr` is the sum over it and its children, in cents."""

    parent: Relative | None
    referred_by: Relative | None
    children: list[Relative]
    referrals: list[Relative]
    mrr: int

    @property
    def has_any(self) -> bool:
        """Whether there is anybody to show."""
        return bool(self.parent or self.referred_by or self.children or self.referrals)

    @property
    def next_renewal(self) -> dt.date | None:
        """The first renewal among the children."""
        return min((c.renewal_on for c in self.children if c.renewal_on), default=None)


def family(customer: Customer, user: Any, *, night: dt.date | None, own_mrr: int | None) -> Family:
    """Return a customer's relatives, its children's children among them; two queries, and one a level of children.

    Who they are is read first: with an OR over the ways of being related the database would look at everybody.
    """
    below = descendants(customer)
    referred = Customer.objects.filter(referred_by=customer.pk).order_by().values_list("pk", flat=True)
    above = (pk for pk in (customer.parent_id, customer.referred_by_id) if pk is not None)
    related = {*above, *below, *referred}
    then = (
        CustomerDay.objects.filter(customer=OuterRef("pk"), day=night)
        if night
        else CustomerDay.objects.none()
    )
    rows = (
        Customer.objects.visible_to(user)
        .filter(pk__in=related)
        .order_by("name", "pk")
        .annotate(mrr=Subquery(then.values("mrr_cents")[:1]), renewal=Subquery(then.values("renewal_on")[:1]))
        .values_list("pk", "name", "mrr", "renewal", "referred_by_id", "archived_at")
    )
    parent = referred_by = None
    children, referrals = [], []
    for pk, name, mrr, renewal, referred_by_id, archived_at in rows:
        relative = Relative(pk, name, mrr, renewal)
        if pk == customer.parent_id:
            parent = relative
        if pk == customer.referred_by_id:
            referred_by = relative
        if pk in below and archived_at is None:
            children.append(relative)
        if referred_by_id == customer.pk:
            referrals.append(relative)
    total = (own_mrr or 0) + sum(child.mrr or 0 for child in children)
    return Family(parent, referred_by, children, referrals, total)
