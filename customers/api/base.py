"""What the resources of customers' facts share."""

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import mixins, serializers, viewsets

from accounts.permissions import Perm
from accounts.requests import caller
from customers.models import Customer

# Without one an ID is made; that it is free is the service's to say, after it is known whose customer it is.
OWN_ID: dict[str, dict[str, Any]] = {"external_id": {"required": False, "validators": []}}
METHODS = ["get", "head", "options", "post", "patch"]


class FactFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters every fact has: the customer, by number or by your own ID, and the fact's own ID."""

    customer = django_filters.NumberFilter(field_name="customer_id")
    customer_external_id = django_filters.CharFilter(field_name="customer__external_id")


def check_editable(user: Any, customer: Customer) -> None:
    """Refuse who may see a customer but not change it. Raises `PermissionDenied`."""
    if not Customer.objects.editable_by(user).filter(pk=customer.pk).exists():
        raise PermissionDenied


class FactViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[Any],
):
    """Facts of customers the caller may see; written by the services the pages use, never deleted.

    `writers` are the services that create and update, `noun` what the second calls its row.
    """

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.CUSTOMERS_EDIT
    http_method_names = METHODS
    ordering: ClassVar = ["-pk"]
    noun: ClassVar[str]
    writers: ClassVar[tuple[Callable[..., Any], Callable[..., Any]]]

    def get_queryset(self) -> QuerySet[Any]:
        """Return the facts of the customers the caller may see."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.filter(customer__in=Customer.objects.visible_to(self.request.user))

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        """Write a new fact by its service."""
        fields = dict(serializer.validated_data)
        customer = fields.pop("customer")
        check_editable(self.request.user, customer)
        create = type(self).writers[0]
        serializer.instance = create(actor=caller(self.request), customer=customer, **fields)

    def perform_update(self, serializer: serializers.BaseSerializer[Any]) -> None:
        """Correct a fact by its service; a fact stays with its customer."""
        fact: Any = serializer.instance
        changes = dict(serializer.validated_data)
        customer = fact.customer
        if changes.pop("customer", customer) != customer:
            raise serializers.ValidationError({"customer": [_("This cannot be moved to another customer.")]})
        check_editable(self.request.user, customer)
        update = type(self).writers[1]
        serializer.instance = update(actor=caller(self.request), changes=changes, **{type(self).noun: fact})
