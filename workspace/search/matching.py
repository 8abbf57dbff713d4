"""Which customers a few typed words mean: by name, external id, domain, CNPJ, or a person there."""

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat, Replace

from core.text import Fold, digits, tokens
from customers.models import Contact, Customer
from customers.querysets import CustomerQuerySet

LEAST_DIGITS = 3


def with_haystack(rows: CustomerQuerySet) -> CustomerQuerySet:
    """Give customers the folded text `haystack` that words are looked for in."""
    gap = Value(" ")
    text = Concat(
        F("name"), gap, F("external_id"), gap, F("domain"), gap, F("tax_id"), output_field=CharField()
    )
    return rows.alias(haystack=Fold(text))


def people_matching(token: str) -> QuerySet[Contact]:
    """Return the contacts whose name or e-mail contains a folded word."""
    text = Concat(F("name"), Value(" "), F("email"), output_field=CharField())
    return (
        Contact.objects.filter(archived_at__isnull=True)
        .alias(haystack=Fold(text))
        .filter(haystack__contains=token)
    )


def matching(text: str) -> Q:
    """Return the condition that every typed word is found in a customer or in a person there.

    Needs rows of `with_haystack`. A CNPJ is found with and without its points, however it is stored.
    """
    condition = Q()
    for token in tokens(text):
        found = Q(haystack__contains=token) | Q(pk__in=people_matching(token).values("customer_id"))
        number = digits(token)
        if len(number) >= LEAST_DIGITS and not any(c.isalpha() for c in token):
            found |= Q(pk__in=_with_tax_digits(number).values("pk"))
        condition &= found
    return condition


def _with_tax_digits(number: str) -> QuerySet[Customer]:
    plain: F | Replace = F("tax_id")
    for sign in "./-":
        plain = Replace(plain, Value(sign))
    return Customer.objects.exclude(tax_id="").alias(tax_digits=plain).filter(tax_digits__contains=number)
