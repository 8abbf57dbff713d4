"""Which customers a few typed words mean: by name, external id, domain, CNPJ, or a person there."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace

from core.text import FoldedContains, digits, tokens
from customers.models import Contact, Customer

LEAST_DIGITS = 3
FEW = 1000
COMPANY = ("name", "external_id", "domain", "tax_id")
PERSON = ("name", "email")


def _in_any(columns: Iterable[str], word: str) -> Q:
    condition = Q()
    for column in columns:
        condition |= Q(FoldedContains(F(column), word))
    return condition


def people_with(words: Iterable[str]) -> Q:
    """Return the condition that a contact's name and e-mail contain all folded words."""
    condition = Q()
    for word in words:
        condition &= _in_any(PERSON, word)
    return condition


def matching(text: str) -> Q:
    """Return the condition that all typed words are found in a customer, or in one person there.

    A CNPJ is found with and without its points, however it is stored.
    """
    words = tokens(text)
    company = Q()
    for word in words:
        company &= _in_any(COMPANY, word) | _same_digits(word)
    people = Contact.objects.filter(people_with(words), archived_at__isnull=True)
    return company | Q(pk__in=people.values("customer_id"))


def found_once(text: str) -> Q:
    """Return the same condition for use in several queries of one request: looked up now where few match."""
    condition = matching(text)
    keys = list(Customer.objects.order_by().filter(condition).values_list("pk", flat=True)[: FEW + 1])
    return Q(pk__in=keys) if len(keys) <= FEW else condition


def _same_digits(word: str) -> Q:
    number = digits(word)
    if len(number) < LEAST_DIGITS or any(c.isalpha() for c in word):
        return Q(pk__in=[])
    return Q(pk__in=_with_tax_digits(number).values("pk"))


def _with_tax_digits(number: str) -> QuerySet[Customer]:
    plain: F | Replace = F("tax_id")
    for sign in "./-":
        plain = Replace(plain, Value(sign))
    return Customer.objects.exclude(tax_id="").alias(tax_digits=plain).filter(tax_digits__contains=number)
