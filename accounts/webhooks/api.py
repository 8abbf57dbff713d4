"""Webhooks over HTTP."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Webhook, WebhookMessage
from accounts.permissions import Perm
from accounts.requests import caller
from accounts.services import webhooks as service
from accounts.webhooks import types


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """Who is told of what. `secret` is answered once, where it is made."""

    url = serializers.CharField(max_length=500)
    types = serializers.ListField(child=serializers.CharField(), allow_empty=False)
    is_on = serializers.BooleanField(read_only=True)

    class Meta:
        model = Webhook
        fields = ("id", "url", "description", "types", "is_on", "created_at", "disabled_at", "disabled_why")
        read_only_fields = ("id", "is_on", "created_at", "disabled_at", "disabled_why")


class WebhookMadeSerializer(WebhookSerializer):
    """A webhook with its signing secret, which is shown only now."""

    secret = serializers.CharField(read_only=True)

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")  # type: ignore[assignment]


class WebhookMessageSerializer(serializers.ModelSerializer[WebhookMessage]):
    """A message and where it stands."""

    class Meta:
        model = WebhookMessage
        fields = (
            "id",
            "message_id",
            "type",
            "why",
            "happened_at",
            "data",
            "state",
            "attempts",
            "due_at",
            "error",
        )
        read_only_fields: ClassVar[list[str]] = list(fields)


class KindSerializer(serializers.Serializer[Any]):
    """A kind of happening a webhook can be told of, and what it is called in the caller's language."""

    type = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)


@extend_schema_view(
    list=extend_schema(summary="List webhooks"),
    retrieve=extend_schema(summary="Read a webhook"),
    create=extend_schema(summary="Set up a webhook", responses={201: WebhookMadeSerializer}),
    partial_update=extend_schema(summary="Change a webhook"),
    destroy=extend_schema(summary="Take a webhook away"),
)
class WebhookViewSet(viewsets.ModelViewSet[Webhook]):
    """Addresses that are told what happens here, after Standard Webhooks."""

    permission = Perm.SETTINGS_MANAGE
    http_method_names = ["get", "head", "options", "post", "patch", "delete"]
    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    ordering_fields: ClassVar = ["id"]
    ordering: ClassVar = ["-pk"]

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set up a webhook; the answer holds its secret, this once."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        row, secret = service.webhook_create(
            actor=caller(request),
            url=form.validated_data["url"],
            types_wanted=form.validated_data["types"],
            description=form.validated_data.get("description", ""),
        )
        return Response({**WebhookSerializer(row).data, "secret": secret}, status=201)

    def perform_update(self, serializer: serializers.BaseSerializer[Webhook]) -> None:
        """Change a webhook by its service."""
        row: Any = serializer.instance
        serializer.instance = service.webhook_update(
            actor=caller(self.request), webhook=row, changes=serializer.validated_data
        )

    def perform_destroy(self, instance: Webhook) -> None:
        """Take a webhook away by its service."""
        service.webhook_remove(actor=caller(self.request), webhook=instance)

    @extend_schema(
        summary="Make a new signing secret",
        description="The secret before signs beside the new one for 24 hours.",
        request=None,
        responses=WebhookMadeSerializer,
    )
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str | None = None) -> Response:
        """Make a new signing secret; the answer holds it, this once."""
        row, secret = service.webhook_rotate(actor=caller(request), webhook=self.get_object())
        return Response({**WebhookSerializer(row).data, "secret": secret})

    @extend_schema(summary="Send a test message", request=None, responses={202: WebhookMessageSerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str | None = None) -> Response:
        """Send a test message, once."""
        message = service.webhook_test(actor=caller(request), webhook=self.get_object())
        return Response(WebhookMessageSerializer(message).data, status=202)

    @extend_schema(summary="List the kinds of happenings", responses=KindSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def types(self, request: Request) -> Response:
        """Return what a webhook can be told of."""
        return Response([{"type": kind, "name": str(label)} for kind, label in types.known().items()])


@extend_schema_view(
    list=extend_schema(summary="List webhook messages, newest first"),
    retrieve=extend_schema(summary="Read a webhook message"),
)
class WebhookMessageViewSet(viewsets.ReadOnlyModelViewSet[WebhookMessage]):
    """The log of what was brought, what waits and what failed."""

    permission = Perm.SETTINGS_MANAGE
    queryset = WebhookMessage.objects.all()
    serializer_class = WebhookMessageSerializer
    filterset_fields: ClassVar = ["webhook", "type", "state", "message_id"]
    ordering: ClassVar = ["-pk"]

    @extend_schema(summary="Bring a message again", request=None, responses={202: WebhookMessageSerializer})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: str | None = None) -> Response:
        """Bring a message again with the same id."""
        message = service.message_replay(actor=caller(request), message=self.get_object())
        return Response(WebhookMessageSerializer(message).data, status=202)
