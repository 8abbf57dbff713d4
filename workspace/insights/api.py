"""Insights and their themes over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import Perm
from accounts.requests import caller
from core import time
from customers.api.base import FactFilter, FactViewSet, check_editable
from customers.api.fields import ContactField, CustomerField, MoneyField
from customers.models import Customer, Insight, InsightKind, InsightTheme, Team, Ticket, Touchpoint
from customers.services.insight_themes import theme_create, theme_move, theme_update
from customers.services.insights import insight_create, insight_merge, insight_separate, insight_update
from metrics.nights import last_finished_day
from surveys.models import Response as Answer
from workspace.insights.board import NEVER
from workspace.insights.figures import Behind, behind


class InsightSerializer(serializers.ModelSerializer[Insight]):
    """One thing one customer told us: from a survey answer (`comment`), a touchpoint, a ticket, or by hand."""

    customer = CustomerField()
    contact = ContactField(required=False, allow_null=True)
    theme = serializers.PrimaryKeyRelatedField(
        queryset=InsightTheme.objects.live(), required=False, allow_null=True
    )
    comment = serializers.IntegerField(source="comment_id", required=False, allow_null=True)
    touchpoint = serializers.PrimaryKeyRelatedField(
        queryset=Touchpoint.objects.all(), required=False, allow_null=True
    )
    ticket = serializers.PrimaryKeyRelatedField(
        queryset=Ticket.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Insight
        fields = (
            "id",
            "customer",
            "theme",
            "kind",
            "area",
            "quote",
            "language",
            "contact",
            "said_by",
            "said_on",
            "source",
            "comment",
            "touchpoint",
            "ticket",
            "duplicate_of",
            "recorded_at",
        )
        read_only_fields = ("id", "source", "duplicate_of", "recorded_at")
        extra_kwargs: ClassVar = {"said_on": {"required": False}}

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Refuse a comment, conversation or ticket that is not the customer's."""
        customer = data.get("customer") or (self.instance.customer if self.instance else None)
        comment = data.get("comment_id")
        if (
            comment is not None
            and not Answer.objects.counted().filter(pk=comment, customer=customer).exists()
        ):
            raise serializers.ValidationError({"comment": ["This customer gave no such answer."]})
        for name in ("touchpoint", "ticket"):
            if data.get(name) is not None and data[name].customer_id != getattr(customer, "pk", None):
                raise serializers.ValidationError({name: ["This customer has no such row."]})
        return data


class MergeSerializer(serializers.Serializer[Any]):
    """The insight that says the same, of the same customer."""

    into = serializers.PrimaryKeyRelatedField(queryset=Insight.objects.counted())


class InsightFilter(FactFilter):
    """The filters of insights; both ends of a span are included."""

    theme = django_filters.NumberFilter(field_name="theme_id")
    unsorted = django_filters.BooleanFilter(field_name="theme", lookup_expr="isnull")
    kind = django_filters.ChoiceFilter(choices=InsightKind.choices)
    team = django_filters.ChoiceFilter(field_name="theme__team", choices=Team.choices)
    source = django_filters.ChoiceFilter(choices=Insight.Source.choices)
    said_from = django_filters.DateFilter(field_name="said_on", lookup_expr="gte")
    said_to = django_filters.DateFilter(field_name="said_on", lookup_expr="lte")


def _update(*, actor: Any, insight: Insight, changes: dict[str, Any]) -> Insight:
    fixed = {name: changes.pop(name) for name in ("comment_id", "touchpoint", "ticket") if name in changes}
    if any(value != getattr(insight, name) for name, value in fixed.items()):
        raise serializers.ValidationError("What an insight comes from does not change.")
    return insight_update(actor=actor, insight=insight, changes=changes)


