"""Health over HTTP: scores of a night, a customer's history, why it is what it is, and what people say of it."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import Perm
from customers.models import Customer
from metrics import potential
from metrics.health import explain, moves, slice_split, words
from metrics.health.output import decimal, line, risk, with_risk
from metrics.health.split import CAUSES, Split
from metrics.models import HealthDay, HealthMove
from metrics.nights import last_finished_day

LONGEST = 800
DAY = OpenApiParameter("date", OpenApiTypes.DATE, description="A finished night; the last one if not said.")
SPAN = [
    OpenApiParameter("from", OpenApiTypes.DATE, description="The first day; 90 days back if not said."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="The last day; the last night if not said."),
]

HISTORY = {200: {"type": "array", "items": {"$ref": "#/components/schemas/Health"}}}


class RiskSerializer(serializers.Serializer[Any]):
    """Probabilities (0 … 1) to leave within so many days; `expected_on`: likelier gone than here from that day on.

    `expected_on` is null where that lies beyond a year.
    """

    within_30 = serializers.FloatField()
    within_60 = serializers.FloatField()
    within_90 = serializers.FloatField()
    within_180 = serializers.FloatField()
    within_360 = serializers.FloatField()
    expected_on = serializers.DateField(allow_null=True)


class HealthSerializer(serializers.Serializer[Any]):
    """A customer's health on a day; scores and coverage (per cent) with two decimals, null where not known.

    `risk` and `risk_90` are null where no model claims anything.
    """

    day = serializers.DateField()
    customer = serializers.IntegerField()
    external_id = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    band = serializers.CharField(help_text="`green`, `yellow`, `red` or `unknown`.")
    coverage = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    risk_90 = serializers.FloatField(allow_null=True)
    profile = serializers.CharField()
    version = serializers.IntegerField()
    own = serializers.FloatField(allow_null=True)
    by_hand = serializers.BooleanField()
    risk = RiskSerializer(allow_null=True)
    first_score = serializers.FloatField(allow_null=True)

    def to_representation(self, instance: HealthDay) -> dict[str, Any]:
        return (
            {"day": instance.day.isoformat(), "customer": instance.customer_id}
            | line(instance)
            | {
                "own": decimal(instance.own),
                "by_hand": instance.override_id is not None,
                "risk": risk(instance),
                "first_score": decimal(instance.first_score),
            }
        )


class PotentialSerializer(serializers.Serializer[Any]):
    """Points of 100 by sign, and what they were seen by; shares of 1, null where the plan has no total."""

    total = serializers.IntegerField()
    points = serializers.DictField(child=serializers.IntegerField())
    people = serializers.IntegerField()
    people_before = serializers.IntegerField(allow_null=True)
    seats = serializers.IntegerField(allow_null=True)
    asked = serializers.IntegerField()
    attained = serializers.FloatField(allow_null=True)
    value_gap = serializers.FloatField(allow_null=True)


class HealthViewSet(viewsets.GenericViewSet[HealthDay]):
    """Health of the customers the caller may see."""

    permission = Perm.CUSTOMERS_VIEW
    serializer_class = HealthSerializer
    sparse = False  # what it answers is not made of the serializer's fields
    queryset = HealthDay.objects.none()
    lookup_field = "customer"
    lookup_value_regex = "[0-9]+"
    ordering = ("-pk",)

    @extend_schema(summary="List the scores of a night", parameters=[DAY])
    def list(self, request: Request) -> Response:
        """Return the scores of a finished night."""
        day = _day(request, "date") or last_finished_day() or dt.date.min
        visible = Customer.objects.visible_to(request.user)
        rows = (
            with_risk(HealthDay.objects.filter(day=day, customer__in=visible))
            .select_related("customer", "version")
            .order_by("-pk")
        )
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(HealthSerializer(page, many=True).data)

    @extend_schema(summary="Read a customer's scores over time", parameters=SPAN, responses=HISTORY)
    def retrieve(self, request: Request, customer: str) -> Response:
        """Return a customer's history, at most 800 days, the oldest first."""
        found = self._customer(request, customer)
        last = _day(request, "to") or last_finished_day() or dt.date.min + dt.timedelta(days=LONGEST)
        first = max(_day(request, "from") or last - dt.timedelta(days=90), last - dt.timedelta(days=LONGEST))
        rows = with_risk(HealthDay.objects.filter(customer=found, day__range=(first, last)))
        return Response(
            HealthSerializer(rows.select_related("customer", "version").order_by("day"), many=True).data
        )

    @extend_schema(
        summary="Read why a customer's score is what it is",
        parameters=[
            DAY,
            OpenApiParameter("since", OpenApiTypes.DATE, description="An earlier day, to split the move by."),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True, methods=["get"])
    def explanation(self, request: Request, customer: str) -> Response:
        """Return the factors of a score and, with `since`, the four causes of its move; both sum exactly."""
        found = self._customer(request, customer)
        day = _day(request, "date") or last_finished_day()
        row = (
            with_risk(HealthDay.objects.filter(customer=found, day=day))
            .select_related("version", "customer")
            .first()
            if day
            else None
        )
        if row is None:
            raise NotFound(_("There is no score of that day."))
        since = _day(request, "since")
        told = explain.explain(row, since)
        return Response(_told(told, since))

    @extend_schema(
        summary="Read a customer's expansion potential", parameters=[DAY], responses=PotentialSerializer
    )
    @action(detail=True, methods=["get"])
    def potential(self, request: Request, customer: str) -> Response:
        """Return what speaks for a customer buying more, beside its health and no part of it."""
        found = self._customer(request, customer)
        day = _day(request, "date") or last_finished_day()
        told = potential.of(found.pk, day) if day else None
        if told is None:
            raise NotFound(_("Nothing is known of its potential on that day."))
        return Response(PotentialSerializer(told).data)

    @extend_schema(
        summary="Read why the mean score moved",
        parameters=[
            *SPAN,
            OpenApiParameter(
                "by", enum=["segment", "stage", "owner"], description="Also for each of these slices."
            ),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=False, methods=["get"])
    def split(self, request: Request) -> Response:
        """Return the four causes of the move between two days, of all customers the caller may see; exact sums."""
        last = last_finished_day()
        if last is None:
            raise NotFound(_("There is no finished night yet."))
        second = _day(request, "to") or last
        first = _day(request, "from") or second - dt.timedelta(days=90)
        by = request.query_params.get("by", "")
        if by not in ("", "segment", "stage", "owner"):
            raise serializers.ValidationError({"by": [_("Choose segment, stage or owner.")]})
        visible = Customer.objects.visible_to(request.user)
        ids = list(visible.values_list("pk", flat=True)) if visible.query.has_filters() else None
        found = slice_split.moved(first, second, among=ids)
        answer: dict[str, Any] = {
            "from": first.isoformat(),
            "to": second.isoformat(),
            "customers": len(found.customer),
            "split": _causes(slice_split.mean(found)),
        }
        if by == "owner":
            people = dict(User.objects.values_list("pk", "email"))
            answer["slices"] = [
                {by: people.get(key or 0), "customers": count, "split": _causes(one)}
                for key, (count, one) in slice_split.by_owner(found, second).items()
            ]
        elif by:
            answer["slices"] = [
                {by: name or None, "customers": count, "split": _causes(one)}
                for name, (count, one) in slice_split.by_slice(found, by).items()
            ]
        return Response(answer)

    @extend_schema(summary="List moves worth knowing", parameters=SPAN, responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["get"])
    def moves(self, request: Request) -> Response:
        """Return band changes, falls, lost coverage and doubled risks, the newest first."""
        last = _day(request, "to") or last_finished_day() or dt.date.min + dt.timedelta(days=LONGEST)
        first = max(_day(request, "from") or last - dt.timedelta(days=90), last - dt.timedelta(days=LONGEST))
        visible = Customer.objects.visible_to(request.user)
        rows = HealthMove.objects.filter(day__range=(first, last), customer__in=visible).order_by("-pk")
        page = self.paginate_queryset(rows)  # type: ignore[arg-type]
        return self.get_paginated_response(
            [{"customer": row.customer_id, **moves.payload(row)} for row in page or ()]  # type: ignore[attr-defined,arg-type]
        )

    def _customer(self, request: Request, key: str) -> Customer:
        return get_object_or_404(Customer.objects.visible_to(request.user), pk=key)


def _told(found: explain.Explained, since: dt.date | None) -> dict[str, Any]:
    answer: dict[str, Any] = dict(HealthSerializer(found.row).data)
    answer["factors"] = [
        {
            "key": one.key,
            "name": words.name(one.key),
            "weight": decimal(one.weight),
            "effective_weight": decimal(one.counts),
            "raw": None if one.raw is None else one.raw / 1000,
            "age": one.age,
            "score": decimal(one.score),
            "points": decimal(one.points),
            "change": decimal(one.change),
        }
        for one in found.factors
    ]
    answer["arrived"], answer["gone"] = found.arrived, found.gone
    if since is None or found.before is None:
        return answer | {"split": None, "sentence": ""}
    split = found.split
    answer["sentence"] = words.sentence(
        split, found.inputs_before, found.inputs, days=(found.row.day - found.before.day).days
    )
    told = _causes(split)
    answer["split"] = None if told is None else {"since": found.before.day.isoformat(), **told}
    return answer


def _causes(split: Split | None) -> dict[str, Any] | None:
    if split is None:
        return None
    return {
        "total": decimal(split.total),
        "causes": {cause: decimal(split.causes[cause]) for cause in CAUSES},
        "parts": {
            cause: {key: decimal(part) for key, part in split.parts[cause].items()} for cause in CAUSES
        },
    }


def _day(request: Request, name: str) -> dt.date | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise serializers.ValidationError({name: [_("Give a day like 2026-01-31.")]}) from error
