"""What must be right in a customer before it is written; each raises `ValidationError` by field."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from customers.attributes import AttributeType, AttributeValueError, parse_attributes
from customers.identifiers import TaxIdError, clean_domain, clean_tax_id
from customers.models import AttributeDefinition, Customer

LONGEST_CHAIN = 50


def attribute_types() -> list[AttributeType]:
    """Return the attributes an admin defined that are not archived."""
    rows = AttributeDefinition.objects.filter(archived_at__isnull=True).values_list("key", "kind", "choices")
    return [AttributeType(key, kind, tuple(choices)) for key, kind, choices in rows]


def cleaned(customer: Customer | None, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes in the form they are stored in; `customer` None for a new one."""
    clean = dict(changes)
    if "name" in clean:
        clean["name"] = " ".join(str(clean["name"]).split())
        if not clean["name"]:
            raise ValidationError({"name": _("A customer needs a name.")})
    if "domain" in clean:
        clean["domain"] = clean_domain(clean["domain"])
    if "tax_id" in clean:
        country = clean.get("country", customer.country if customer else "")
        clean["tax_id"] = _tax_id(clean["tax_id"], country)
    if "attributes" in clean:
        clean["attributes"] = _attributes(customer, clean["attributes"])
    for field in ("parent", "referred_by"):
        if clean.get(field) is not None:
            _check_link(customer, field, clean[field])
    return clean


def _tax_id(text: str, country: str) -> str:
    try:
        return clean_tax_id(text, country)
    except TaxIdError:
        raise ValidationError(
            {
                "tax_id": _(
                    "This is not a valid CNPJ: its check digits do not fit. Compare it with the contract, "
                    "or set the country if the company is not Brazilian."
                )
            }
        ) from None


def _attributes(customer: Customer | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Merge new values into the stored ones; None takes a value away."""
    try:
        parsed = parse_attributes(attribute_types(), values)
    except AttributeValueError as wrong:
        raise ValidationError({f"attr_{wrong.key}": attribute_message(wrong)}) from None
    stored = {**(customer.attributes if customer else {}), **parsed}
    return {key: value for key, value in stored.items() if value is not None}


def attribute_message(wrong: AttributeValueError) -> str:
    """Say what is wrong with an attribute's value, and how to mend it."""
    return {
        "unknown": _("There is no attribute “%(key)s”. An admin defines attributes in the settings."),
        "number": _("Write a number, such as 1234.5."),
        "date": _("Write a date, such as 2026-01-31."),
        "bool": _("Write yes or no."),
        "choice": _("Choose one of the choices of this attribute."),
        "long": _("This text is too long; at most 500 characters fit."),
    }[wrong.code] % {"key": wrong.key}


def _check_link(customer: Customer | None, field: str, other: Customer) -> None:
    if other.merged_into_id is not None:
        raise ValidationError({field: _("This customer was merged into another. Choose that one.")})
    if customer is None:
        return
    if other.pk == customer.pk:
        raise ValidationError({field: _("A customer cannot be this to itself. Choose another one.")})
    if field == "parent" and customer.pk in ancestors(other):
        raise ValidationError(
            {
                "parent": _("%(other)s belongs to %(name)s already, so it cannot be its parent.")
                % {"other": other.name, "name": customer.name}
            }
        )


def ancestors(customer: Customer) -> set[int]:
    """Return the keys of a customer's parents, up to the top; a walk of at most 50 steps."""
    seen: set[int] = set()
    key = customer.parent_id
    while key is not None and key not in seen and len(seen) < LONGEST_CHAIN:
        seen.add(key)
        key = Customer.objects.filter(pk=key).values_list("parent_id", flat=True).first()
    return seen
