"""Campaigns over HTTP: set up, changed, started, paused, stopped."""

from typing import Any, ClassVar

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from accounts.permissions import Perm
from accounts.requests import caller
from core import time
from surveys.models import Campaign, Survey
from surveys.services.campaigns import (
    FIELDS,
    campaign_create,
    campaign_pause,
    campaign_start,
    campaign_stop,
    campaign_update,
)


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """Who is asked what, and when.

    `audience` is a query of the portfolio: `{"view": ["v12"]}` or filters such as `{"segment": ["mid"]}`, empty for all
    customers; `roles` empty for everybody there. A campaign begins as a draft: nothing leaves before `start`.
    """

    survey = serializers.PrimaryKeyRelatedField(queryset=Survey.objects.filter(archived_at__isnull=True))
    audience = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False, default=dict
    )
    roles = serializers.ListField(child=serializers.CharField(), required=False, default=list)

    class Meta:
        model = Campaign
        fields = ("id", "survey", *FIELDS, "state", "halted", "started_at", "stopped_at", "created_at")
        read_only_fields = ("id", "state", "halted", "started_at", "stopped_at", "created_at")
        extra_kwargs: ClassVar = {
            "name": {"validators": []},  # the service's, which says what to do
            "daily_share": {"min_value": 1, "max_value": 100},
            "every_months": {"min_value": 1, "max_value": 24},
            "days_before": {"min_value": 1, "max_value": 365},
            "reminders": {"min_value": 0, "max_value": 2},
            "reminder_days": {"min_value": 1, "max_value": 30},
        }

    def create(self, validated_data: dict[str, Any]) -> Campaign:
        """Set the campaign up by its service."""
        survey = validated_data.pop("survey")
        return campaign_create(actor=caller(self.context["request"]), survey=survey, values=validated_data)

    def update(self, instance: Campaign, validated_data: dict[str, Any]) -> Campaign:
        """Change the campaign by its service; its survey stays."""
        validated_data.pop("survey", None)
        return campaign_update(
            actor=caller(self.context["request"]), campaign=instance, values=validated_data
        )


class CampaignFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of campaigns."""

    survey = django_filters.NumberFilter(field_name="survey_id")
    state = django_filters.ChoiceFilter(choices=Campaign.State.choices)
    when = django_filters.ChoiceFilter(choices=Campaign.When.choices)


@extend_schema_view(
    list=extend_schema(summary="List campaigns"),
    retrieve=extend_schema(summary="Read a campaign"),
    create=extend_schema(summary="Set up a campaign"),
    partial_update=extend_schema(summary="Change a campaign"),
)
class CampaignViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[Campaign],
):
    """Surveys sent to some people at some time."""

    permission = Perm.CAMPAIGNS_MANAGE
    write_permission = Perm.CAMPAIGNS_MANAGE
    http_method_names = ["get", "head", "options", "post", "patch"]
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter
    queryset = Campaign.objects.all()

    @extend_schema(summary="Start a campaign", request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str | None = None) -> Answer:
        """Start a draft, or go on with a paused campaign."""
        return self._turned(campaign_start, request, at=time.now())

    @extend_schema(summary="Pause a campaign", request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str | None = None) -> Answer:
        """Send nothing more until it goes on."""
        return self._turned(campaign_pause, request)

    @extend_schema(summary="Stop a campaign", request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str | None = None) -> Answer:
        """Send nothing more, for good."""
        return self._turned(campaign_stop, request, at=time.now())

    def _turned(self, turn: Any, request: Request, **more: Any) -> Answer:
        campaign = self.get_object()
        turn(actor=caller(request), campaign=campaign, **more)
        return Answer(self.get_serializer(campaign).data)
