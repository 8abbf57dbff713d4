"""Which customers a few typed words mean: by name, external id, domain, CNPJ, or a person there."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet

from core.text import Contains, digits, tokens
from customers.models import Contact, Customer
from customers.search_text import SIGNS_OF_TAX_IDS

LEAST_DIGITS = 3
FEW = 5000


def people_with(words: Iterable[str]) -> Q:
    """Return the condition that a contact's name and e-mail contain all folded words."""
    condition = Q()
    for word in words:
        condition &= Q(Contains(F("search_text"), word))
    return condition


def matching(text: str) -> Q:
    """Return the condition that all typed words are found in a customer, or in one person there.

    A CNPJ is found with and without its points, however it is stored.
    """
    return Q(pk__in=_keys(text))


def found_once(text: str) -> Q:
    """Return the same condition for use in several queries of one request: looked up now where few match."""
    condition = matching(text)
    keys = list(_keys(text)[: FEW + 1])
    return Q(pk__in=keys) if len(keys) <= FEW else condition


def _keys(text: str) -> QuerySet[Any, Any]:
    """Return the keys: two reads put together, because with an OR no index answers either."""
    words = tokens(text)
    company = Q()
    for word in words:
        company &= Q(Contains(F("search_text"), word)) | _same_digits(word)
    customers = Customer.objects.order_by().filter(company).values_list("pk", flat=True)
    people = Contact.objects.order_by().filter(people_with(words), archived_at__isnull=True)
    return customers.union(people.values_list("customer_id", flat=True))


def _same_digits(word: str) -> Q:
    """Return the condition that the digits of a CNPJ typed with its signs are there without them."""
    number = digits(word)
    if len(number) < LEAST_DIGITS or number == word or word.strip(f"{number}{SIGNS_OF_TAX_IDS}"):
        return Q()
    return Q(Contains(F("search_text"), number))