@extend_schema_view(
    list=extend_schema(summary="List insights"),
    retrieve=extend_schema(summary="Read an insight"),
    create=extend_schema(summary="Record an insight"),
    partial_update=extend_schema(summary="Change an insight, or sort it to a theme"),
)
class InsightViewSet(FactViewSet):
    """What customers told us; duplicates name the insight they repeat."""

    queryset = Insight.objects.filter(removed_at__isnull=True).select_related("customer")
    serializer_class = InsightSerializer
    filterset_class = InsightFilter
    ordering_fields: ClassVar = ["id", "said_on", "recorded_at"]
    noun = "insight"
    writers = (insight_create, _update)

    @extend_schema(
        summary="Count an insight with the one it repeats",
        request=MergeSerializer,
        responses=InsightSerializer,
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Say that it repeats another insight of the same customer."""
        row = self._to_edit()
        asked = MergeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = insight_merge(actor=caller(request), insight=row, into=asked.validated_data["into"])
        return Response(self.get_serializer(row).data)

    @extend_schema(summary="Let an insight count by itself again", request=None, responses=InsightSerializer)
    @action(detail=True, methods=["post"])
    def separate(self, request: Request, pk: str) -> Response:
        """Let it count by itself again."""
        return Response(
            self.get_serializer(insight_separate(actor=caller(request), insight=self._to_edit())).data
        )

    def _to_edit(self) -> Insight:
        row: Insight = self.get_object()
        check_editable(self.request.user, row.customer)
        return row


class InsightThemeSerializer(serializers.ModelSerializer[InsightTheme]):
    """What several customers say, with what stands behind it: all that counts of the customers you may see."""

    owner = serializers.SlugRelatedField(
        slug_field="email", queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    mentions = serializers.SerializerMethodField()
    customers = serializers.SerializerMethodField()
    mrr = serializers.SerializerMethodField()
    red_share = serializers.SerializerMethodField()

    class Meta:
        model = InsightTheme
        fields = (
            "id",
            "name",
            "kind",
            "area",
            "about",
            "team",
            "owner",
            "due_on",
            "state",
            "declined_why",
            "done_note",
            "done_at",
            "mentions",
            "customers",
            "mrr",
            "red_share",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "state", "declined_why", "done_note", "done_at", "created_at", "updated_at")
        validators: ClassVar[list[Any]] = []
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"name": {"validators": []}}

    def _behind(self, theme: InsightTheme) -> Behind:
        """Return what stands behind a theme; read once for all themes of an answer."""
        context: Any = self.context
        if theme.pk not in context.setdefault("behind", {}):
            root: Any = self.root
            rows: Any = root.instance if isinstance(root, serializers.ListSerializer) else [theme]
            visible = Customer.objects.visible_to(context["request"].user).order_by().values("pk")
            said = Insight.objects.counted().filter(customer__in=visible)
            keys = [row.pk for row in rows]
            context["behind"] |= behind(said, keys, last_finished_day() or NEVER, time.today())
        found: Behind = context["behind"][theme.pk]
        return found

    def get_mentions(self, theme: InsightTheme) -> int:
        """Return how often it was said."""
        return self._behind(theme).mentions

    def get_customers(self, theme: InsightTheme) -> int:
        """Return how many customers said it."""
        return self._behind(theme).customers

    @extend_schema(responses=MoneyField)
    def get_mrr(self, theme: InsightTheme) -> str:
        """Return the MRR of these customers as of the last finished night."""
        return f"{self._behind(theme).mrr / 100:.2f}"

    def get_red_share(self, theme: InsightTheme) -> float | None:
        """Return which share of the scored ones is at risk."""
        return self._behind(theme).red_share


class MoveSerializer(serializers.Serializer[Any]):
    """The next state. `why` is needed to decline; `note` says what was done."""

    state = serializers.ChoiceField(choices=InsightTheme.State.choices)
    why = serializers.CharField(required=False, allow_blank=True, default="")
    note = serializers.CharField(required=False, allow_blank=True, default="")


class InsightThemeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of themes."""

    kind = django_filters.ChoiceFilter(choices=InsightKind.choices)
    team = django_filters.ChoiceFilter(choices=Team.choices)
    state = django_filters.ChoiceFilter(choices=InsightTheme.State.choices)
    owner = django_filters.CharFilter(field_name="owner__email", lookup_expr="iexact")


@extend_schema_view(
    list=extend_schema(summary="List themes of insights"),
    retrieve=extend_schema(summary="Read a theme of insights"),
    create=extend_schema(summary="Name a theme of insights"),
    partial_update=extend_schema(summary="Change or route a theme of insights"),
)
class InsightThemeViewSet(
    mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet[InsightTheme]
):
    """What several customers say, as one thing a team can act on."""

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.CUSTOMERS_EDIT
    http_method_names = ["get", "head", "options", "post", "patch"]
    queryset: QuerySet[InsightTheme] = InsightTheme.objects.live().select_related("owner")
    serializer_class = InsightThemeSerializer
    filterset_class = InsightThemeFilter
    ordering_fields: ClassVar = ["id", "name", "due_on", "updated_at"]
    ordering: ClassVar = ["-pk"]

    def perform_create(self, serializer: serializers.BaseSerializer[InsightTheme]) -> None:
        """Name a theme by its service."""
        serializer.instance = theme_create(actor=caller(self.request), **dict(serializer.validated_data))

    def perform_update(self, serializer: serializers.BaseSerializer[InsightTheme]) -> None:
        """Change a theme by its service."""
        theme: Any = serializer.instance
        serializer.instance = theme_update(
            actor=caller(self.request), theme=theme, changes=dict(serializer.validated_data)
        )

    @extend_schema(summary="Move a theme on", request=MoveSerializer, responses=InsightThemeSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Accept, plan, finish or decline it."""
        asked = MoveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = theme_move(actor=caller(request), theme=self.get_object(), **asked.validated_data)
        return Response(self.get_serializer(row).data)
