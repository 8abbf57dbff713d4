"""Alerts over HTTP."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Perm
from accounts.requests import caller
from core import time
from customers.api.fields import CustomerField
from playbooks.alerts.words import alert_sentence
from playbooks.models import Alert
from playbooks.services.alerts import alert_dismiss, alert_snooze, alert_wake

STATES = (("awake", "awake"), ("asleep", "asleep"), ("dismissed", "dismissed"), ("ended", "ended"))


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """A cause that a rule found. `reason` is its sentence, `mrr` the MRR at stake with two decimals."""

    customer = CustomerField(read_only=True)
    kind = serializers.CharField(source="rule.kind", read_only=True)
    reason = serializers.SerializerMethodField()
    mrr = serializers.SerializerMethodField()

    class Meta:
        model = Alert
        fields = (
            "id",
            "rule",
            "kind",
            "customer",
            "scope",
            "subject_id",
            "reason",
            "mrr",
            "since",
            "opened_at",
            "seen_on",
            "ended_on",
            "snoozed_until",
            "dismissed_at",
            "dismissed_why",
        )
        read_only_fields = fields

    def get_reason(self, alert: Alert) -> str:
        """Say why it stands."""
        return alert_sentence(alert)

    def get_mrr(self, alert: Alert) -> str:
        """Return the MRR at stake."""
        return f"{alert.mrr_cents / 100:.2f}"


class SnoozeSerializer(serializers.Serializer[Any]):
    """Until when; null: unless it gets worse."""

    until = serializers.DateField(required=False, allow_null=True)


class DismissSerializer(serializers.Serializer[Any]):
    """Why it is no problem."""

    why = serializers.CharField(max_length=300)


class AlertFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of alerts."""

    state = django_filters.ChoiceFilter(choices=STATES, method="by_state")
    kind = django_filters.CharFilter(field_name="rule__kind")
    rule = django_filters.NumberFilter()
    customer = django_filters.CharFilter(field_name="customer__external_id")

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        """Keep the alerts of a state."""
        if value == "awake":
            return rows.awake(time.today())
        if value == "asleep":
            return rows.asleep(time.today())
        if value == "dismissed":
            return rows.filter(ended_at__isnull=True, dismissed_at__isnull=False)
        return rows.filter(ended_at__isnull=False)


@extend_schema_view(
    list=extend_schema(summary="List alerts"), retrieve=extend_schema(summary="Read an alert")
)
class AlertViewSet(viewsets.ReadOnlyModelViewSet[Alert]):
    """What needs attention, and why."""

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.CUSTOMERS_EDIT
    queryset = Alert.objects.all()
    serializer_class = AlertSerializer
    filterset_class = AlertFilter
    ordering_fields: ClassVar = ["id", "mrr_cents", "opened_at"]
    ordering: ClassVar = ["-pk"]

    def get_queryset(self) -> QuerySet[Alert]:
        """Return the alerts the caller may see."""
        return Alert.objects.visible_to(self.request.user).select_related("rule", "customer")

    @extend_schema(summary="Put an alert off", request=SnoozeSerializer, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: str) -> Response:
        """Put the alert off until a day, or unless it gets worse."""
        alert = self._to_edit()
        asked = SnoozeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        alert_snooze(actor=caller(request), alert=alert, until=asked.validated_data.get("until"))
        return self._answer(alert)

    @extend_schema(summary="Dismiss an alert", request=DismissSerializer, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Say that the alert is no problem, and why."""
        alert = self._to_edit()
        asked = DismissSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        alert_dismiss(actor=caller(request), alert=alert, why=asked.validated_data["why"])
        return self._answer(alert)

    @extend_schema(summary="Let an alert stand again", request=None, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def wake(self, request: Request, pk: str) -> Response:
        """Take a snooze or a dismissal back."""
        alert = self._to_edit()
        alert_wake(actor=caller(request), alert=alert)
        return self._answer(alert)

    def _to_edit(self) -> Alert:
        alert: Alert = self.get_object()
        if not Alert.objects.editable_by(self.request.user).filter(pk=alert.pk).exists():
            self.permission_denied(self.request)
        return alert

    def _answer(self, alert: Alert) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=alert.pk)).data)
