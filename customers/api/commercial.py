"""Subscriptions, contracts and payments over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from customers.api.base import OWN_ID, FactFilter, FactViewSet
from customers.api.fields import CustomerField, MoneyField
from customers.models import Contract, Payment, Subscription
from customers.services.commercial import (
    contract_create,
    contract_update,
    payment_create,
    payment_update,
    subscription_create,
    subscription_update,
)


class SubscriptionSerializer(serializers.ModelSerializer[Subscription]):
    """A recurring amount over a span, `ends_on` exclusive; without `external_id` one is made."""

    customer = CustomerField()
    mrr = MoneyField(source="mrr_cents", min_value=0, help_text="Per month.")

    class Meta:
        model = Subscription
        fields = (
            "id",
            "customer",
            "external_id",
            "starts_on",
            "ends_on",
            "product",
            "plan",
            "mrr",
            "seats",
            "cancelled_on",
            "cancel_reason",
            "recorded_at",
        )
        read_only_fields = ("id", "recorded_at")
        extra_kwargs: ClassVar = OWN_ID
        validators: ClassVar[list[object]] = []


class SubscriptionFilter(FactFilter):
    """The filters of subscriptions; `on` keeps those in force on a day."""

    external_id = django_filters.CharFilter()
    product = django_filters.CharFilter()
    on = django_filters.DateFilter(method="in_force")

    def in_force(self, rows: QuerySet[Any], name: str, day: Any) -> QuerySet[Any]:
        """Keep the rows in force at the end of a day."""
        return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


@extend_schema_view(
    list=extend_schema(summary="List subscriptions"),
    retrieve=extend_schema(summary="Read a subscription"),
    create=extend_schema(summary="Add a subscription"),
    partial_update=extend_schema(summary="Correct a subscription"),
)
class SubscriptionViewSet(FactViewSet):
    """Recurring amounts, a row for each span in which the amount did not change."""

    queryset = Subscription.objects.select_related("customer")
    serializer_class = SubscriptionSerializer
    filterset_class = SubscriptionFilter
    ordering_fields: ClassVar = ["id", "starts_on", "recorded_at"]
    noun = "subscription"
    writers = (subscription_create, subscription_update)


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """A term; `ends_on` is exclusive and the day it is due for renewal. `value` is of the whole term."""

    customer = CustomerField()
    value = MoneyField(source="value_cents", required=False, allow_null=True)

    class Meta:
        model = Contract
        fields = (
            "id",
            "customer",
            "external_id",
            "starts_on",
            "ends_on",
            "value",
            "auto_renews",
            "signed_on",
            "renews_external_id",
            "cancelled_on",
            "recorded_at",
        )
        read_only_fields = ("id", "recorded_at")
        extra_kwargs: ClassVar = OWN_ID


class ContractFilter(FactFilter):
    """The filters of contracts; `due_from` and `due_to` bound the day of renewal, both included."""

    external_id = django_filters.CharFilter()
    due_from = django_filters.DateFilter(field_name="ends_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="ends_on", lookup_expr="lte")


@extend_schema_view(
    list=extend_schema(summary="List contracts"),
    retrieve=extend_schema(summary="Read a contract"),
    create=extend_schema(summary="Add a contract"),
    partial_update=extend_schema(summary="Correct a contract"),
)
class ContractViewSet(FactViewSet):
    """Terms that end and are renewed or not."""

    queryset = Contract.objects.select_related("customer")
    serializer_class = ContractSerializer
    filterset_class = ContractFilter
    ordering_fields: ClassVar = ["id", "starts_on", "ends_on", "recorded_at"]
    noun = "contract"
    writers = (contract_create, contract_update)


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """Money received; a negative amount is a refund."""

    customer = CustomerField()
    amount = MoneyField(source="amount_cents")

    class Meta:
        model = Payment
        fields = ("id", "customer", "external_id", "paid_on", "due_on", "amount", "recorded_at")
        read_only_fields = ("id", "recorded_at")
        extra_kwargs: ClassVar = OWN_ID


class PaymentFilter(FactFilter):
    """The filters of payments; `paid_from` and `paid_to` are both included."""

    external_id = django_filters.CharFilter()
    paid_from = django_filters.DateFilter(field_name="paid_on", lookup_expr="gte")
    paid_to = django_filters.DateFilter(field_name="paid_on", lookup_expr="lte")


@extend_schema_view(
    list=extend_schema(summary="List payments"),
    retrieve=extend_schema(summary="Read a payment"),
    create=extend_schema(summary="Add a payment"),
    partial_update=extend_schema(summary="Correct a payment"),
)
class PaymentViewSet(FactViewSet):
    """Payments received and refunds."""

    queryset = Payment.objects.select_related("customer")
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter
    ordering_fields: ClassVar = ["id", "recorded_at"]
    noun = "payment"
    writers = (payment_create, payment_update)
