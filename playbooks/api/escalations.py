"""Escalations over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import caller
from customers.api.base import FactFilter, FactViewSet, check_editable
from customers.api.fields import CustomerField, PersonField
from playbooks.models import Escalation
from playbooks.services.escalations import (
    escalation_close,
    escalation_create,
    escalation_reopen,
    escalation_update,
)


class EscalationSerializer(serializers.ModelSerializer[Escalation]):
    """A problem that went up; `severity` from 1 (low) to 4 (critical)."""

    customer = CustomerField()
    owner = PersonField()

    class Meta:
        model = Escalation
        fields = (
            "id",
            "customer",
            "title",
            "severity",
            "cause",
            "body",
            "owner",
            "opened_on",
            "due_on",
            "closed_on",
            "learned",
            "recorded_at",
        )
        read_only_fields = ("id", "opened_on", "closed_on", "learned", "recorded_at")


class CloseSerializer(serializers.Serializer[Any]):
    """What was learned."""

    learned = serializers.CharField(max_length=5000)


class EscalationFilter(FactFilter):
    """The filters of escalations."""

    severity = django_filters.NumberFilter()
    cause = django_filters.ChoiceFilter(choices=Escalation.Cause.choices)
    open = django_filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull")


@extend_schema_view(
    list=extend_schema(summary="List escalations"),
    retrieve=extend_schema(summary="Read an escalation"),
    create=extend_schema(summary="Open an escalation"),
    partial_update=extend_schema(summary="Change an escalation"),
)
class EscalationViewSet(FactViewSet):
    """Problems that went up."""

    queryset: QuerySet[Escalation] = Escalation.objects.select_related("customer")
    serializer_class = EscalationSerializer
    filterset_class = EscalationFilter
    ordering_fields: ClassVar = ["id", "opened_on", "recorded_at"]
    noun = "escalation"
    writers = (escalation_create, escalation_update)

    @extend_schema(summary="Close an escalation", request=CloseSerializer, responses=EscalationSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close it with what was learned."""
        row = self._to_edit()
        asked = CloseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data["learned"]
        return Response(
            self.get_serializer(escalation_close(actor=caller(request), escalation=row, learned=said)).data
        )

    @extend_schema(summary="Open an escalation again", request=None, responses=EscalationSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Open it again."""
        row = escalation_reopen(actor=caller(request), escalation=self._to_edit())
        return Response(self.get_serializer(row).data)

    def _to_edit(self) -> Any:
        row: Escalation = self.get_object()
        check_editable(self.request.user, row.customer)
        return row
