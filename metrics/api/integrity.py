"""What the nightly checks found, over HTTP."""

from typing import Any, ClassVar

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from accounts.permissions import Perm
from metrics.models import IntegrityResult


class IntegritySerializer(serializers.ModelSerializer[IntegrityResult]):
    """What one check found of one day; `rows` holds some of what does not hold, `failed_at` since when."""

    check = serializers.CharField(source="check_name")
    ok = serializers.SerializerMethodField()

    class Meta:
        model = IntegrityResult
        fields = ("id", "check", "day", "ok", "failures", "rows", "checked_at", "failed_at")

    def get_ok(self, result: IntegrityResult) -> bool:
        """Whether the check holds."""
        return not result.failures


class IntegrityFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of results."""

    check = django_filters.ChoiceFilter(field_name="check_name", choices=IntegrityResult.Check.choices)
    ok = django_filters.BooleanFilter(method="filter_ok")
    day_from = django_filters.DateFilter(field_name="day", lookup_expr="gte")
    day_to = django_filters.DateFilter(field_name="day", lookup_expr="lte")

    def filter_ok(self, rows: Any, name: str, ok: bool) -> Any:
        """Keep what holds, or what does not."""
        return rows.filter(failures=0) if ok else rows.filter(failures__gt=0)


@extend_schema_view(
    list=extend_schema(summary="List results of checks"),
    retrieve=extend_schema(summary="Read a result of a check"),
)
class IntegrityViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[IntegrityResult]
):
    """What the nightly checks of the figures found, per check and day."""

    permission = Perm.AUDIT_VIEW
    queryset = IntegrityResult.objects.all()
    serializer_class = IntegritySerializer
    filterset_class = IntegrityFilter
    ordering: ClassVar = ["-pk"]
