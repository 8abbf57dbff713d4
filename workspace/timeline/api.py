"""A customer's timeline over HTTP: the page's entries, in words."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core import time
from customers.api.customers import CustomerViewSet
from workspace.customer.asof import as_of
from workspace.timeline import reader, registry, show
from workspace.timeline.cursor import Cursor


class HappeningSerializer(serializers.Serializer[show.Happening]):
    """One entry. `at` is null for facts that know only their day; `quote` says that `text` is the customer's own."""

    kind = serializers.CharField(source="row.kind")
    id = serializers.IntegerField(source="row.ref", help_text="The number of the row of that kind.")
    group = serializers.CharField()
    day = serializers.DateField(source="row.day")
    at = serializers.DateTimeField(allow_null=True)
    title = serializers.CharField(source="entry.title")
    text = serializers.CharField(source="entry.text")
    tag = serializers.CharField(source="entry.tag")
    by = serializers.CharField(source="entry.by")
    quote = serializers.BooleanField(source="entry.quote")
    language = serializers.CharField(source="entry.lang")


class TimelineSerializer(serializers.Serializer[Any]):
    """A page of entries, newest first."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = HappeningSerializer(many=True)


class CustomerTimelineViewSet(CustomerViewSet):
    """Companies we look after, with their timeline."""

    @extend_schema(
        summary="Read the timeline of a customer",
        parameters=[
            OpenApiParameter(
                "kind", OpenApiTypes.STR, description="Only one filter's entries, as `group` names them."
            ),
            OpenApiParameter("as_of", OpenApiTypes.DATE, description="Up to the end of a past day."),
            OpenApiParameter(
                "before", OpenApiTypes.STR, description="Where the page before ended; `next` has it."
            ),
        ],
        responses=TimelineSerializer,
        filters=False,
    )
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def timeline(self, request: Request, pk: str | None = None) -> Response:
        """Return what happened with the customer, newest first; one query a page."""
        customer = self.get_object()
        asked = request.query_params
        group = asked.get("kind", "")
        if group and group not in {one.key for one in registry.groups()}:
            raise serializers.ValidationError({"kind": ["There is no such filter."]})
        before = Cursor.parse(asked["before"]) if asked.get("before") else None
        if asked.get("before") and before is None:
            raise serializers.ValidationError({"before": ["This is no place on the timeline."]})
        seen = as_of(asked.get("as_of", ""), time.today())
        page = reader.read(customer.pk, until=seen.day, group=group, before=before)
        here = request.build_absolute_uri()
        answer = {
            "next": replace_query_param(here, "before", str(page.older)) if page.older else None,
            "previous": None,
            "results": show.tell(page.rows),
        }
        return Response(TimelineSerializer(answer).data)
