"""Field kinds of the API: money as a decimal string, customers and people by their number."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.money import from_cents, to_cents
from customers.models import Contact, Customer
from customers.services.owners import assignable_people


@extend_schema_field({"type": "string", "format": "decimal", "examples": ["1234.56"]})
class MoneyField(serializers.DecimalField):
    """An amount of the workspace's currency as a string with two decimals; integer cents inside."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> Any:
        """Return cents as "1234.56"."""
        return super().to_representation(from_cents(value))

    def to_internal_value(self, data: Any) -> Any:
        """Return what was sent as cents."""
        amount: Decimal = super().to_internal_value(data)
        return to_cents(amount)


class CustomerField(serializers.PrimaryKeyRelatedField[Customer]):
    """A customer the caller may see; any other is unknown to them."""

    def get_queryset(self) -> QuerySet[Customer]:
        """Return the visible customers."""
        return Customer.objects.visible_to(self.context["request"].user)


class ContactField(serializers.PrimaryKeyRelatedField[Contact]):
    """A contact of a customer the caller may see."""

    def get_queryset(self) -> QuerySet[Contact]:
        """Return the contacts of visible customers."""
        return Contact.objects.filter(customer__in=Customer.objects.visible_to(self.context["request"].user))


class PersonField(serializers.PrimaryKeyRelatedField[Any]):
    """A person of the team who may look after customers."""

    def get_queryset(self) -> QuerySet[Any]:
        """Return the people who can be owners."""
        return assignable_people()
