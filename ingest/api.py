"""Imports over HTTP: send a file or rows of a kind, read the state of a batch."""

import hashlib
import json
from typing import Any, ClassVar

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, mixins, parsers, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Token
from accounts.permissions import Perm
from accounts.principals import principal_of
from core import time
from core.calls import remembering
from ingest import jobs
from ingest.models import Batch, Rejection
from ingest.notes import note_sentence
from ingest.parsers.catalogue import KINDS
from ingest.querysets import batches_newest_first, refusal
from ingest.rejected_file import why
from ingest.services.upload import upload_create, upload_send

AT_ONCE = 1 << 20  # bytes that are applied within the request; what is larger is left to the workers
LISTED = 100
MAX_BYTES = 200 << 20


class RejectionSerializer(serializers.ModelSerializer[Rejection]):
    """A rejected row: where, why, and as it stood."""

    reason = serializers.SerializerMethodField(help_text="Why, in the caller's language, and how to mend it.")

    class Meta:
        model = Rejection
        fields = ("line", "column", "code", "params", "reason", "row")

    def get_reason(self, row: Rejection) -> str:
        """Say the reason."""
        return why(refusal(row))


class BatchSerializer(serializers.ModelSerializer[Batch]):
    """The state of an import."""

    notes = serializers.SerializerMethodField()
    rejections = serializers.SerializerMethodField(help_text="The first 100 rejected rows.")

    class Meta:
        model = Batch
        fields = (
            "id",
            "kind",
            "step",
            "channel",
            "filename",
            "total",
            "new",
            "changed",
            "unchanged",
            "rejected",
            "notes",
            "error",
            "rejections",
            "created_at",
            "applied_at",
            "undone_at",
        )
        read_only_fields = fields

    def get_notes(self, batch: Batch) -> list[str]:
        """Say the notes."""
        return [note_sentence(note) for note in batch.notes]

    def get_rejections(self, batch: Batch) -> list[dict[str, Any]]:
        """List the first rejected rows, for one batch only."""
        if isinstance(self.parent, serializers.ListSerializer):
            return []
        rows = batch.rejections.order_by("line", "pk")[:LISTED]
        return [dict(one) for one in RejectionSerializer(rows, many=True).data]


@extend_schema_view(
    list=extend_schema(summary="List imports"), retrieve=extend_schema(summary="Read the state of an import")
)
class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Batch]):
    """Imports by command, page and API, newest first."""

    permission = Perm.IMPORT_RUN
    ingest = True
    serializer_class = BatchSerializer
    queryset = batches_newest_first()
    filterset_fields: ClassVar = ["kind", "step", "channel"]


class CsvParser(parsers.FileUploadParser):
    """A raw CSV body."""

    media_type = "text/csv"

    def get_filename(self, stream: Any, media_type: Any, parser_context: Any) -> str:
        """Name a body that has no name."""
        return super().get_filename(stream, media_type, parser_context) or "rows.csv"


class JsonLinesParser(CsvParser):
    """A raw body of JSON lines."""

    media_type = "application/x-ndjson"

    def get_filename(self, stream: Any, media_type: Any, parser_context: Any) -> str:
        """Name the body by its form."""
        return "rows.jsonl"


