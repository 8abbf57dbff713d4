"""What successful customers do, over HTTP: the behaviours that the customer happiness index is made of."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Perm
from customers.models import Segment
from metrics import chi
from metrics.first_weeks import activation_minimum
from metrics.nights import last_finished_day


class BehaviourSerializer(serializers.Serializer[Any]):
    """A behaviour, how many show it, and its weight; `low` and `high` are the 95 % limits of the difference."""

    kind = serializers.CharField()
    name = serializers.CharField()
    successful = serializers.IntegerField(source="hits")
    rest = serializers.IntegerField(source="other_hits")
    weight = serializers.SerializerMethodField()
    low = serializers.SerializerMethodField()
    high = serializers.SerializerMethodField()
    evidence = serializers.BooleanField(source="is_evidence")

    def get_weight(self, row: Any) -> float:
        """Return the difference of the shares, never below 0."""
        return float(row.weight)

    def get_low(self, row: Any) -> float | None:
        """Return the lower limit."""
        return row.limits[0] if row.limits else None

    def get_high(self, row: Any) -> float | None:
        """Return the upper limit."""
        return row.limits[1] if row.limits else None


class BehavioursSerializer(serializers.Serializer[Any]):
    """What was learned by a day; `chi` is null with fewer than 20 successful customers."""

    day = serializers.DateField()
    successful = serializers.IntegerField()
    rest = serializers.IntegerField()
    chi = serializers.FloatField(allow_null=True)
    behaviours = BehaviourSerializer(many=True)


class AskedSerializer(serializers.Serializer[Any]):
    """So many of an event, or a milestone, within so many days of the start."""

    kind = serializers.CharField()
    name = serializers.CharField()
    times = serializers.IntegerField()
    within_days = serializers.IntegerField(source="within")


class ToldApartSerializer(serializers.Serializer[Any]):
    """How many of those that stayed, and of those that left, did it all."""

    stayed = serializers.IntegerField(source="hits")
    left = serializers.IntegerField(source="other_hits")


class MinimumSerializer(serializers.Serializer[Any]):
    """What is proposed as activation criteria; `tried` is counted on customers it was not chosen from."""

    stayed = serializers.IntegerField()
    left = serializers.IntegerField()
    evidence = serializers.BooleanField(source="is_evidence")
    asked = AskedSerializer(many=True)
    together = ToldApartSerializer(allow_null=True)
    tried = ToldApartSerializer(allow_null=True)


class BehavioursViewSet(viewsets.GenericViewSet[Any]):
    """What customers that renewed or expanded do more often than the others; told of the whole workspace."""

    permission = Perm.METRICS_VIEW
    one_answer = True
    pagination_class = None
    serializer_class = BehavioursSerializer

    @extend_schema(
        summary="Read what successful customers do",
        parameters=[
            OpenApiParameter("date", OpenApiTypes.DATE, description="A day; the last night if not said.")
        ],
        responses=BehavioursSerializer,
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Return the behaviours, those that weigh most first."""
        last = last_finished_day()
        if last is None:
            raise NotFound(_("There is no finished night yet."))
        day = min(_day(request) or last, last)
        found = chi.learned(day)
        told = {
            "day": day,
            "successful": found.successful,
            "rest": found.rest,
            "chi": None if found.mean is None else float(found.mean),
            "behaviours": found.behaviours,
        }
        return Response(BehavioursSerializer(told).data)

    @extend_schema(
        summary="Read what is proposed as activation criteria",
        parameters=[
            OpenApiParameter("segment", enum=Segment.values, description="All customers if not said.")
        ],
        responses=MinimumSerializer,
        filters=False,
    )
    @action(detail=False, methods=["get"], url_path="activation-minimum")
    def activation_minimum(self, request: Request) -> Response:
        """Return the few things that best tell who stayed."""
        segment = request.query_params.get("segment", "")
        if segment and segment not in Segment.values:
            raise serializers.ValidationError({"segment": [_("There is no such segment.")]})
        last = last_finished_day()
        if last is None:
            raise NotFound(_("There is no finished night yet."))
        return Response(MinimumSerializer(activation_minimum(last, segment)).data)


def _day(request: Request) -> dt.date | None:
    text = request.query_params.get("date", "")
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise serializers.ValidationError({"date": [_("Give a day like 2026-01-31.")]}) from error
