"""People and the audit trail over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from drf_spectacular.views import SpectacularAPIView
from rest_framework import mixins, serializers, viewsets

from accounts.api_auth import DeclaredPermission
from accounts.models import AuditEntry, AuditValue, User
from accounts.permissions import Perm
from accounts.requests import caller
from accounts.services.people import person_role_change


class Schema(SpectacularAPIView):
    """The API's description as OpenAPI, for anybody who is signed in or has a token."""

    permission = Perm.SIGNED_IN
    permission_classes = (DeclaredPermission,)


class UserSerializer(serializers.ModelSerializer[User]):
    """A person of the team; only the role can be changed here."""

    class Meta:
        model = User
        fields = ("id", "name", "email", "job_title", "role", "is_active", "joined_at", "last_login")
        read_only_fields = ("id", "name", "email", "job_title", "is_active", "joined_at", "last_login")


@extend_schema_view(
    list=extend_schema(summary="List people"),
    retrieve=extend_schema(summary="Read a person"),
    partial_update=extend_schema(summary="Change a person's role"),
)
class UserViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[User],
):
    """People of the team, disabled ones too. They join by invitation and are disabled in the pages."""

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.PEOPLE_MANAGE
    serializer_class = UserSerializer
    queryset = User.objects.all()
    filterset_fields: ClassVar = ["role", "is_active", "email"]
    http_method_names = ["get", "head", "options", "patch"]

    def perform_update(self, serializer: serializers.BaseSerializer[User]) -> None:
        """Change the role by the service, which keeps the last admin."""
        role = serializer.validated_data.get("role")
        if role is not None and serializer.instance is not None:
            serializer.instance = person_role_change(
                actor=caller(self.request), person=serializer.instance, role=role
            )


class AuditValueSerializer(serializers.ModelSerializer[AuditValue]):
    """What a field was and became; emptied by an erasure."""

    class Meta:
        model = AuditValue
        fields = ("field", "before", "after", "label")


class AuditSerializer(serializers.ModelSerializer[AuditEntry]):
    """One change."""

    values = AuditValueSerializer(many=True, read_only=True)

    class Meta:
        model = AuditEntry
        fields = (
            "id",
            "at",
            "actor",
            "actor_label",
            "action",
            "object_type",
            "object_id",
            "customer_id",
            "changed_fields",
            "values",
        )


class AuditFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of the page."""

    person = django_filters.NumberFilter(field_name="actor_id")
    action = django_filters.CharFilter()
    kind = django_filters.CharFilter(field_name="object_type")
    object = django_filters.CharFilter(field_name="object_id")
    customer = django_filters.NumberFilter(field_name="customer_id")
    first = django_filters.DateFilter(method="since")
    last = django_filters.DateFilter(method="until")

    def since(self, queryset: Any, name: str, value: Any) -> Any:
        """Keep entries from a workspace day on."""
        return queryset.matching(first=value)

    def until(self, queryset: Any, name: str, value: Any) -> Any:
        """Keep entries up to a workspace day, that day included."""
        return queryset.matching(last=value)


@extend_schema_view(
    list=extend_schema(summary="List changes, newest first"),
    retrieve=extend_schema(summary="Read a change"),
)
class AuditViewSet(viewsets.ReadOnlyModelViewSet[AuditEntry]):
    """The audit trail. Reading it needs the role manager and a token with the scope `admin`."""

    permission = Perm.AUDIT_VIEW
    serializer_class = AuditSerializer
    filterset_class = AuditFilter
    queryset = AuditEntry.objects.all()

    def get_queryset(self) -> QuerySet[AuditEntry]:
        """Return the entries with their values, two queries a page."""
        return AuditEntry.objects.prefetch_related("values")
