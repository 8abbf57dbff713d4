"""The figures and the cohorts over HTTP: the objects that `manage.py kpis` prints, over what the caller may see."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Perm
from customers.models import Customer, Segment
from metrics.api import answers
from metrics.cohorts import cohorts
from metrics.kpis import CUTS, kpis
from metrics.periods import GRAINS
from metrics.questions import BadRequest
from metrics.registry import FIGURES
from metrics.slices import NONE

LONGEST = dt.timedelta(days=20 * 366)  # what is asked for by mistake must not keep a web process busy
SPAN = [
    OpenApiParameter("from", OpenApiTypes.DATE, required=True, description="The first day."),
    OpenApiParameter("to", OpenApiTypes.DATE, required=True, description="The day after the last."),
    OpenApiParameter(
        "segment",
        OpenApiTypes.STR,
        enum=[*Segment.values, NONE],
        description="Only the customers of this segment; `none`: of none.",
    ),
]


class KpiViewSet(viewsets.ViewSet):
    """The figures of the definitions in the manual, per period."""

    permission = Perm.METRICS_VIEW
    one_answer = True

    @extend_schema(
        summary="Read figures",
        parameters=[
            *SPAN,
            OpenApiParameter(
                "grain", OpenApiTypes.STR, enum=GRAINS, description="Without it one row for the whole span."
            ),
            OpenApiParameter(
                "key", OpenApiTypes.STR, many=True, enum=list(FIGURES), description="Only these figures."
            ),
            OpenApiParameter(
                "by", OpenApiTypes.STR, enum=CUTS, description="The whole first, then each part."
            ),
            OpenApiParameter(
                "as_of", OpenApiTypes.DATE, description="As of the night of this day, not of the last one."
            ),
            OpenApiParameter(
                "published",
                OpenApiTypes.BOOL,
                description="What was first published, in place of what is known now (`restated` says since when).",
            ),
        ],
        responses={200: answers.KPIS},
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Return what `manage.py kpis --format json` prints, over the customers the caller may see."""
        given = request.query_params
        return _answer(
            kpis,
            request,
            grain=given.get("grain") or None,
            keys=given.getlist("key"),
            by=given.get("by") or None,
            as_of=_day(request, "as_of") if given.get("as_of") else None,
            published=given.get("published", "").lower() in ("1", "true"),
        )


class CohortViewSet(viewsets.ViewSet):
    """Retention of customers by the month of their first payment."""

    permission = Perm.METRICS_VIEW
    one_answer = True

    @extend_schema(summary="Read cohorts", parameters=SPAN, responses={200: answers.COHORTS}, filters=False)
    def list(self, request: Request) -> Response:
        """Return what `manage.py kpis --cohorts --format json` prints, over the customers the caller may see."""
        return _answer(cohorts, request)


def _answer(tell: Callable[..., dict[str, Any]], request: Request, **asked: Any) -> Response:
    """Ask for the span and segment of a request. Raises ValidationError saying what is wrong with the question."""
    first, end = _day(request, "from"), _day(request, "to")
    if end - first > LONGEST:
        raise serializers.ValidationError({"to": [_("Ask for at most 20 years.")]})
    try:
        told = tell(
            first=first,
            end=end,
            segment=request.query_params.get("segment") or None,
            visible=Customer.objects.visible_to(request.user),
            **asked,
        )
    except BadRequest as error:
        raise serializers.ValidationError({"non_field_errors": [str(error)]}) from error
    return Response(told)


def _day(request: Request, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(request.query_params.get(name, ""))
    except ValueError as error:
        raise serializers.ValidationError({name: [_("Give a day like 2026-01-31.")]}) from error
