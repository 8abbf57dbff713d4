"""Action plans over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import Perm
from accounts.requests import caller
from metrics.models import ActionPlan, PlanStep
from metrics.services.plans import plan_close, plan_open, plan_update, step_add, step_done


class StepSerializer(serializers.ModelSerializer[PlanStep]):
    """One thing to do; `done_on` null: not done yet."""

    class Meta:
        model = PlanStep
        fields = ("id", "position", "what", "due_on", "done_on")
        read_only_fields = ("id", "position", "done_on")


class PlanSerializer(serializers.ModelSerializer[ActionPlan]):
    """What is done about a figure that fell. `value`: what the figure was when the plan was opened."""

    owner = serializers.SlugRelatedField(
        slug_field="email",
        queryset=User.objects.filter(is_active=True),
        help_text="The owner's e-mail address.",
    )
    steps = StepSerializer(many=True, read_only=True)

    class Meta:
        model = ActionPlan
        fields = (
            "id",
            "key",
            "slice",
            "cause",
            "owner",
            "value",
            "opened_on",
            "due_on",
            "closed_on",
            "outcome",
            "steps",
        )
        read_only_fields = ("id", "value", "opened_on", "closed_on", "outcome")
        validators: ClassVar[list[object]] = []  # the service's, which say what to do


class PlanFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of action plans; both ends are included."""

    key = django_filters.CharFilter()
    slice = django_filters.CharFilter()
    owner = django_filters.CharFilter(field_name="owner__email", lookup_expr="iexact")
    open = django_filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")


class OutcomeSerializer(serializers.Serializer[Any]):
    """What came of a plan."""

    outcome = serializers.CharField(max_length=2000)


class DoneSerializer(serializers.Serializer[Any]):
    """Whether a step is done."""

    step = serializers.IntegerField()
    done = serializers.BooleanField(default=True)


@extend_schema_view(
    list=extend_schema(summary="List action plans"),
    retrieve=extend_schema(summary="Read an action plan"),
    create=extend_schema(summary="Open an action plan"),
    partial_update=extend_schema(summary="Change an action plan"),
)
class PlanViewSet(
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.ReadOnlyModelViewSet[ActionPlan],
):
    """What is done about figures that fell or missed their targets; a plan's owner may change it too."""

    permission = Perm.METRICS_VIEW
    http_method_names = ["get", "head", "options", "post", "patch"]
    queryset = ActionPlan.objects.select_related("owner").prefetch_related("steps")
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
    ordering_fields: ClassVar = ["id", "due_on", "opened_on"]
    ordering: ClassVar = ["-pk"]

    @property
    def write_permission(self) -> Perm:
        """Who may set targets opens plans; what happens to one is asked of each (`_editor`)."""
        return Perm.TARGETS_EDIT if self.action == "create" else Perm.METRICS_VIEW

    def perform_create(self, serializer: serializers.BaseSerializer[ActionPlan]) -> None:
        """Open a plan by its service."""
        serializer.instance = plan_open(actor=caller(self.request), **serializer.validated_data)

    def perform_update(self, serializer: serializers.BaseSerializer[ActionPlan]) -> None:
        """Change a plan by its service."""
        plan: Any = serializer.instance
        serializer.instance = plan_update(
            actor=self._editor(plan), plan=plan, changes=serializer.validated_data
        )

    @extend_schema(summary="Close an action plan", request=OutcomeSerializer, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close a plan with what came of it."""
        plan = self.get_object()
        plan_close(actor=self._editor(plan), plan=plan, **_given(OutcomeSerializer, request))
        return self._answer(plan)

    @extend_schema(summary="Add a step", request=StepSerializer, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def steps(self, request: Request, pk: str) -> Response:
        """Add a step at the end."""
        plan = self.get_object()
        step_add(actor=self._editor(plan), plan=plan, **_given(StepSerializer, request))
        return self._answer(plan)

    @extend_schema(summary="Tick a step", request=DoneSerializer, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Mark a step as done, or as not done after all."""
        plan = self.get_object()
        editor, given = self._editor(plan), _given(DoneSerializer, request)
        step_done(
            actor=editor, step=get_object_or_404(plan.steps.all(), pk=given["step"]), done=given["done"]
        )
        return self._answer(plan)

    def _editor(self, plan: ActionPlan) -> Any:
        """Return the caller, who may set targets or owns the plan; others are refused."""
        who = caller(self.request)
        if not who.may(Perm.TARGETS_EDIT) and (who.person is None or plan.owner_id != who.person.pk):
            raise PermissionDenied
        return who

    def _answer(self, plan: ActionPlan) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=plan.pk)).data)


def _given(kind: type[serializers.BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    asked = kind(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)
