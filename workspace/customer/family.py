"""Parent, children and referrals, as far as the reader may see them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from customers.family import descendants
from customers.models import Customer
from metrics.health.bands import Band
from metrics.models import CustomerDay, HealthDay
from workspace.customer.asof import AsOf


@dataclass(frozen=True)
class Relative:
    """A related customer with its MRR (cents a month), renewal day and health (hundredths) of the night looked at."""

    pk: int
    name: str
    mrr: int | None
    renewal_on: dt.date | None
    score: int | None = None
    band: int | None = None

    @property
    def points(self) -> float | None:
        """Its score as the pages say it; None where it has no band."""
        return None if self.score is None or not self.band else self.score / 100

    @property
    def band_key(self) -> str:
        """Its band's name, `unknown` where it has none."""
        return Band(self.band or 0).key


@dataclass(frozen=True)
class Family:
    """Relatives the reader may see; `children` with theirs. `mrr` is the sum over it and its children, in cents."""

    parent: Relative | None
    referred_by: Relative | None
    children: list[Relative]
    referrals: list[Relative]
    mrr: int
    own: Relative | None = None

    @property
    def health(self) -> float | None:
        """The mean score of the customer and its children that have one, by their MRR; by head where none pays."""
        scored = [one for one in [self.own, *self.children] if one is not None and one.points is not None]
        paid = sum(one.mrr or 0 for one in scored)
        if not scored:
            return None
        if not paid:
            return sum(one.points or 0 for one in scored) / len(scored)
        return sum((one.points or 0) * (one.mrr or 0) for one in scored) / paid

    @property
    def worst(self) -> str:
        """The lowest band among the customer and its children that have one."""
        bands = [one.band for one in [self.own, *self.children] if one is not None and one.band]
        return Band(min(bands, default=0)).key

    @property
    def has_any(self) -> bool:
        """Whether there is anybody to show."""
        return bool(self.parent or self.referred_by or self.children or self.referrals)

    @property
    def next_renewal(self) -> dt.date | None:
        """The first renewal among the children."""
        return min((c.renewal_on for c in self.children if c.renewal_on), default=None)


def family(
    customer: Customer,
    user: Any,
    seen: AsOf,
    parent_id: int | None,
    *,
    night: dt.date | None,
    own_mrr: int | None,
) -> Family:
    """Return a customer's relatives on the day looked at, its children's children among them (referrals are today's).

    Two queries, and one a level of children. Who they are is read first: with an OR over the ways of being related
    the database would look at everybody.
    """
    below = descendants(customer, None if seen.live else seen.day)
    referred = Customer.objects.filter(referred_by=customer.pk).order_by().values_list("pk", flat=True)
    above = (pk for pk in (parent_id, customer.referred_by_id) if pk is not None)
    related = {*above, *below, *referred}
    then = (
        CustomerDay.objects.filter(customer=OuterRef("pk"), day=night)
        if night
        else CustomerDay.objects.none()
    )
    scored = (
        HealthDay.objects.filter(customer=OuterRef("pk"), day=night) if night else HealthDay.objects.none()
    )
    rows = (
        Customer.objects.visible_to(user)
        .filter(pk__in={*related, customer.pk} if related else related)
        .order_by("name", "pk")
        .annotate(
            mrr=Subquery(then.values("mrr_cents")[:1]),
            renewal=Subquery(then.values("renewal_on")[:1]),
            score=Subquery(scored.values("score")[:1]),
            band=Subquery(scored.values("band")[:1]),
        )
        .values_list("pk", "name", "mrr", "renewal", "score", "band", "referred_by_id", "archived_at")
    )
    parent = referred_by = own = None
    children, referrals = [], []
    for pk, name, mrr, renewal, score, band, referred_by_id, archived_at in rows:
        relative = Relative(pk, name, mrr, renewal, score, band)
        if pk == customer.pk:
            own = relative
            continue
        if pk == parent_id:
            parent = relative
        if pk == customer.referred_by_id:
            referred_by = relative
        if pk in below and archived_at is None:
            children.append(relative)
        if referred_by_id == customer.pk:
            referrals.append(relative)
    total = (own_mrr or 0) + sum(child.mrr or 0 for child in children)
    return Family(parent, referred_by, children, referrals, total, own)
