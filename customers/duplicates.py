"""Which customers may be the same company twice."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet

from core.text import digits, fold
from customers.models import Customer

ALIKE = 0.82
LOOKED_AT = 300
SHOWN = 20
_NOISE = {"ltda", "sa", "s/a", "me", "epp", "eireli", "inc", "ltd", "gmbh", "de", "do", "da", "e", "the", "&"}


@dataclass(frozen=True)
class Candidate:
    """A possible duplicate and why: `tax_id`, `domain` or `name`."""

    customer: Customer
    why: str


def bare_name(name: str) -> str:
    """Return a company's name without case, accents, signs and legal form."""
    words = "".join(sign if sign.isalnum() or sign in "/&" else " " for sign in fold(name)).split()
    return " ".join(word for word in words if word not in _NOISE) or fold(name)


def alike(one: str, other: str) -> bool:
    """Tell whether two company names may be one."""
    left, right = bare_name(one), bare_name(other)
    return left == right or SequenceMatcher(None, left, right).ratio() >= ALIKE


def candidates(customer: Customer, among: QuerySet[Customer]) -> list[Candidate]:
    """Return possible duplicates among customers a person may see, the surest first, at most 20."""
    others = among.filter(archived_at__isnull=True).exclude(pk=customer.pk).select_related("owner")
    found: dict[int, Candidate] = {}
    if customer.tax_id:
        for row in others.filter(tax_id__in={customer.tax_id, digits(customer.tax_id)})[:SHOWN]:
            found.setdefault(row.pk, Candidate(row, "tax_id"))
    if customer.domain:
        for row in others.filter(domain__iexact=customer.domain)[:SHOWN]:
            found.setdefault(row.pk, Candidate(row, "domain"))
    words = sorted(bare_name(customer.name).split(), key=len, reverse=True)
    # The database narrows to names that begin like ours or share our longest word; likeness is judged here.
    near = others.filter(Q(name__istartswith=customer.name[:3]) | Q(name__icontains=words[0]))
    for row in near.order_by("name", "pk")[:LOOKED_AT]:
        if alike(customer.name, row.name):
            found.setdefault(row.pk, Candidate(row, "name"))
    return list(found.values())[:SHOWN]
