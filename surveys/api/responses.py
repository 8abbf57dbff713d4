"""Answers over HTTP. What is held as a machine's is not there."""

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from accounts.permissions import Perm
from customers.api.base import FactFilter
from customers.models import Customer
from surveys.models import Response, SurveyKind


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """A person's answer, as its last version that counts says it; `sentiment` −1, 0, 1 by rule or by hand."""

    class Meta:
        model = Response
        fields = (
            "id",
            "external_id",
            "survey",
            "campaign",
            "invitation",
            "customer",
            "contact",
            "score",
            "comment",
            "language",
            "may_contact",
            "sentiment",
            "answered_at",
            "recorded_at",
        )


class ResponseFilter(FactFilter):
    """The filters of answers."""

    survey = django_filters.ChoiceFilter(choices=SurveyKind.choices)
    contact = django_filters.NumberFilter(field_name="contact_id")
    external_id = django_filters.CharFilter()
    score_min = django_filters.NumberFilter(field_name="score", lookup_expr="gte")
    score_max = django_filters.NumberFilter(field_name="score", lookup_expr="lte")
    answered_from = django_filters.IsoDateTimeFilter(field_name="answered_at", lookup_expr="gte")
    answered_to = django_filters.IsoDateTimeFilter(field_name="answered_at", lookup_expr="lt")
    theme = django_filters.NumberFilter(method="by_theme")

    def by_theme(self, rows: QuerySet[Response], name: str, value: int) -> QuerySet[Response]:
        """Keep comments about a theme."""
        return rows.filter(themes__theme=value, themes__removed=False)


@extend_schema_view(
    list=extend_schema(summary="List answers"), retrieve=extend_schema(summary="Read an answer")
)
class ResponseViewSet(viewsets.ReadOnlyModelViewSet[Response]):
    """What customers answered. Answers from elsewhere come in by an import of `responses`."""

    permission = Perm.CUSTOMERS_VIEW
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilter
    queryset = Response.objects.counted()

    def get_queryset(self) -> QuerySet[Response]:
        """Return the answers of the customers the caller may see."""
        return super().get_queryset().filter(customer__in=Customer.objects.visible_to(self.request.user))
