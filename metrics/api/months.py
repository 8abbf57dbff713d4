"""Recorded months over HTTP: as first published, and as frozen."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from accounts.permissions import Perm
from accounts.requests import caller
from metrics import months
from metrics.models import MonthRecord
from metrics.registry import FIGURES
from metrics.services.months import month_freeze


class MonthSerializer(serializers.ModelSerializer[MonthRecord]):
    """A month of which all figures are on record; they never change."""

    class Meta:
        model = MonthRecord
        fields = ("id", "month", "kind", "edition", "recorded_at", "recorded_by", "note")
        read_only_fields = ("id", "kind", "edition", "recorded_at", "recorded_by")
        validators: ClassVar[list[object]] = []  # the service's, which say what to do


class MonthWithValuesSerializer(MonthSerializer):
    """The same with its figures: like those of `kpis`, of the whole and of every segment, stage and owner."""

    values = serializers.SerializerMethodField()

    class Meta(MonthSerializer.Meta):
        fields = (*MonthSerializer.Meta.fields, "values")  # type: ignore[assignment]

    def get_values(self, record: MonthRecord) -> list[dict[str, Any]]:
        """Return a row per figure and slice."""
        return [
            {"key": key, "slice": {cut: part} if cut else None, **months.plain_result(FIGURES[key], result)}
            for (key, cut, part), result in months.results(record).items()
            if key in FIGURES
        ]


class MonthFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of recorded months."""

    month = django_filters.DateFilter()
    kind = django_filters.ChoiceFilter(choices=MonthRecord.Kind.choices)


@extend_schema_view(
    list=extend_schema(summary="List recorded months"),
    retrieve=extend_schema(summary="Read a recorded month"),
    create=extend_schema(summary="Freeze a month"),
)
class MonthViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet[MonthRecord],
):
    """Months on record: as first published, and as frozen by a person. Who sees some customers only sees none."""

    permission = Perm.METRICS_VIEW
    write_permission = Perm.MONTHS_FREEZE
    http_method_names = ["get", "head", "options", "post"]
    queryset = MonthRecord.objects.all()
    filterset_class = MonthFilter

    def get_queryset(self) -> QuerySet[MonthRecord]:
        """Return what the caller may see."""
        if getattr(self, "swagger_fake_view", False) or months.may_see(self.request.user):
            return MonthRecord.objects.all()
        return MonthRecord.objects.none()

    def get_serializer_class(self) -> type[MonthSerializer]:
        """Give the values with a single month only."""
        return MonthWithValuesSerializer if self.action == "retrieve" else MonthSerializer

    def perform_create(self, serializer: serializers.BaseSerializer[MonthRecord]) -> None:
        """Freeze a month by its service."""
        serializer.instance = month_freeze(actor=caller(self.request), **serializer.validated_data)
