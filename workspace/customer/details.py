"""The facts about the customer: plan, modules bought and not, what the admin's own fields say."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from customers.models import AttributeDefinition, Product, Subscription


@dataclass(frozen=True)
class Modules:
    """Features of what is sold: those this customer bought, and those it did not."""

    bought: list[Product]
    missing: list[Product]

    @property
    def event_names(self) -> dict[str, str]:
        """The usage events with the features' names; where several features share one, what was bought names it."""
        return {one.event: one.feature for one in (*self.missing, *self.bought) if one.event}

    @property
    def bought_events(self) -> set[str]:
        """The usage events of what was bought."""
        return {one.event for one in self.bought if one.event}


@dataclass(frozen=True)
class Attribute:
    """One of the admin's fields and its value, as people read it."""

    label: str
    text: str


def in_force(rows: Iterable[Subscription], day: dt.date) -> list[Subscription]:
    """Return the subscriptions in force on a day."""
    return [s for s in rows if s.starts_on <= day and (s.ends_on is None or s.ends_on > day)]


def modules(running: Sequence[Subscription]) -> Modules:
    """Sort every feature that is sold into bought and not; one query.

    A feature is bought with a subscription to its product and, where the feature names a plan, to that plan.
    """
    plans = {(s.product, s.plan) for s in running}
    products = {s.product for s in running}
    bought: list[Product] = []
    missing: list[Product] = []
    for product in Product.objects.order_by("product", "feature"):
        has = (product.product, product.plan) in plans if product.plan else product.product in products
        (bought if has else missing).append(product)
    return Modules(bought, missing)


def attributes(values: Mapping[str, Any]) -> list[Attribute]:
    """Return the admin's fields that have a value, in their order; one query."""
    found = AttributeDefinition.objects.filter(archived_at__isnull=True)
    return [
        Attribute(definition.label, attribute_text(definition.kind, values[definition.key]))
        for definition in found
        if values.get(definition.key) not in (None, "")
    ]


def attribute_text(kind: str, value: Any) -> str:
    """Write a stored value as its kind is read; what does not fit its kind is shown as it is."""
    kinds = AttributeDefinition.Kind
    try:
        if kind == kinds.BOOL:
            return _("Yes") if value else _("No")
        if kind == kinds.NUMBER:
            exact = Decimal(str(value))
            exponent = exact.normalize().as_tuple().exponent
            return formats.number(exact, max(-exponent, 0) if isinstance(exponent, int) else 0)
        if kind == kinds.DATE:
            return formats.day(dt.date.fromisoformat(str(value)))
    except (ValueError, InvalidOperation):
        pass
    return str(value)


def tax_id_text(tax_id: str) -> str:
    """Write a CNPJ with its points (12.345.678/0001-95); any other number as it is."""
    if len(tax_id) != 14 or not tax_id.isalnum():
        return tax_id
    return f"{tax_id[:2]}.{tax_id[2:5]}.{tax_id[5:8]}/{tax_id[8:12]}-{tax_id[12:]}"
