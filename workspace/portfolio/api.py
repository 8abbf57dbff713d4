"""The portfolio and its saved views over HTTP: the filters and orders of the page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from accounts.models import User
from accounts.permissions import Perm
from accounts.requests import caller
from customers.models import SavedView
from customers.services.saved_views import view_create, view_remove, view_update
from workspace.portfolio import columns, filters
from workspace.portfolio.api_rows import PortfolioRowSerializer
from workspace.portfolio.desk import Desk
from workspace.portfolio.opening import open_portfolio
from workspace.portfolio.paging import BadCursorError
from workspace.portfolio.rows import load_rows
from workspace.portfolio.saved import views_seen_by
from workspace.portfolio.state import parse

PAGE_SIZE, MOST = 50, 500
VIEW_PARAMETERS = {"q", "sort", "cols"}

FILTERS = [
    OpenApiParameter(name, OpenApiTypes.STR, many=one.template == "choice", description=str(one.label))
    for one in filters.REGISTRY.values()
    for name in one.names()
]
PARAMETERS = [
    OpenApiParameter("q", OpenApiTypes.STR, description="Name, person, e-mail, CNPJ, external ID or domain."),
    *FILTERS,
    OpenApiParameter("view", OpenApiTypes.STR, description="A view's key instead of filters: `mine`, `v12`."),
    OpenApiParameter("as_of", OpenApiTypes.DATE, description="The state at the end of a past day."),
    OpenApiParameter(
        "ordering",
        OpenApiTypes.STR,
        description="A column, with a minus for descending: " + ", ".join(columns.REGISTRY) + ", attr:KEY.",
    ),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=f"At most {MOST}."),
    OpenApiParameter("after", OpenApiTypes.STR, description="Where a page ended; `next` has it."),
    OpenApiParameter("before", OpenApiTypes.STR, description="Where a page began; `previous` has it."),
]


class PortfolioPageSerializer(serializers.Serializer[Any]):
    """A page of the portfolio."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PortfolioRowSerializer(many=True)


class PortfolioViewSet(viewsets.ViewSet):
    """Customers with their figures of the last finished night, or of a past day: the table of the page."""

    permission = Perm.CUSTOMERS_VIEW
    one_answer = True

    @extend_schema(
        summary="List the portfolio", parameters=PARAMETERS, responses=PortfolioPageSerializer, filters=False
    )
    def list(self, request: Request) -> Response:
        """Return a page of what matches, in a constant number of queries."""
        given = request.query_params.copy()
        desk = Desk(caller(request))
        ordering = given.get("ordering", "")
        if ordering:
            if ordering.removeprefix("-") not in desk.known.columns:
                raise serializers.ValidationError({"ordering": [_("There is no such column.")]})
            given["sort"] = ordering
        portfolio = open_portfolio(desk, given).portfolio
        if portfolio.state.problems:
            raise serializers.ValidationError({"filters": list(portfolio.state.problems)})
        shown = portfolio.with_every_figure()
        try:
            page = shown.page(size=_size(given.get("page_size", "")), strict=True)
        except BadCursorError as reason:
            raise serializers.ValidationError({"after": [_("This is no place in this list.")]}) from reason
        rows = load_rows(page.rows, shown.scope, shown.columns, page=False)
        here = request.build_absolute_uri()
        answer = {
            "next": _beside(here, "after", page.after),
            "previous": _beside(here, "before", page.before),
            "results": rows,
        }
        return Response(PortfolioPageSerializer(answer).data)


def _size(text: str) -> int:
    if not text:
        return PAGE_SIZE
    if not text.isdecimal() or int(text) < 1:
        raise serializers.ValidationError({"page_size": [_("Give a whole number above zero.")]})
    return min(int(text), MOST)


def _beside(here: str, name: str, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    for other in ("after", "before"):
        here = remove_query_param(here, other)
    return str(replace_query_param(here, name, cursor))


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A named view. `query` holds lists of values by the page's parameter names; `key` is what `view=` takes."""

    key = serializers.SerializerMethodField()
    query = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=200), max_length=100),
        required=False,
        default=dict,
    )

    class Meta:
        model = SavedView
        fields = ("id", "key", "name", "query", "shared", "owner", "created_at")
        read_only_fields = ("id", "owner", "created_at")

    def get_key(self, view: SavedView) -> str:
        """Return the view's key."""
        return f"v{view.pk}"

    def validate_query(self, query: dict[str, list[str]]) -> dict[str, list[str]]:
        """Refuse parameters the portfolio does not know, and values it cannot read."""
        known = Desk(caller(self.context["request"])).known
        names = VIEW_PARAMETERS | {name for one in known.filters.values() for name in one.names()}
        unknown = sorted(set(query) - names)
        if unknown:
            raise serializers.ValidationError(
                _("The portfolio knows no %(names)s.") % {"names": ", ".join(unknown)}
            )
        state = parse(query, filters=known.filters, columns=known.columns)
        if state.problems:
            raise serializers.ValidationError(list(state.problems))
        return state.to_saved()


@extend_schema_view(
    list=extend_schema(summary="List saved views"),
    retrieve=extend_schema(summary="Read a saved view"),
    create=extend_schema(summary="Save a view"),
    partial_update=extend_schema(summary="Change a saved view"),
    destroy=extend_schema(summary="Remove a saved view"),
)
class SavedViewViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[SavedView],
):
    """Views of the portfolio: the caller's own and those shared with the team."""

    permission = Perm.CUSTOMERS_VIEW
    serializer_class = SavedViewSerializer
    queryset = SavedView.objects.all()
    http_method_names = ["get", "head", "options", "post", "patch", "delete"]

    def get_queryset(self) -> QuerySet[SavedView]:
        """Return the views the caller sees."""
        return views_seen_by(caller(self.request).person)

    def perform_create(self, serializer: serializers.BaseSerializer[SavedView]) -> None:
        """Save a view of the person."""
        fields = serializer.validated_data
        serializer.instance = view_create(
            actor=self._person(),
            name=fields["name"],
            query=fields.get("query", {}),
            shared=fields.get("shared", False),
        )

    def perform_update(self, serializer: serializers.BaseSerializer[SavedView]) -> None:
        """Change one of the person's views, or a shared one."""
        view = serializer.instance
        assert view is not None  # noqa: S101 - an update has one
        fields = serializer.validated_data
        serializer.instance = view_update(
            actor=self._person(),
            view=view,
            name=fields.get("name", view.name),
            shared=fields.get("shared", view.shared),
            query=fields.get("query"),
        )

    def perform_destroy(self, instance: SavedView) -> None:
        """Remove one of the person's views, or a shared one."""
        view_remove(actor=self._person(), view=instance)

    def _person(self) -> User:
        """Return the person asking; an integration has no views of its own."""
        person = caller(self.request).person
        if person is None:
            raise PermissionDenied
        return person
