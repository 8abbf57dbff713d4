"""People at customers over HTTP."""

from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import caller
from core import time
from customers.api.base import FactFilter, FactViewSet, check_editable
from customers.api.fields import CustomerField
from customers.models import Contact
from customers.services.contacts import contact_archive, contact_create, contact_update


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A person at a customer; `active_until` is the first day they are no longer there."""

    customer = CustomerField()

    class Meta:
        model = Contact
        fields = (
            "id",
            "customer",
            "external_id",
            "email",
            "name",
            "job_title",
            "role",
            "locale",
            "time_zone",
            "phone",
            "active_from",
            "active_until",
            "opted_out",
            "archived_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "archived_at", "created_at", "updated_at")
        validators: ClassVar[list[object]] = []  # the service says it better


class ContactFilter(FactFilter):
    """The filters of contacts; `active` as of today."""

    email = django_filters.CharFilter(lookup_expr="iexact")
    external_id = django_filters.CharFilter()
    role = django_filters.ChoiceFilter(choices=Contact.Role.choices)
    active = django_filters.BooleanFilter(method="by_active")

    def by_active(self, rows: QuerySet[Contact], name: str, value: bool) -> QuerySet[Contact]:
        """Keep those still there, or those who left."""
        there = Q(active_until__isnull=True) | Q(active_until__gt=time.today())
        return rows.filter(there if value else ~there)


@extend_schema_view(
    list=extend_schema(
        summary="List contacts",
        parameters=[
            OpenApiParameter(
                "archived", OpenApiTypes.BOOL, description="The archived ones instead of the others."
            )
        ],
    ),
    retrieve=extend_schema(summary="Read a contact"),
    create=extend_schema(summary="Add a contact"),
    partial_update=extend_schema(summary="Change a contact"),
)
class ContactViewSet(FactViewSet):
    """People at customers. They are never deleted: give `active_until` when somebody leaves, archive a mistake."""

    queryset = Contact.objects.select_related("customer")
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    ordering_fields: ClassVar = ["id", "name", "email", "updated_at"]
    noun = "contact"
    writers = (contact_create, contact_update)

    def get_queryset(self) -> QuerySet[Contact]:
        """Return the people of customers the caller may see; lists leave archived ones out unless asked for them."""
        rows = super().get_queryset()
        if self.action != "list":
            return rows
        wanted = self.request.query_params.get("archived", "").lower() in {"true", "1"}
        return rows.filter(archived_at__isnull=not wanted)

    @extend_schema(summary="Archive a contact", request=None, responses=ContactSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        """Put the person aside; nothing of them is deleted."""
        return self._put(archived=True)

    @extend_schema(summary="Restore a contact", request=None, responses=ContactSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Bring an archived person back."""
        return self._put(archived=False)

    def _put(self, *, archived: bool) -> Response:
        found: Contact = self.get_object()
        check_editable(self.request.user, found.customer)
        row = contact_archive(actor=caller(self.request), contact=found, archived=archived)
        return Response(self.get_serializer(row).data)
