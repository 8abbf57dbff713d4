"""Bulk upserts over HTTP: up to a thousand items of a kind in one call, with an outcome per item."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import exceptions, parsers, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Perm
from accounts.requests import caller
from ingest.parsers.catalogue import KINDS
from ingest.services.bulk import SUPERSEDED, WORDS, Outcome, bulk_upsert

MOST = 1000
RESOURCES = tuple(sorted(KINDS.keys() - {"usage", "history", "products"}))


class TooMany(exceptions.APIException):
    """The call has more items than one may have."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = f"A call holds at most {MOST} items."


class OutcomeSerializer(serializers.Serializer[Outcome]):
    """What became of one item of the call."""

    index = serializers.IntegerField(help_text="Where the item stood in the call, from 0.")
    outcome = serializers.ChoiceField(choices=[*WORDS.values(), SUPERSEDED, "rejected"])
    column = serializers.CharField(help_text="The field at fault.")
    code = serializers.CharField()
    reason = serializers.CharField(help_text="Why it was rejected, in the caller's language.")


class Bulk(APIView):
    """Make or change many rows of a resource, found by their own keys."""

    permission = Perm.IMPORT_RUN
    ingest = True
    own_transactions = True
    parser_classes = (parsers.JSONParser,)

    @extend_schema(
        summary="Upsert up to 1,000 items",
        description=(
            "A JSON list of objects with the columns of the kind's import file, matched by its key"
            " (`external_id` where there is one). Good items go in, each bad one is rejected with its reason."
            " The call is an import: it stands in `/api/v1/imports/` and can be taken back."
        ),
        parameters=[
            OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=RESOURCES),
            OpenApiParameter("file_wins", bool, description="Also replace what was edited by hand since."),
        ],
        request=serializers.ListSerializer(child=serializers.DictField()),
        responses={
            200: inline_serializer(
                "BulkOutcome",
                {
                    "batch": serializers.IntegerField(),
                    "counts": serializers.DictField(child=serializers.IntegerField()),
                    "results": OutcomeSerializer(many=True),
                },
            )
        },
    )
    def post(self, request: Request, kind: str) -> Response:
        """Apply the items and tell what became of each."""
        if kind not in RESOURCES:
            raise exceptions.NotFound
        items: Any = request.data
        if not isinstance(items, list) or not items or not all(isinstance(one, dict) for one in items):
            raise exceptions.ValidationError({"items": ["Send a list of objects."]})
        if len(items) > MOST:
            raise TooMany
        wins = request.query_params.get("file_wins", "").lower() in {"1", "true", "yes"}
        batch, found = bulk_upsert(kind=kind, items=items, actor=caller(request), file_wins=wins)
        counts = {word: sum(one.outcome == word for one in found) for word in (*WORDS.values(), "rejected")}
        results = [dict(OutcomeSerializer(one).data) for one in found]
        return Response({"batch": batch.pk, "counts": counts, "results": results})
