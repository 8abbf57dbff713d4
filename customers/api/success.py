"""Objectives of customers over HTTP, and what each side says was reached of them."""

from typing import Any, ClassVar

import django_filters
from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import caller
from customers.api.base import FactFilter, FactViewSet, check_editable
from customers.api.fields import ContactField, CustomerField
from customers.models import Attained, Objective
from customers.services.success import attained_record, objective_create, objective_update


class ObjectiveSerializer(serializers.ModelSerializer[Objective]):
    """What is to be reached. At most one of `event`, `figure` and `milestone` measures it every night."""

    customer = CustomerField()

    class Meta:
        model = Objective
        fields = (
            "id",
            "customer",
            "name",
            "promise",
            "unit",
            "baseline",
            "target",
            "starts_on",
            "due_on",
            "weight",
            "event",
            "figure",
            "milestone",
            "archived_at",
            "recorded_at",
        )
        read_only_fields = ("id", "recorded_at")
        validators: ClassVar[list[Any]] = []  # the service says it, once it is known whose customer it is


class AttainedSerializer(serializers.ModelSerializer[Attained]):
    """What a side says was reached, in the objective's unit. The customer's view names its evidence."""

    contact = ContactField(required=False, allow_null=True)

    class Meta:
        model = Attained
        fields = (
            "id",
            "side",
            "value",
            "stated_on",
            "source",
            "evidence",
            "contact",
            "role",
            "author",
            "recorded_at",
        )
        read_only_fields = ("id", "role", "author", "recorded_at")
        extra_kwargs: ClassVar = {"stated_on": {"required": False}}

    def validate_source(self, source: str) -> str:
        """Refuse what only the customer's own link may say."""
        if source == Attained.Source.LINK:
            raise serializers.ValidationError("Only the customer's own link says that.")
        return source


class ObjectiveFilter(FactFilter):
    """The filters of objectives."""

    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")
    archived = django_filters.BooleanFilter(field_name="archived_at", lookup_expr="isnull", exclude=True)


@extend_schema_view(
    list=extend_schema(summary="List objectives"),
    retrieve=extend_schema(summary="Read an objective"),
    create=extend_schema(summary="Add an objective"),
    partial_update=extend_schema(summary="Change an objective"),
)
class ObjectiveViewSet(FactViewSet):
    """What customers were promised, measurable."""

    queryset = Objective.objects.select_related("customer")
    serializer_class = ObjectiveSerializer
    filterset_class = ObjectiveFilter
    ordering_fields: ClassVar = ["id", "due_on", "recorded_at"]
    noun = "objective"
    writers = (objective_create, objective_update)

    @extend_schema(
        summary="Read or record what was reached",
        request=AttainedSerializer,
        responses={200: AttainedSerializer(many=True), 201: AttainedSerializer},
        filters=False,
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def attained(self, request: Request, pk: str) -> Response:
        """Return all that was said of an objective, the newest first; a POST adds to it."""
        objective: Objective = self.get_object()
        if request.method == "GET":
            return Response(AttainedSerializer(objective.attained.all(), many=True).data)
        check_editable(request.user, objective.customer)
        asked = AttainedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        fields: dict[str, Any] = dict(asked.validated_data)
        try:
            row = attained_record(actor=caller(request), objective=objective, **fields)
        except DjangoValidationError as wrong:
            raise serializers.ValidationError(wrong.message_dict) from wrong
        return Response(AttainedSerializer(row).data, status=status.HTTP_201_CREATED)
