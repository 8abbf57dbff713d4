"""Customers over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Perm
from accounts.requests import caller
from core import time
from customers.api.base import METHODS, check_editable
from customers.api.customer_serializers import (
    CustomerChangeSerializer,
    CustomerCreateSerializer,
    CustomerSerializer,
    SegmentChangeSerializer,
    StageChangeSerializer,
)
from customers.models import Customer, Segment, Stage
from customers.services.customer import (
    StaleCustomerError,
    customer_archive,
    customer_create,
    customer_restore,
    customer_update,
)
from customers.services.segments import segment_override, segment_to_rule
from customers.services.stages import stage_change

IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag as it was read: the change is made only if nobody changed the customer since.",
)
STALE = OpenApiResponse(description="Somebody changed the customer since it was read (If-Match).")


class ChangedMeanwhile(APIException):
    """`If-Match` names another version than the customer has now."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"
    default_detail = "Somebody changed this customer since you read it. Read it again and repeat the change."


class CustomerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of customers; archived ones only with `archived=true`."""

    external_id = django_filters.CharFilter()
    q = django_filters.CharFilter(method="search", label="Part of the name, ID or domain")
    segment = django_filters.MultipleChoiceFilter(choices=Segment.choices)
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices)
    owner = django_filters.NumberFilter(field_name="owner_id")
    tag = django_filters.CharFilter(field_name="tags__name")
    industry = django_filters.CharFilter(lookup_expr="iexact")
    tax_id = django_filters.CharFilter()
    parent = django_filters.NumberFilter(field_name="parent_id")
    updated_from = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    def search(self, rows: QuerySet[Customer], name: str, text: str) -> QuerySet[Customer]:
        """Keep customers whose name, ID or domain has the text in it."""
        return rows.filter(
            Q(name__icontains=text) | Q(external_id__icontains=text) | Q(domain__icontains=text)
        )


@extend_schema_view(
    list=extend_schema(
        summary="List customers",
        parameters=[
            OpenApiParameter(
                "archived", OpenApiTypes.BOOL, description="The archived ones instead of the others."
            )
        ],
    ),
    retrieve=extend_schema(summary="Read a customer"),
)
class CustomerViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Customer]):
    """Companies we look after. Never deleted: archived and restored."""

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.CUSTOMERS_EDIT
    http_method_names = METHODS
    queryset = Customer.objects.all()
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilter
    ordering_fields: ClassVar = ["id", "name", "external_id", "created_at", "updated_at"]
    ordering: ClassVar = ["-pk"]

    def get_queryset(self) -> QuerySet[Customer]:
        """Return the customers the caller may see; lists leave archived ones out unless asked for them."""
        rows = Customer.objects.visible_to(self.request.user).prefetch_related("tags")
        if self.action != "list":
            return rows
        wanted = self.request.query_params.get("archived", "").lower() in {"true", "1"}
        return rows.filter(archived_at__isnull=not wanted)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one customer with its ETag."""
        return self._answer(self.get_object())

    @extend_schema(
        summary="Add a customer", request=CustomerCreateSerializer, responses={201: CustomerSerializer}
    )
    def create(self, request: Request) -> Response:
        """Make a customer."""
        fields = self._valid(CustomerCreateSerializer)
        made = customer_create(actor=caller(request), **fields)
        return self._answer(made, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Change a customer",
        request=CustomerChangeSerializer,
        responses={200: CustomerSerializer, 412: STALE},
        parameters=[IF_MATCH],
    )
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change some fields; with `If-Match` only of the version that was read."""
        found = self._to_edit()
        changes = self._valid(CustomerChangeSerializer, found)
        try:
            changed = customer_update(
                actor=caller(request),
                customer=found,
                changes=changes,
                version=self._wanted_version(found),
            )
        except StaleCustomerError as stale:
            raise ChangedMeanwhile from stale
        return self._answer(changed)

    @extend_schema(
        summary="Decide the segment by hand, or give it back to the rules",
        request=SegmentChangeSerializer,
        responses=CustomerSerializer,
    )
    @action(detail=True, methods=["post"])
    def segment(self, request: Request, pk: str | None = None) -> Response:
        """Put the customer into a segment with a reason; without a segment the rules decide again."""
        found, fields = self._to_edit(), self._valid(SegmentChangeSerializer)
        actor = caller(request)
        if fields.get("segment"):
            return self._answer(segment_override(actor=actor, customer=found, **fields))
        return self._answer(segment_to_rule(actor=actor, customer=found))

    @extend_schema(
        summary="Move to another stage", request=StageChangeSerializer, responses=CustomerSerializer
    )
    @action(detail=True, methods=["post"])
    def stage(self, request: Request, pk: str | None = None) -> Response:
        """Move the customer to a stage by hand."""
        found, fields = self._to_edit(), self._valid(StageChangeSerializer)
        fields.setdefault("on", time.today())
        actor = caller(request)
        return self._answer(stage_change(actor=actor, customer=found, **fields))

    @extend_schema(summary="Archive a customer", request=None, responses=CustomerSerializer)
    @action(detail=True, methods=["post"], write_permission=Perm.CUSTOMERS_MANAGE)
    def archive(self, request: Request, pk: str | None = None) -> Response:
        """Put the customer aside; nothing of it is deleted."""
        actor = caller(request)
        return self._answer(customer_archive(actor=actor, customer=self._to_edit()))

    @extend_schema(summary="Restore a customer", request=None, responses=CustomerSerializer)
    @action(detail=True, methods=["post"], write_permission=Perm.CUSTOMERS_MANAGE)
    def restore(self, request: Request, pk: str | None = None) -> Response:
        """Bring an archived customer back."""
        actor = caller(request)
        return self._answer(customer_restore(actor=actor, customer=self._to_edit()))

    def _to_edit(self) -> Customer:
        found = self.get_object()
        check_editable(self.request.user, found)
        return found

    def _valid(self, kind: type[serializers.BaseSerializer[Any]], instance: Any = None) -> dict[str, Any]:
        serializer = kind(
            instance,
            data=self.request.data,
            partial=instance is not None,
            context=self.get_serializer_context(),
        )
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _wanted_version(self, found: Customer) -> int | None:
        """Return the version `If-Match` names, None without one; raises `ChangedMeanwhile` for what is no version."""
        header = self.request.headers.get("If-Match", "").strip()
        if header in {"", "*"}:
            return None
        number = header.removeprefix("W/").strip('"')
        if not number.isdecimal():
            raise ChangedMeanwhile
        return int(number)

    def _answer(self, customer: Customer, code: int = status.HTTP_200_OK) -> Response:
        """Return the customer with its version as ETag."""
        data = CustomerSerializer(customer, context=self.get_serializer_context()).data
        return Response(data, status=code, headers={"ETag": f'"{customer.version}"'})
