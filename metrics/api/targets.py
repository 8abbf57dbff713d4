"""Targets over HTTP."""

from typing import Any, ClassVar

import django_filters
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import filters, serializers, viewsets

from accounts.permissions import Perm
from accounts.requests import caller
from metrics.models import Target
from metrics.services.targets import target_create, target_delete, target_update


class TargetSerializer(serializers.ModelSerializer[Target]):
    """What a figure should be by a day: `value` as `kpis` tells it, so 1.05 for 105 %.

    `slice` is empty for all customers, else like `segment=mid`.
    """

    class Meta:
        model = Target
        fields = ("id", "key", "slice", "due_on", "value", "recorded_at")
        read_only_fields = ("id", "recorded_at")
        validators: ClassVar[list[object]] = []  # the service's, which say what to do


class TargetFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of targets; both ends are included."""

    key = django_filters.CharFilter()
    slice = django_filters.CharFilter()
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")


@extend_schema_view(
    list=extend_schema(summary="List targets"),
    retrieve=extend_schema(summary="Read a target"),
    create=extend_schema(summary="Set a target"),
    partial_update=extend_schema(summary="Change a target"),
    destroy=extend_schema(summary="Take a target away"),
)
class TargetViewSet(viewsets.ModelViewSet[Target]):
    """What figures should be, each by a day, for all customers or for one slice."""

    permission = Perm.METRICS_VIEW
    write_permission = Perm.TARGETS_EDIT
    http_method_names = ["get", "head", "options", "post", "patch", "delete"]
    queryset = Target.objects.all()
    serializer_class = TargetSerializer
    filter_backends = (DjangoFilterBackend, filters.OrderingFilter)
    filterset_class = TargetFilter
    ordering_fields: ClassVar = ["id", "key", "due_on"]
    ordering: ClassVar = ["-pk"]

    def perform_create(self, serializer: serializers.BaseSerializer[Target]) -> None:
        """Set a target by its service."""
        serializer.instance = target_create(actor=caller(self.request), **serializer.validated_data)

    def perform_update(self, serializer: serializers.BaseSerializer[Target]) -> None:
        """Change a target by its service."""
        target: Any = serializer.instance
        serializer.instance = target_update(
            actor=caller(self.request), target=target, changes=serializer.validated_data
        )

    def perform_destroy(self, instance: Target) -> None:
        """Take a target away by its service."""
        target_delete(actor=caller(self.request), target=instance)