class ImportKind(APIView):
    """Import rows of one kind; the same rows twice change nothing."""

    permission = Perm.IMPORT_RUN
    ingest = True
    own_transactions = True  # rows are written chunk by chunk; the batch knows its key itself
    parser_classes = (parsers.JSONParser, parsers.MultiPartParser, CsvParser, JsonLinesParser)

    @extend_schema(
        summary="Import a file or rows",
        description=(
            "Send a file (multipart field `file`, or a raw `text/csv` or `application/x-ndjson` body), or a JSON list"
            ' of rows (also as `{"rows": [...]}`) with the keys of the kind\'s columns. Up to 1 MB is applied at once'
            " (200); more is accepted (202) and applied by a worker: read `/api/v1/imports/{id}/`."
        ),
        parameters=[
            OpenApiParameter(
                "dates", str, enum=["iso", "dmy", "mdy"], description="How slashed dates are written."
            ),
            OpenApiParameter(
                "encoding", str, description="The file's encoding; UTF-8 or cp1252 is told by itself."
            ),
            OpenApiParameter("file_wins", bool, description="Also replace what was edited by hand since."),
        ],
        request={"application/json": OpenApiTypes.OBJECT, "multipart/form-data": OpenApiTypes.OBJECT},
        responses={200: BatchSerializer, 202: BatchSerializer, 422: BatchSerializer},
    )
    def post(self, request: Request, kind: str) -> Response:
        """Take rows in and return their batch."""
        if kind not in KINDS:
            raise exceptions.NotFound(f"There is no kind {kind!r}; choose one of: {', '.join(KINDS)}.")
        key = _key(request, kind)
        file, name = _body(request)
        options = {**_options(request), "content": content_hash(file)}
        if key and (known := known_batch(key)):
            return self._known(known, options["content"])
        actor = principal_of(request.user)
        try:
            with transaction.atomic():
                batch = upload_create(
                    kind=kind, file=file, name=name, actor=actor, channel="api", key=key, options=options
                )
                upload_send(batch=batch)
        except IntegrityError:  # the same call at the same time
            return self._known(Batch.objects.get(idempotency_key=key), options["content"])
        if file.size <= AT_ONCE:
            jobs.work_now(batch)
        batch.refresh_from_db()
        return self._answer(batch)

    def _known(self, batch: Batch, content: str) -> Response:
        """Answer with the batch that the key made; raises `KeyReused` where that was of other rows."""
        if batch.options.get("content") != content:
            raise KeyReused
        return self._answer(batch)

    def _answer(self, batch: Batch) -> Response:
        done = batch.step in {Batch.Step.APPLIED, Batch.Step.REFUSED, Batch.Step.UNDONE}
        code: int = status.HTTP_200_OK if done else status.HTTP_202_ACCEPTED
        if batch.step == Batch.Step.REFUSED:
            code = status.HTTP_422_UNPROCESSABLE_ENTITY
        return Response(BatchSerializer(batch).data, status=code)


class KeyReused(exceptions.APIException):
    """The `Idempotency-Key` stands for other rows."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_reused"
    default_detail = "This Idempotency-Key was sent before with another request."


def known_batch(key: str) -> Batch | None:
    """Return the batch that a key made within the time that keys are kept; an older one gives its key back."""
    found = Batch.objects.filter(idempotency_key=key).first()
    if found is not None and found.created_at < time.now() - remembering.KEPT:
        Batch.objects.filter(pk=found.pk).update(idempotency_key=None)
        return None
    return found


def content_hash(file: Any) -> str:
    """Return the fingerprint of a file's content."""
    whole = hashlib.sha256()
    for chunk in file.chunks():
        whole.update(chunk)
    file.seek(0)
    return whole.hexdigest()


def _key(request: Request, kind: str) -> str | None:
    said = request.headers.get("Idempotency-Key", "").strip()
    if not said:
        return None
    who = f"t{request.auth.pk}" if isinstance(request.auth, Token) else f"u{request.user.pk}"
    return hashlib.sha256(f"{who}\n{kind}\n{said}".encode()).hexdigest()


def _body(request: Request) -> tuple[Any, str]:
    """Return what was sent as a file with a name."""
    data: Any = request.data
    if hasattr(data, "get") and hasattr(data.get("file"), "chunks"):
        file = data["file"]
        if file.size > MAX_BYTES:
            raise exceptions.ValidationError({"file": ["The file is larger than 200 MB."]})
        return file, file.name
    rows = data.get("rows") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise exceptions.ValidationError(
            {"rows": ["Send a file, or a list of objects with the keys of the kind's columns."]}
        )
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    return ContentFile(lines.encode("utf-8", "replace")), "rows.jsonl"


def _options(request: Request) -> dict[str, Any]:
    dates = request.query_params.get("dates", "iso")
    if dates not in {"iso", "dmy", "mdy"}:
        raise exceptions.ValidationError({"dates": ["Choose iso, dmy or mdy."]})
    return {
        "dates": dates,
        "encoding": request.query_params.get("encoding", ""),
        "file_wins": request.query_params.get("file_wins", "").lower() in {"1", "true", "yes"},
    }
