"""Losses, notices and saves over HTTP."""

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
from customers.api.fields import CustomerField, MoneyField
from playbooks.models import Loss, LossReason
from playbooks.services.losses import loss_create, loss_reopen, loss_saved, loss_update


class LossSerializer(serializers.ModelSerializer[Loss]):
    """A loss, a notice or a save. `mrr`: lost, at stake or saved a month; `reason_name`: in the caller's language."""

    customer = CustomerField()
    mrr = MoneyField(source="mrr_cents", required=False)
    reason = serializers.PrimaryKeyRelatedField(
        queryset=LossReason.objects.filter(retired_at__isnull=True), required=False, allow_null=True
    )
    reason_name = serializers.SerializerMethodField()

    class Meta:
        model = Loss
        fields = (
            "id",
            "customer",
            "whole",
            "state",
            "noticed_on",
            "lost_on",
            "saved_on",
            "returned_on",
            "mrr",
            "reason",
            "reason_name",
            "tried",
            "competitor",
            "comes_back",
            "note",
            "found",
            "recorded_at",
        )
        read_only_fields = ("id", "state", "lost_on", "saved_on", "returned_on", "found", "recorded_at")

    def get_reason_name(self, loss: Loss) -> str:
        """Return what the reason is called, empty without one."""
        return "" if loss.reason is None else str(loss.reason)


class LossFilter(FactFilter):
    """The filters of losses; both ends of a span are included."""

    state = django_filters.ChoiceFilter(choices=Loss.State.choices)
    whole = django_filters.BooleanFilter()
    reason = django_filters.NumberFilter(field_name="reason_id")
    unexplained = django_filters.BooleanFilter(field_name="reason", lookup_expr="isnull")
    lost_from = django_filters.DateFilter(field_name="lost_on", lookup_expr="gte")
    lost_to = django_filters.DateFilter(field_name="lost_on", lookup_expr="lte")


@extend_schema_view(
    list=extend_schema(summary="List losses, notices and saves"),
    retrieve=extend_schema(summary="Read a loss"),
    create=extend_schema(summary="Take notice of a customer that may leave"),
    partial_update=extend_schema(summary="Say more about a loss"),
)
class LossViewSet(FactViewSet):
    """The churn register. Losses come from the night's movements; a notice is written by hand or here."""

    queryset: QuerySet[Loss] = Loss.objects.select_related("customer", "reason")
    serializer_class = LossSerializer
    filterset_class = LossFilter
    ordering_fields: ClassVar = ["id", "lost_on", "noticed_on", "recorded_at"]
    noun = "loss"
    writers = (loss_create, loss_update)

    @extend_schema(summary="Say that the customer stays", request=None, responses=LossSerializer)
    @action(detail=True, methods=["post"])
    def saved(self, request: Request, pk: str) -> Response:
        """Record that a customer that gave notice stays."""
        return self._answer(loss_saved(actor=caller(request), loss=self._to_edit()))

    @extend_schema(summary="Take a save back", request=None, responses=LossSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Open a notice again that was said to be saved."""
        return self._answer(loss_reopen(actor=caller(request), loss=self._to_edit()))

    def _to_edit(self) -> Any:
        row: Loss = self.get_object()
        check_editable(self.request.user, row.customer)
        return row

    def _answer(self, row: Loss) -> Response:
        return Response(self.get_serializer(row).data)
