"""Acquisition costs over HTTP."""

from typing import Any, ClassVar

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from accounts.permissions import Perm
from accounts.requests import caller
from customers.api.base import METHODS
from customers.api.fields import MoneyField
from customers.models import AcquisitionCost
from customers.services.costs import cost_create, cost_update


class CostSerializer(serializers.ModelSerializer[AcquisitionCost]):
    """What sales or marketing cost in a month; `month` is its first day."""

    amount = MoneyField(source="amount_cents")

    class Meta:
        model = AcquisitionCost
        fields = ("id", "month", "category", "amount", "recorded_at")
        read_only_fields = ("id", "recorded_at")
        validators: ClassVar[list[object]] = []


class CostFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of costs; both ends are included."""

    category = django_filters.ChoiceFilter(choices=AcquisitionCost.Category.choices)
    month_from = django_filters.DateFilter(field_name="month", lookup_expr="gte")
    month_to = django_filters.DateFilter(field_name="month", lookup_expr="lte")


@extend_schema_view(
    list=extend_schema(summary="List acquisition costs"),
    retrieve=extend_schema(summary="Read an acquisition cost"),
    create=extend_schema(summary="Add an acquisition cost"),
    partial_update=extend_schema(summary="Correct an acquisition cost"),
)
class CostViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[AcquisitionCost],
):
    """What winning customers cost, a row for each month and category."""

    permission = Perm.METRICS_VIEW
    write_permission = Perm.IMPORT_RUN
    http_method_names = METHODS
    queryset = AcquisitionCost.objects.all()
    serializer_class = CostSerializer
    filterset_class = CostFilter
    ordering_fields: ClassVar = ["id", "month"]
    ordering: ClassVar = ["-pk"]

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        """Write a new cost by its service."""
        serializer.instance = cost_create(actor=caller(self.request), **serializer.validated_data)

    def perform_update(self, serializer: serializers.BaseSerializer[Any]) -> None:
        """Correct a cost by its service."""
        cost: Any = serializer.instance
        serializer.instance = cost_update(
            actor=caller(self.request), cost=cost, changes=serializer.validated_data
        )
