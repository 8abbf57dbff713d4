"""Surveys and invitations over HTTP; a made invitation tells its link once."""

from typing import Any, ClassVar

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from accounts.permissions import Perm
from accounts.requests import caller
from core import time
from customers.api.base import FactFilter, check_editable
from customers.models import Contact, Customer
from surveys.models import Invitation, Survey, SurveyText
from surveys.services.links import survey_link_create


class SurveyTextSerializer(serializers.ModelSerializer[SurveyText]):
    """A survey's own words in one language; an empty one stands for the standard text."""

    class Meta:
        model = SurveyText
        exclude = ("id", "survey")


class SurveySerializer(serializers.ModelSerializer[Survey]):
    """A question with its look and its own words."""

    texts = SurveyTextSerializer(many=True, read_only=True)

    class Meta:
        model = Survey
        fields = (
            "id",
            "kind",
            "name",
            "brand_name",
            "brand_colour",
            "link_days",
            "closes_at",
            "created_at",
            "texts",
        )


@extend_schema_view(
    list=extend_schema(summary="List surveys"), retrieve=extend_schema(summary="Read a survey")
)
class SurveyViewSet(viewsets.ReadOnlyModelViewSet[Survey]):
    """Surveys that are not archived."""

    permission = Perm.CUSTOMERS_VIEW
    serializer_class = SurveySerializer
    filterset_fields: ClassVar = ["kind"]
    queryset = Survey.objects.filter(archived_at__isnull=True).prefetch_related("texts")


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """One person's invitation. `link` is told once, in the answer to the POST that made it."""

    survey = serializers.PrimaryKeyRelatedField(queryset=Survey.objects.filter(archived_at__isnull=True))
    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.filter(archived_at__isnull=True))
    answered = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = (
            "id",
            "survey",
            "campaign",
            "customer",
            "contact",
            "channel",
            "language",
            "state",
            "event_subject",
            "event_on",
            "reminders",
            "due_at",
            "sent_at",
            "delivered_at",
            "bounced_at",
            "expires_at",
            "revoked_at",
            "created_at",
            "answered",
            "link",
        )
        read_only_fields = tuple(name for name in fields if name not in ("survey", "contact"))

    def get_answered(self, row: Invitation) -> bool:
        """Tell whether an answer counts."""
        response = getattr(row, "response", None)
        return response is not None and not response.held

    def get_link(self, row: Invitation) -> str | None:
        """Return the link of an invitation just made, else null."""
        token = getattr(row, "made_token", None)
        return settings.SITE_URL + reverse("survey_answer", args=[token]) if token else None


class InvitationFilter(FactFilter):
    """The filters of invitations."""

    survey = django_filters.NumberFilter(field_name="survey_id")
    campaign = django_filters.NumberFilter(field_name="campaign_id")
    contact = django_filters.NumberFilter(field_name="contact_id")
    state = django_filters.ChoiceFilter(choices=Invitation.State.choices)
    channel = django_filters.ChoiceFilter(choices=Invitation.Channel.choices)


@extend_schema_view(
    list=extend_schema(summary="List invitations"),
    retrieve=extend_schema(summary="Read an invitation"),
    create=extend_schema(summary="Make a personal survey link"),
)
class InvitationViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Invitation],
):
    """Who was asked what. A POST makes a personal link for a contact, to share anywhere."""

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.CUSTOMERS_EDIT
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter
    queryset = Invitation.objects.select_related("response")

    def get_queryset(self) -> QuerySet[Invitation]:
        """Return the invitations of the customers the caller may see."""
        return super().get_queryset().filter(customer__in=Customer.objects.visible_to(self.request.user))

    def perform_create(self, serializer: serializers.BaseSerializer[Invitation]) -> None:
        """Make the link by its service."""
        contact: Contact = serializer.validated_data["contact"]
        if not Customer.objects.visible_to(self.request.user).filter(pk=contact.customer_id).exists():
            raise serializers.ValidationError({"contact": ["There is no such contact."]})
        check_editable(self.request.user, contact.customer)
        made: Any
        made, token = survey_link_create(
            actor=caller(self.request),
            survey=serializer.validated_data["survey"],
            contact=contact,
            at=time.now(),
        )
        made.made_token = token
        serializer.instance = made
