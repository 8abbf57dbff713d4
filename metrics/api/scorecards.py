"""Scorecards over HTTP: the versions, the draft, and what the lab tells of a definition before it is published."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Perm
from accounts.requests import caller
from core import time
from core.models import WorkState
from metrics.health import cards, configuration, lab_tasks, preview, profiles, sources
from metrics.health.output import decimal
from metrics.models import LabTask, ScorecardVersion
from metrics.nights import last_finished_day
from metrics.services.scorecards import draft_publish, draft_save, version_restore


class ScorecardSerializer(serializers.ModelSerializer[ScorecardVersion]):
    """A version of the scorecard: weights and scores in hundredths, raw values in thousandths."""

    author = serializers.CharField(source="author.email", default=None, allow_null=True)

    class Meta:
        model = ScorecardVersion
        fields = (
            "id",
            "number",
            "state",
            "definition",
            "note",
            "author",
            "created_at",
            "published_at",
            "in_force_from",
        )


class DefinitionSerializer(serializers.Serializer[Any]):
    """What is asked about: a definition (else the draft, else what is in force) and a profile's cell ("" = all)."""

    definition = serializers.JSONField(required=False)
    cell = serializers.CharField(required=False, allow_blank=True, default="")

    def validate_cell(self, value: str) -> str:
        """Refuse what names no profile."""
        try:
            return profiles.cell(*profiles.parsed(value))
        except ValueError:
            raise serializers.ValidationError(_("“%(name)s” names no profile.") % {"name": value}) from None

    def validate_definition(self, value: Any) -> Any:
        """Refuse a definition that makes no scorecard, with the reason."""
        return _checked(value)


class DraftSerializer(serializers.Serializer[Any]):
    """A draft to be kept, in place of the one there is."""

    definition = serializers.JSONField()
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class NoteSerializer(serializers.Serializer[Any]):
    """Why something is published."""

    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class ScorecardViewSet(viewsets.ReadOnlyModelViewSet[ScorecardVersion]):
    """The versions of the scorecard, the draft among them."""

    permission = Perm.METRICS_VIEW
    write_permission = Perm.SETTINGS_MANAGE
    queryset = ScorecardVersion.objects.select_related("author")
    serializer_class = ScorecardSerializer
    ordering = ("-pk",)

    @extend_schema(summary="Keep a draft", request=DraftSerializer, responses=ScorecardSerializer)
    @action(detail=False, methods=["post"])
    def draft(self, request: Request) -> Response:
        """Keep a definition as the draft; nothing changes for anybody."""
        said = _valid(DraftSerializer, request)
        row = draft_save(actor=caller(request), definition=_checked(said["definition"]), note=said["note"])
        return Response(ScorecardSerializer(row).data)

    @extend_schema(summary="Publish the draft", request=NoteSerializer, responses=ScorecardSerializer)
    @action(detail=False, methods=["post"])
    def publish(self, request: Request) -> Response:
        """Publish the draft with a note; from today on every score is told by it."""
        return Response(
            ScorecardSerializer(
                draft_publish(actor=caller(request), note=_valid(NoteSerializer, request)["note"])
            ).data
        )

    @extend_schema(summary="Roll back to a version", request=NoteSerializer, responses=ScorecardSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str | None = None) -> Response:
        """Publish again what an earlier version said."""
        note = _valid(NoteSerializer, request)["note"]
        row = version_restore(actor=caller(request), version=self.get_object(), note=note)
        return Response(ScorecardSerializer(row).data)

    @extend_schema(
        summary="See what a definition would change",
        request=DefinitionSerializer,
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Score last night's inputs by a definition beside the version in force; nothing is kept."""
        said = _valid(DefinitionSerializer, request)
        day = last_finished_day()
        if day is None:
            raise NotFound(_("There is no finished night yet."))
        found = preview.preview(
            preview.held(day, cell=profiles.parsed(said["cell"])),
            cards.in_force([time.today()])[0].configuration,
            configuration.configuration(_asked(said)),
        )
        return Response({"day": day.isoformat(), **_previewed(found)})

    @extend_schema(
        summary="Test a definition on the past", request=DefinitionSerializer, responses=OpenApiTypes.OBJECT
    )
    @action(detail=False, methods=["post"])
    def backtest(self, request: Request) -> Response:
        """Tell how well a definition would have told who leaves; ask again while `state` is not `done`."""
        return self._task(LabTask.BACKTEST, request)

    @extend_schema(
        summary="Have weights suggested", request=DefinitionSerializer, responses=OpenApiTypes.OBJECT
    )
    @action(detail=False, methods=["post"])
    def suggestion(self, request: Request) -> Response:
        """Tell which weights would have told best who leaves; ask again while `state` is not `done`."""
        return self._task(LabTask.SUGGESTION, request)

    def _task(self, kind: str, request: Request) -> Response:
        said = _valid(DefinitionSerializer, request)
        day = last_finished_day()
        if day is None:
            raise NotFound(_("There is no finished night yet."))
        task = lab_tasks.asked(
            kind,
            definition=_asked(said),
            in_force=cards.in_force([time.today()])[0].version.definition,
            cell=said["cell"],
            day=day,
            author=caller(request).person,
        )
        done = task.state in (WorkState.DONE, WorkState.FAILED)
        answer = {
            "state": task.state,
            "progress": task.progress,
            "day": day.isoformat(),
            "result": task.result,
        }
        return Response(answer, status=200 if done else 202)


def _valid(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    found: dict[str, Any] = serializer.validated_data
    return found


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    """Return the definition that is asked about: the one sent, else the draft, else what is in force."""
    if "definition" in said:
        sent: dict[str, Any] = said["definition"]
        return sent
    row = cards.draft() or cards.in_force([time.today()])[0].version
    definition: dict[str, Any] = row.definition
    return definition


def _checked(value: Any) -> dict[str, Any]:
    """Return a definition as it is kept. Raises DRF's `ValidationError` with the reason."""
    try:
        if not isinstance(value, dict):
            raise ValidationError(_("A definition is an object with factors, cells and edges."))
        plain = configuration.plain(configuration.configuration(value))
        for key in plain["factors"]:
            sources.source(key)
    except ValidationError as refused:
        raise serializers.ValidationError({"definition": refused.messages}) from refused
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise serializers.ValidationError(
            {"definition": [_("A definition is an object with factors, cells and edges.")]}
        ) from wrong
    return plain


def _previewed(found: preview.Preview) -> dict[str, Any]:
    return {
        "customers": found.customers,
        "scores_before": found.before,
        "scores_after": found.after,
        "bands_before": found.bands_before,
        "bands_after": found.bands_after,
        "mrr_to_red": f"{found.mrr_to_red / 100:.2f}",
        "mrr_up": f"{found.mrr_up / 100:.2f}",
        "mrr_down": f"{found.mrr_down / 100:.2f}",
        "changes": [
            {
                "customer": one.customer,
                "before": decimal(one.before),
                "after": decimal(one.after),
                "band_before": one.band_before.key,
                "band_after": one.band_after.key,
            }
            for one in found.changes[: preview.SHOWN]
        ],
    }
