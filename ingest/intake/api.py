"""The addresses to which tracking libraries send. They answer 200 only when all of a call is durable."""

import json
import zlib
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import exceptions, parsers, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Token
from accounts.permissions import Perm
from accounts.requests import caller
from ingest.intake.taking import take
from ingest.problems.noting import Odd, note_problems

MOST_ITEMS = 1000
MOST_BYTES = 5_000_000
MOST_OF_AN_ITEM = 64_000
CALLS = ("track", "identify", "group", "page", "screen", "alias", "batch")
TAKEN = inline_serializer("Taken", {"success": serializers.BooleanField()})


class TooLarge(exceptions.APIException):
    """The call is larger than one may be."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class BodyParser(parsers.BaseParser):
    """A JSON body, gzipped if it says so; never more than the limit is unpacked."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the object. Raises `TooLarge`, `ParseError`."""
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise TooLarge(f"A call holds at most {MOST_BYTES} bytes.")
        request: Request = (parser_context or {})["request"]
        if request.headers.get("Content-Encoding", "").lower() == "gzip":
            raw = _unpacked(raw)
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise exceptions.ParseError("The body is no JSON.") from None


def _unpacked(raw: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(raw, MOST_BYTES + 1)
    except zlib.error:
        raise exceptions.ParseError("The body is not gzipped.") from None
    if len(body) > MOST_BYTES:
        raise TooLarge(f"A call holds at most {MOST_BYTES} bytes, unpacked.")
    if not unpacker.eof:
        raise exceptions.ParseError("The gzipped body is cut off.")
    return body


class Intake(APIView):
    """Take in one tracking call of a kind, or a batch of any kinds."""

    permission = Perm.IMPORT_RUN
    ingest = True
    basic_keys = True
    call: str = "batch"
    parser_classes = (BodyParser,)

    @extend_schema(
        summary="Track usage, as Segment's libraries send it",
        description=(
            "`userId` or `anonymousId`, `event`, `timestamp`, `messageId`, and the customer as `context.groupId` or"
            ' by an earlier `group` call. `batch` takes `{"batch": [...]}` with items that name their `type`.'
            " Items that cannot be read do not stop the others: they are counted on the page Ingestion problems."
        ),
        request={"application/json": OpenApiTypes.OBJECT},
        responses={
            200: TAKEN,
            413: OpenApiResponse(description="Too many items or bytes; the detail says which."),
        },
    )
    def post(self, request: Request) -> Response:
        """Record what was sent, then answer."""
        source = str(request.auth) if isinstance(request.auth, Token) else caller(request).audit_label
        try:
            items = self._items(request.data)
        except (TooLarge, exceptions.ParseError) as wrong:
            code = "too_large" if isinstance(wrong, TooLarge) else "bad_json"
            note_problems(source, [Odd(code, self.call, str(wrong.detail))])
            raise
        take(source, items)
        return Response({"success": True})

    def _items(self, data: Any) -> list[Any]:
        if not isinstance(data, dict):
            raise exceptions.ParseError("Send a JSON object.")
        if self.call != "batch":
            return _small_enough([{**data, "type": self.call}])
        items = data.get("batch")
        if not isinstance(items, list):
            raise exceptions.ParseError('Send {"batch": [...]}.')
        if len(items) > MOST_ITEMS:
            raise TooLarge(f"A call holds at most {MOST_ITEMS} items; this one has {len(items)}.")
        shared = data.get("context")
        if isinstance(shared, dict):
            items = [_within(shared, item) for item in items]
        return _small_enough(items)


def _within(shared: dict[str, Any], item: Any) -> Any:
    """Lay an item over what the batch says of all of its items."""
    if not isinstance(item, dict) or not isinstance(item.get("context", {}), dict):
        return item
    return {**item, "context": {**shared, **item.get("context", {})}}


def _small_enough(items: list[Any]) -> list[Any]:
    for number, item in enumerate(items):
        if len(json.dumps(item, ensure_ascii=False).encode("utf-8", "replace")) > MOST_OF_AN_ITEM:
            raise TooLarge(f"Item {number} is larger than {MOST_OF_AN_ITEM} bytes.")
    return items


@extend_schema(exclude=True)
class ShortIntake(Intake):
    """The same under `/v1/`, where the published libraries send."""
