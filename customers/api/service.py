"""Tickets, touchpoints and milestones over HTTP."""

from typing import ClassVar

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from customers.api.base import OWN_ID, FactFilter, FactViewSet
from customers.api.fields import ContactField, CustomerField
from customers.models import Milestone, Ticket, Touchpoint
from customers.services.service import (
    milestone_create,
    milestone_update,
    ticket_create,
    ticket_update,
    touchpoint_create,
    touchpoint_update,
)


class TicketSerializer(serializers.ModelSerializer[Ticket]):
    """A request for help. `team_replies` and `reopens` null: not known; `solved_at` null: still open."""

    customer = CustomerField()
    contact = ContactField(required=False, allow_null=True)

    class Meta:
        model = Ticket
        fields = (
            "id",
            "customer",
            "external_id",
            "contact",
            "assignee_email",
            "subject",
            "priority",
            "channel",
            "opened_at",
            "first_response_at",
            "solved_at",
            "due_at",
            "team_replies",
            "reopens",
            "recorded_at",
        )
        read_only_fields = ("id", "recorded_at")
        extra_kwargs: ClassVar = OWN_ID


class TicketFilter(FactFilter):
    """The filters of tickets; `open` as of now."""

    external_id = django_filters.CharFilter()
    open = django_filters.BooleanFilter(field_name="solved_at", lookup_expr="isnull")
    opened_from = django_filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="gte")
    opened_to = django_filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="lt")


@extend_schema_view(
    list=extend_schema(summary="List tickets"),
    retrieve=extend_schema(summary="Read a ticket"),
    create=extend_schema(summary="Add a ticket"),
    partial_update=extend_schema(summary="Correct a ticket"),
)
class TicketViewSet(FactViewSet):
    """Requests for help."""

    queryset = Ticket.objects.select_related("customer")
    serializer_class = TicketSerializer
    filterset_class = TicketFilter
    ordering_fields: ClassVar = ["id", "opened_at", "recorded_at"]
    noun = "ticket"
    writers = (ticket_create, ticket_update)


class TouchpointSerializer(serializers.ModelSerializer[Touchpoint]):
    """A conversation; `sentiment` from −2 (very bad) to 2 (very good), null: not said."""

    customer = CustomerField()
    contact = ContactField(required=False, allow_null=True)

    class Meta:
        model = Touchpoint
        fields = (
            "id",
            "customer",
            "external_id",
            "kind",
            "happened_at",
            "contact",
            "author",
            "summary",
            "sentiment",
            "recorded_at",
        )
        read_only_fields = ("id", "author", "recorded_at")
        extra_kwargs: ClassVar = {
            **OWN_ID,
            "sentiment": {"min_value": -2, "max_value": 2},
        }


class TouchpointFilter(FactFilter):
    """The filters of conversations."""

    external_id = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=Touchpoint.Kind.choices)
    author = django_filters.NumberFilter(field_name="author_id")
    happened_from = django_filters.IsoDateTimeFilter(field_name="happened_at", lookup_expr="gte")
    happened_to = django_filters.IsoDateTimeFilter(field_name="happened_at", lookup_expr="lt")


@extend_schema_view(
    list=extend_schema(summary="List touchpoints"),
    retrieve=extend_schema(summary="Read a touchpoint"),
    create=extend_schema(summary="Log a touchpoint"),
    partial_update=extend_schema(summary="Correct a touchpoint"),
)
class TouchpointViewSet(FactViewSet):
    """Conversations with customers."""

    queryset = Touchpoint.objects.select_related("customer")
    serializer_class = TouchpointSerializer
    filterset_class = TouchpointFilter
    ordering_fields: ClassVar = ["id", "happened_at", "recorded_at"]
    noun = "touchpoint"
    writers = (touchpoint_create, touchpoint_update)


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """A step a customer reached."""

    customer = CustomerField()

    class Meta:
        model = Milestone
        fields = ("id", "customer", "milestone", "reached_on", "recorded_at")
        read_only_fields = ("id", "recorded_at")
        validators: ClassVar[list[object]] = []


class MilestoneFilter(FactFilter):
    """The filters of milestones."""

    milestone = django_filters.CharFilter()


@extend_schema_view(
    list=extend_schema(summary="List milestones"),
    retrieve=extend_schema(summary="Read a milestone"),
    create=extend_schema(summary="Add a milestone"),
    partial_update=extend_schema(summary="Correct a milestone"),
)
class MilestoneViewSet(FactViewSet):
    """Steps that customers reached."""

    queryset = Milestone.objects.select_related("customer")
    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilter
    ordering_fields: ClassVar = ["id", "reached_on", "recorded_at"]
    noun = "milestone"
    writers = (milestone_create, milestone_update)
