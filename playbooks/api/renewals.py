"""Renewals over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from customers.api.base import FactFilter, FactViewSet
from customers.api.fields import MoneyField
from playbooks.models import Call, Renewal
from playbooks.renewals.calls import CERTAIN
from playbooks.services.renewals import renewal_update


class RenewalSerializer(serializers.ModelSerializer[Renewal]):
    """The contracts of a customer that end on a day. `value` is that of the ending term, `amount` what is expected of
    the next, `expansion` a month; `forecast` how likely it is renewed, 0 to 1."""

    customer = serializers.PrimaryKeyRelatedField[Any](read_only=True)
    value = MoneyField(source="value_cents", read_only=True, allow_null=True)
    monthly = MoneyField(source="monthly_cents", read_only=True)
    amount = MoneyField(source="amount_cents", required=False, allow_null=True)
    expansion = MoneyField(source="expansion_cents", required=False)
    forecast = serializers.SerializerMethodField()

    class Meta:
        model = Renewal
        fields = (
            "id",
            "customer",
            "due_on",
            "state",
            "value",
            "monthly",
            "auto_renews",
            "cancelled",
            "forecast",
            "decided_on",
            "stage",
            "call",
            "amount",
            "expansion",
            "note",
            "recorded_at",
        )
        read_only_fields = (
            "id",
            "due_on",
            "state",
            "auto_renews",
            "cancelled",
            "decided_on",
            "recorded_at",
        )

    def get_forecast(self, renewal: Renewal) -> float | None:
        """Return how likely it is renewed."""
        return None if renewal.likelihood is None else renewal.likelihood / CERTAIN


class RenewalFilter(FactFilter):
    """The filters of renewals; both ends of a span are included."""

    state = django_filters.ChoiceFilter(choices=Renewal.State.choices)
    call = django_filters.ChoiceFilter(choices=Call.choices)
    stage = django_filters.ChoiceFilter(choices=Renewal.Stage.choices)
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")


@extend_schema_view(
    list=extend_schema(summary="List renewals"),
    retrieve=extend_schema(summary="Read a renewal"),
    partial_update=extend_schema(summary="Say how a renewal stands"),
)
class RenewalViewSet(FactViewSet):
    """Renewals ahead, won and lost. They come from the contracts; what is expected of them is said here."""

    http_method_names = ["get", "head", "options", "patch"]
    queryset: QuerySet[Renewal] = Renewal.objects.select_related("customer")
    serializer_class = RenewalSerializer
    filterset_class = RenewalFilter
    ordering_fields: ClassVar = ["id", "due_on", "recorded_at"]
    noun = "renewal"
    writers = (renewal_update, renewal_update)
