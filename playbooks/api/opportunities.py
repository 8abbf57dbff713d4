"""Opportunities of expansion over HTTP."""

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
from customers.api.fields import CustomerField, MoneyField, PersonField
from playbooks.models import Opportunity
from playbooks.services.opportunities import (
    opportunity_create,
    opportunity_hand_over,
    opportunity_lost,
    opportunity_reopen,
    opportunity_update,
    opportunity_won,
)


class OpportunitySerializer(serializers.ModelSerializer[Opportunity]):
    """What a customer could buy more of. `mrr` a month is what it would bring, `movement` what the MRR grew by on
    `movement_on`, the first expansion after a win."""

    customer = CustomerField()
    mrr = MoneyField(source="mrr_cents")
    movement = MoneyField(source="movement_cents", read_only=True, allow_null=True)
    owner = PersonField(required=False, allow_null=True)

    class Meta:
        model = Opportunity
        fields = (
            "id",
            "customer",
            "kind",
            "title",
            "mrr",
            "stage",
            "expected_on",
            "owner",
            "note",
            "sales_email",
            "handed_over_at",
            "decided_on",
            "lost_why",
            "movement_on",
            "movement",
            "recorded_at",
        )
        read_only_fields = (
            "id",
            "sales_email",
            "handed_over_at",
            "decided_on",
            "lost_why",
            "movement_on",
            "recorded_at",
        )


class HandOverSerializer(serializers.Serializer[Any]):
    """Who of sales gets it."""

    to = serializers.EmailField()


class WonSerializer(serializers.Serializer[Any]):
    """When it was won (today unless said), and for how much a month where that changed."""

    on = serializers.DateField(required=False, allow_null=True)
    mrr = MoneyField(required=False)


class LostSerializer(serializers.Serializer[Any]):
    """Why nothing came of it."""

    why = serializers.CharField(max_length=300)


class OpportunityFilter(FactFilter):
    """The filters of opportunities; both ends of a span are included."""

    stage = django_filters.ChoiceFilter(choices=Opportunity.Stage.choices)
    kind = django_filters.ChoiceFilter(choices=Opportunity.Kind.choices)
    owner = django_filters.NumberFilter(field_name="owner_id")
    open = django_filters.BooleanFilter(field_name="decided_on", lookup_expr="isnull")
    decided_from = django_filters.DateFilter(field_name="decided_on", lookup_expr="gte")
    decided_to = django_filters.DateFilter(field_name="decided_on", lookup_expr="lte")


@extend_schema_view(
    list=extend_schema(summary="List opportunities"),
    retrieve=extend_schema(summary="Read an opportunity"),
    create=extend_schema(summary="Record an opportunity"),
    partial_update=extend_schema(summary="Change an opportunity"),
)
class OpportunityViewSet(FactViewSet):
    """The expansion pipeline."""

    queryset: QuerySet[Opportunity] = Opportunity.objects.select_related("customer")
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilter
    ordering_fields: ClassVar = ["id", "decided_on", "expected_on", "recorded_at"]
    noun = "opportunity"
    writers = (opportunity_create, opportunity_update)

    @extend_schema(
        summary="Hand an opportunity over to sales",
        request=HandOverSerializer,
        responses=OpportunitySerializer,
    )
    @action(detail=True, methods=["post"])
    def hand_over(self, request: Request, pk: str) -> Response:
        """Hand it over; sales get a mail."""
        row, data = self._asked(HandOverSerializer)
        return self._answer(opportunity_hand_over(actor=caller(request), opportunity=row, to=data["to"]))

    @extend_schema(
        summary="Say that an opportunity is won", request=WonSerializer, responses=OpportunitySerializer
    )
    @action(detail=True, methods=["post"])
    def won(self, request: Request, pk: str) -> Response:
        """Record the win."""
        row, data = self._asked(WonSerializer)
        return self._answer(
            opportunity_won(
                actor=caller(request), opportunity=row, on=data.get("on"), mrr_cents=data.get("mrr")
            )
        )

    @extend_schema(
        summary="Say that an opportunity is lost", request=LostSerializer, responses=OpportunitySerializer
    )
    @action(detail=True, methods=["post"])
    def lost(self, request: Request, pk: str) -> Response:
        """Record that nothing came of it."""
        row, data = self._asked(LostSerializer)
        return self._answer(opportunity_lost(actor=caller(request), opportunity=row, why=data["why"]))

    @extend_schema(summary="Open an opportunity again", request=None, responses=OpportunitySerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Take the decision back."""
        return self._answer(opportunity_reopen(actor=caller(request), opportunity=self._to_edit()))

    def _to_edit(self) -> Any:
        row: Opportunity = self.get_object()
        check_editable(self.request.user, row.customer)
        return row

    def _asked(self, serializer: type[serializers.Serializer[Any]]) -> tuple[Any, dict[str, Any]]:
        row = self._to_edit()
        asked = serializer(data=self.request.data)
        asked.is_valid(raise_exception=True)
        return row, asked.validated_data

    def _answer(self, row: Opportunity) -> Response:
        return Response(self.get_serializer(row).data)
