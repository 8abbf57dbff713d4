"""Tasks over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import Perm
from accounts.requests import caller
from core import time
from customers.api.fields import CustomerField
from playbooks.models import Task, TaskItem
from playbooks.services.tasks import (
    StaleTaskError,
    item_tick,
    task_create,
    task_done,
    task_drop,
    task_reopen,
    task_update,
)

IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of the task as it was read."
)


class TaskChangedMeanwhile(APIException):
    """`If-Match` names another version than the task has now."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"
    default_detail = "Somebody changed this task since you read it. Read it again and repeat the change."


class ItemSerializer(serializers.ModelSerializer[TaskItem]):
    """A line of a checklist."""

    class Meta:
        model = TaskItem
        fields = ("id", "position", "text", "done")
        read_only_fields = fields


class TaskSerializer(serializers.ModelSerializer[Task]):
    """Work for one person. `checklist`: its lines when it is made; `items`: the lines it has.

    `repeats` (day, workday, week, month; empty: never) `every` so many of these: done, it is followed by the next one.
    """

    customer = CustomerField(required=False, allow_null=True)
    owner = serializers.SlugRelatedField(
        slug_field="email", queryset=User.objects.all(), help_text="The owner's e-mail address."
    )
    items = ItemSerializer(many=True, read_only=True)
    checklist = serializers.ListField(
        child=serializers.CharField(max_length=200), write_only=True, required=False, max_length=50
    )

    class Meta:
        model = Task
        fields = (
            "id",
            "title",
            "body",
            "customer",
            "owner",
            "due_on",
            "due_at",
            "priority",
            "state",
            "closed_at",
            "repeats",
            "every",
            "items",
            "checklist",
            "version",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "state", "closed_at", "version", "created_at", "updated_at")


class TickSerializer(serializers.Serializer[Any]):
    """Whether a line of the checklist is done."""

    item = serializers.IntegerField()
    done = serializers.BooleanField(default=True)


class TaskFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of tasks; both ends are included."""

    state = django_filters.ChoiceFilter(choices=Task.State.choices)
    owner = django_filters.CharFilter(field_name="owner__email", lookup_expr="iexact")
    customer = django_filters.CharFilter(field_name="customer__external_id")
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")
    priority = django_filters.NumberFilter()


@extend_schema_view(
    list=extend_schema(summary="List tasks"),
    retrieve=extend_schema(summary="Read a task"),
    create=extend_schema(summary="Make a task"),
    partial_update=extend_schema(summary="Change a task", parameters=[IF_MATCH]),
)
class TaskViewSet(mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet[Task]):
    """Work for one person each, about a customer or not."""

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.CUSTOMERS_EDIT
    http_method_names = ["get", "head", "options", "post", "patch"]
    queryset = Task.objects.all()
    serializer_class = TaskSerializer
    filterset_class = TaskFilter
    ordering_fields: ClassVar = ["id", "due_on", "priority", "updated_at"]
    ordering: ClassVar = ["-pk"]

    def get_queryset(self) -> QuerySet[Task]:
        """Return the tasks the caller may see."""
        rows = Task.objects.visible_to(self.request.user)
        return rows.select_related("owner", "customer").prefetch_related("items")

    def perform_create(self, serializer: serializers.BaseSerializer[Task]) -> None:
        """Make a task by its service."""
        data = dict(serializer.validated_data)
        items = data.pop("checklist", [])
        serializer.instance = task_create(actor=caller(self.request), items=items, **data)

    def perform_update(self, serializer: serializers.BaseSerializer[Task]) -> None:
        """Change a task by its service, with `If-Match` only the version that was read."""
        data = dict(serializer.validated_data)
        data.pop("checklist", None)
        task: Any = serializer.instance
        self._check_editable(task)
        try:
            serializer.instance = task_update(
                actor=caller(self.request), task=task, changes=data, version=self._version()
            )
        except StaleTaskError as stale:
            raise TaskChangedMeanwhile from stale

    @extend_schema(summary="Mark a task as done", request=None, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Mark the task as done; one that repeats gets its next one."""
        return self._answer(task_done(actor=caller(request), task=self._to_edit()))

    @extend_schema(summary="Drop a task", request=None, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """Give the task up."""
        return self._answer(task_drop(actor=caller(request), task=self._to_edit()))

    @extend_schema(summary="Open a task again", request=None, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Open the task again."""
        return self._answer(task_reopen(actor=caller(request), task=self._to_edit()))

    @extend_schema(summary="Tick a line of the checklist", request=TickSerializer, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def tick(self, request: Request, pk: str) -> Response:
        """Tick a line of the checklist, or take the tick back."""
        task = self._to_edit()
        asked = TickSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        item = task.items.filter(pk=asked.validated_data["item"]).first()
        if item is None:
            raise Http404
        item_tick(actor=caller(request), item=item, done=asked.validated_data["done"])
        return self._answer(task)

    def _to_edit(self) -> Task:
        task = self.get_object()
        self._check_editable(task)
        return task

    def _check_editable(self, task: Task) -> None:
        if not Task.objects.editable_by(self.request.user, time.today()).filter(pk=task.pk).exists():
            self.permission_denied(self.request)

    def _version(self) -> int | None:
        header = self.request.headers.get("If-Match", "").strip()
        if header in {"", "*"}:
            return None
        text = header.removeprefix("W/").strip('"')
        if not text.isdecimal():
            raise TaskChangedMeanwhile
        return int(text)

    def _answer(self, task: Task) -> Response:
        found = self.get_queryset().get(pk=task.pk)
        return Response(self.get_serializer(found).data, headers={"ETag": f'"{found.version}"'})

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one task with its ETag."""
        return self._answer(self.get_object())
