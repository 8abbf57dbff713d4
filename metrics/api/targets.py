"""Targets over HTTP."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets

from accounts.permissions import Perm
from accounts.requests import caller
from customers.models import Customer
from metrics.aim import Status
from metrics.models import Target
from metrics.nights import last_finished_day
from metrics.services.targets import target_create, target_delete, target_update
from metrics.slices import Only
from metrics.standings import Standing, standings
from metrics.targets import outside


class TargetSerializer(serializers.ModelSerializer[Target]):
    """What a figure should be by a day: `value` as `kpis` tells it, so 1.05 for 105 %.

    `slice` is empty for all customers, else like `segment=mid`. The line runs from `baseline` on `starts_on` (without
    them: the figure as of the last finished night) to `value` on `due_on`. `status`, `current` and `expected` say how
    the figure stands to it; null for who sees some customers only. `ended_on`: given up on that day.
    """

    status = serializers.SerializerMethodField()
    current = serializers.SerializerMethodField()
    expected = serializers.SerializerMethodField()

    class Meta:
        model = Target
        fields = (
            "id",
            "key",
            "slice",
            "due_on",
            "value",
            "baseline",
            "starts_on",
            "ended_on",
            "status",
            "current",
            "expected",
            "recorded_at",
        )
        read_only_fields = ("id", "recorded_at")
        validators: ClassVar[list[object]] = []  # the service's, which say what to do

    @extend_schema_field({"type": ["string", "null"], "enum": [*Status, None]})
    def get_status(self, target: Target) -> str | None:
        """How the figure stands to the line."""
        standing = self._standing(target)
        return standing.status if standing else None

    @extend_schema_field({"type": ["string", "null"], "format": "decimal"})
    def get_current(self, target: Target) -> str | None:
        """What the figure is by the last finished night, once the target is due by its due day."""
        standing = self._standing(target)
        return (
            None if standing is None or standing.value is None else str(outside(target.key, standing.value))
        )

    @extend_schema_field({"type": ["string", "null"], "format": "decimal"})
    def get_expected(self, target: Target) -> str | None:
        """Where the line stands there."""
        standing = self._standing(target)
        return (
            None
            if standing is None or standing.expected is None
            else str(outside(target.key, standing.expected))
        )

    def _standing(self, target: Target) -> Standing | None:
        """Return how a target stands; all targets of an answer are read at once."""
        known: dict[int, Standing] = cast(dict[str, Any], self.context).setdefault("standings", {})
        if target.pk not in known:
            night = last_finished_day()
            visible = Customer.objects.visible_to(self.context["request"].user)
            if night is None or not Only.of(None, visible).is_everybody:
                return None
            listed = self.parent.instance if isinstance(self.parent, serializers.ListSerializer) else None
            known |= standings(cast(Iterable[Target], listed or [target]), night)
        return known.get(target.pk)


class TargetFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of targets; both ends are included."""

    key = django_filters.CharFilter()
    slice = django_filters.CharFilter()
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")
    ended = django_filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull", exclude=True)


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
