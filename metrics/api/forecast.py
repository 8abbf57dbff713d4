"""The forecast of the MRR over HTTP."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Perm
from core import money
from customers.models import Customer
from metrics.forecast import checks
from metrics.forecast.forecast import Band, forecast
from metrics.models import ForecastCheck
from metrics.nights import last_finished_day


class BandSerializer(serializers.Serializer[Any]):
    """An expected amount and the band that holds it four times out of five."""

    expected = serializers.CharField()
    low = serializers.CharField()
    high = serializers.CharField()


class HorizonSerializer(serializers.Serializer[Any]):
    """base = opening − leaves − contraction + expansion, total = base + new; `due_leaves` is a part of `leaves`."""

    days = serializers.IntegerField()
    opening = serializers.CharField()
    leaves = serializers.CharField()
    due = serializers.IntegerField(help_text="Renewals that fall due.")
    due_mrr = serializers.CharField()
    due_leaves = serializers.CharField()
    contraction = serializers.CharField()
    expansion = serializers.CharField()
    base = BandSerializer()
    new = serializers.CharField()
    total = BandSerializer()


class CoverageSerializer(serializers.Serializer[Any]):
    """How many forecasts of past quarter ends there were over so many days, and how many held."""

    days = serializers.IntegerField()
    checks = serializers.IntegerField()
    base = serializers.IntegerField()
    total = serializers.IntegerField()


@extend_schema_serializer(many=False)
class ForecastSerializer(serializers.Serializer[Any]):
    """A forecast made at the end of `date`; `horizons` is empty where the history is too short."""

    date = serializers.DateField()
    customers = serializers.IntegerField()
    mrr = serializers.CharField()
    by = serializers.CharField(help_text="`risk`: by each customer's own risk; `rate`: by last year's rate.")
    months_known = serializers.IntegerField()
    horizons = HorizonSerializer(many=True)
    coverage = CoverageSerializer(many=True)


class ForecastViewSet(viewsets.ViewSet):
    """The forecast for the customers the caller may see."""

    permission = Perm.METRICS_VIEW

    @extend_schema(
        summary="Read the forecast of the MRR",
        parameters=[
            OpenApiParameter(
                "date", OpenApiTypes.DATE, description="A finished night; the last one if not said."
            )
        ],
        responses=ForecastSerializer,
    )
    def list(self, request: Request) -> Response:
        """Return what is expected in 90, 180 and 360 days, by what was known at the end of the day."""
        last = last_finished_day()
        if last is None:
            raise NotFound(_("There is no finished night yet."))
        day = min(_day(request) or last, last)
        visible = Customer.objects.visible_to(request.user)
        whole = not visible.query.has_filters()
        found = forecast(day, None if whole else visible)
        known = checks.coverage(list(ForecastCheck.objects.all())) if whole else []
        return Response(
            {
                "date": day.isoformat(),
                "customers": found.customers,
                "mrr": _money(found.mrr),
                "by": "risk" if found.own else "rate",
                "months_known": found.months,
                "horizons": [
                    {
                        "days": one.days,
                        "due": one.due,
                        **{
                            name: _money(getattr(one, name))
                            for name in (
                                "opening",
                                "leaves",
                                "due_mrr",
                                "due_leaves",
                                "contraction",
                                "expansion",
                                "new",
                            )
                        },
                        "base": _band(one.base),
                        "total": _band(one.total),
                    }
                    for one in found.horizons
                ],
                "coverage": [
                    {"days": one.days, "checks": one.checks, "base": one.base, "total": one.total}
                    for one in known
                ],
            }
        )


def _band(found: Band) -> dict[str, str]:
    return {"expected": _money(found.expected), "low": _money(found.low), "high": _money(found.high)}


def _money(cents: int) -> str:
    return str(money.from_cents(cents))


def _day(request: Request) -> dt.date | None:
    text = request.query_params.get("date", "")
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise serializers.ValidationError({"date": [_("Give a day like 2026-01-31.")]}) from error
