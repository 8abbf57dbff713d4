"""Playbooks and their runs over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import filters, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Perm
from accounts.requests import caller
from customers.api.fields import CustomerField
from customers.models import Customer
from playbooks.models import Playbook, PlaybookVersion, Run, RunBatch, RunStep, Step
from playbooks.services.runs import MOST_HOLDOUT, offer_answer, run_stop, runs_start

MOST_IDS = 1000


class PlaybookStepSerializer(serializers.ModelSerializer[Step]):
    """A step: `after` so many `unit`s from the start. What `params` hold depends on its kind."""

    class Meta:
        model = Step
        fields = (
            "key",
            "position",
            "kind",
            "title",
            "after",
            "unit",
            "condition",
            "branch",
            "branch_to",
            "params",
        )
        read_only_fields = fields


class PlaybookVersionSerializer(serializers.ModelSerializer[PlaybookVersion]):
    """What a published version says: what starts it, for whom, and its steps."""

    steps = PlaybookStepSerializer(many=True, read_only=True)

    class Meta:
        model = PlaybookVersion
        fields = (
            "number",
            "starts",
            "start_values",
            "days_before",
            "segments",
            "stages",
            "bands",
            "again_days",
            "holdout",
            "published_at",
            "steps",
        )
        read_only_fields = fields


class PlaybookSerializer(serializers.ModelSerializer[Playbook]):
    """A playbook. `active`: it starts by itself; `published`: the version new runs follow, null before the first."""

    published = PlaybookVersionSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Playbook
        fields = (
            "id",
            "name",
            "purpose",
            "active",
            "published",
            "created_at",
            "updated_at",
            "archived_at",
        )
        read_only_fields = fields


class PlaybookStartSerializer(serializers.Serializer[Any]):
    """For which customers (by their external ids), and how many per cent of them are held back to be compared."""

    customers = serializers.ListField(
        child=serializers.CharField(max_length=120), min_length=1, max_length=MOST_IDS
    )
    holdout = serializers.IntegerField(min_value=0, max_value=MOST_HOLDOUT, default=0)


class RunBatchSerializer(serializers.ModelSerializer[RunBatch]):
    """Runs that were started together; the work itself goes on in the background."""

    class Meta:
        model = RunBatch
        fields = ("id", "playbook", "total", "left_out", "created_at")
        read_only_fields = fields


class RunStepSerializer(serializers.ModelSerializer[RunStep]):
    """A step that a run has come to, and what came of it. `amount` is that of an offer, with two decimals."""

    title = serializers.CharField(source="step.title", read_only=True)
    kind = serializers.CharField(source="step.kind", read_only=True)
    amount = serializers.SerializerMethodField()

    class Meta:
        model = RunStep
        fields = (
            "id",
            "key",
            "kind",
            "title",
            "state",
            "why",
            "detail",
            "task",
            "answer",
            "amount",
            "reached_at",
            "finished_at",
        )
        read_only_fields = fields

    def get_amount(self, step: RunStep) -> str | None:
        """Return what was offered a month."""
        return None if step.amount_cents is None else f"{step.amount_cents / 100:.2f}"


class RunSerializer(serializers.ModelSerializer[Run]):
    """A playbook for one customer. `next_key`: the step it is at; `due_at`: when it is looked at next."""

    customer = CustomerField(read_only=True)
    version = serializers.IntegerField(source="running_version.number", read_only=True)
    steps = RunStepSerializer(many=True, read_only=True)

    class Meta:
        model = Run
        fields = (
            "id",
            "playbook",
            "version",
            "customer",
            "standing",
            "how",
            "alert",
            "batch",
            "started_on",
            "next_key",
            "due_at",
            "ended_at",
            "end_why",
            "steps",
        )
        read_only_fields = fields


class RunStopSerializer(serializers.Serializer[Any]):
    """Why it is stopped."""

    why = serializers.CharField(max_length=300)


class OfferAnswerSerializer(serializers.Serializer[Any]):
    """What the customer said to the offer of a step."""

    step = serializers.IntegerField(help_text="The id of the run's step.")
    answer = serializers.ChoiceField(choices=[("accepted", "accepted"), ("declined", "declined")])


class PlaybookFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of playbooks."""

    active = django_filters.BooleanFilter()
    archived = django_filters.BooleanFilter(field_name="archived_at", lookup_expr="isnull", exclude=True)


class RunFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of runs; both ends of days are included."""

    playbook = django_filters.NumberFilter()
    customer = django_filters.CharFilter(field_name="customer__external_id")
    standing = django_filters.ChoiceFilter(choices=Run.Standing.choices)
    batch = django_filters.NumberFilter()
    started_from = django_filters.DateFilter(field_name="started_on", lookup_expr="gte")
    started_to = django_filters.DateFilter(field_name="started_on", lookup_expr="lte")


@extend_schema_view(
    list=extend_schema(summary="List playbooks"), retrieve=extend_schema(summary="Read a playbook")
)
class PlaybookViewSet(viewsets.ReadOnlyModelViewSet[Playbook]):
    """Ways of working that are written once and run for many customers."""

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.CUSTOMERS_EDIT
    queryset = Playbook.objects.all()
    serializer_class = PlaybookSerializer
    filter_backends = (DjangoFilterBackend, filters.OrderingFilter)
    filterset_class = PlaybookFilter
    ordering_fields: ClassVar = ["id", "name", "updated_at"]
    ordering: ClassVar = ["-pk"]

    def get_queryset(self) -> QuerySet[Playbook]:
        """Return all playbooks with their published steps."""
        return Playbook.objects.select_related("published").prefetch_related("published__steps")

    @extend_schema(
        summary="Start a playbook", request=PlaybookStartSerializer, responses={202: RunBatchSerializer}
    )
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Start the playbook for customers; those where it is running already are left out."""
        asked = PlaybookStartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data["customers"]
        seen = Customer.objects.visible_to(request.user).filter(external_id__in=wanted)
        unknown = sorted(set(wanted) - set(seen.values_list("external_id", flat=True)))
        if unknown:
            raise serializers.ValidationError({"customers": [f"There is no customer “{unknown[0]}”."]})
        batch = runs_start(
            actor=caller(request),
            playbook=self.get_object(),
            customers=seen,
            holdout=asked.validated_data["holdout"],
        )
        return Response(RunBatchSerializer(batch).data, status=202)


@extend_schema_view(list=extend_schema(summary="List runs"), retrieve=extend_schema(summary="Read a run"))
class RunViewSet(viewsets.ReadOnlyModelViewSet[Run]):
    """What became of playbooks: one run per start and customer."""

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.CUSTOMERS_EDIT
    queryset = Run.objects.all()
    serializer_class = RunSerializer
    filter_backends = (DjangoFilterBackend, filters.OrderingFilter)
    filterset_class = RunFilter
    ordering_fields: ClassVar = ["id", "started_on", "due_at"]
    ordering: ClassVar = ["-pk"]

    def get_queryset(self) -> QuerySet[Run]:
        """Return the runs the caller may see."""
        rows = Run.objects.visible_to(self.request.user).select_related("customer", "running_version")
        return rows.prefetch_related("steps__step")

    @extend_schema(summary="Stop a run", request=RunStopSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        """Stop the run, and say why; tasks that it made stay."""
        run = self._to_edit()
        asked = RunStopSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        run_stop(actor=caller(request), run=run, why=asked.validated_data["why"])
        return self._answer(run)

    @extend_schema(
        summary="Say what came of an offer", request=OfferAnswerSerializer, responses=RunSerializer
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Record what the customer said to an offer of the run."""
        run = self._to_edit()
        asked = OfferAnswerSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        step = run.steps.filter(pk=asked.validated_data["step"]).first()
        if step is None:
            raise serializers.ValidationError({"step": ["This run has no such step."]})
        offer_answer(actor=caller(request), step=step, answer=asked.validated_data["answer"])
        return self._answer(run)

    def _to_edit(self) -> Run:
        run: Run = self.get_object()
        if not Run.objects.editable_by(self.request.user).filter(pk=run.pk).exists():
            self.permission_denied(self.request)
        return run

    def _answer(self, run: Run) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=run.pk)).data)
