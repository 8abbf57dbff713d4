"""Segments, stages and the rules that lead into them, over HTTP."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Perm
from accounts.requests import caller
from customers.models import Segment, SegmentRule, Stage, StageRule
from customers.services.rules import segment_rules_set, stage_rules_set
from customers.stages import StageMove


class ChoiceSerializer(serializers.Serializer[Any]):
    """A key as rows name it, and its name in the reader's language."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


def _choices(choices: list[tuple[str, Any]]) -> Response:
    return Response([{"key": key, "label": str(label)} for key, label in choices])


class SegmentViewSet(viewsets.ViewSet):
    """The segments there are, from low to high value."""

    permission = Perm.CUSTOMERS_VIEW

    @extend_schema(summary="List segments", responses=ChoiceSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Return the segments."""
        return _choices(Segment.choices)


class StageViewSet(viewsets.ViewSet):
    """The stages there are, in the order in which customers pass through them."""

    permission = Perm.CUSTOMERS_VIEW

    @extend_schema(summary="List stages", responses=ChoiceSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Return the stages."""
        return _choices(Stage.choices)


class ConditionSerializer(serializers.Serializer[Any]):
    """What must hold: `mrr` (integer cents a month), `seats` (count), `plan` and `tag` (text)."""

    field = serializers.ChoiceField(choices=["mrr", "seats", "plan", "tag"])
    op = serializers.ChoiceField(choices=["gte", "lt", "is", "is_not"])
    value = serializers.JSONField()


class SegmentRuleSerializer(serializers.Serializer[Any]):
    """A segment and its conditions; the first rule all of whose conditions hold decides."""

    segment = serializers.ChoiceField(choices=Segment.choices)
    conditions = ConditionSerializer(many=True)


class StageRuleSerializer(serializers.ModelSerializer[StageRule]):
    """A move from one stage to another: so many days after `entered` (the stage), `started` or `active` (activated).

    `green`: the customer renewed once and was green on each of so many days.
    """

    class Meta:
        model = StageRule
        fields = ("from_stage", "to_stage", "basis", "days")
        extra_kwargs: ClassVar = {"basis": {"required": True}}


@extend_schema_serializer(many=False)
class RulesSerializer(serializers.Serializer[Any]):
    """Both lists, in order."""

    segment = SegmentRuleSerializer(many=True)
    stage = StageRuleSerializer(many=True)


class RuleViewSet(viewsets.ViewSet):
    """The rules that put customers into segments and stages. A list is set whole, and applied at once."""

    permission = Perm.CUSTOMERS_VIEW
    write_permission = Perm.SETTINGS_MANAGE

    @extend_schema(summary="Read all rules", responses=RulesSerializer)
    def list(self, request: Request) -> Response:
        """Return both lists."""
        return Response({"segment": self._segment_rules(), "stage": self._stage_rules()})

    @extend_schema(
        methods=["GET"], summary="Read the segment rules", responses=SegmentRuleSerializer(many=True)
    )
    @extend_schema(
        methods=["PUT"],
        summary="Set the segment rules",
        request=SegmentRuleSerializer(many=True),
        responses=SegmentRuleSerializer(many=True),
    )
    @action(detail=False, methods=["get", "put"])
    def segment(self, request: Request) -> Response:
        """Return the ordered segment rules, or replace them."""
        if request.method == "PUT":
            sent = SegmentRuleSerializer(data=request.data, many=True)
            sent.is_valid(raise_exception=True)
            rows = [
                (rule["segment"], [dict(one) for one in rule["conditions"]]) for rule in sent.validated_data
            ]
            segment_rules_set(actor=caller(request), rows=rows)
        return Response(self._segment_rules())

    @extend_schema(methods=["GET"], summary="Read the stage rules", responses=StageRuleSerializer(many=True))
    @extend_schema(
        methods=["PUT"],
        summary="Set the stage rules",
        request=StageRuleSerializer(many=True),
        responses=StageRuleSerializer(many=True),
    )
    @action(detail=False, methods=["get", "put"])
    def stage(self, request: Request) -> Response:
        """Return the stage rules, or replace them."""
        if request.method == "PUT":
            sent = StageRuleSerializer(data=request.data, many=True)
            sent.is_valid(raise_exception=True)
            stage_rules_set(actor=caller(request), moves=[StageMove(**rule) for rule in sent.validated_data])
        return Response(self._stage_rules())

    def _segment_rules(self) -> Any:
        return SegmentRuleSerializer(SegmentRule.objects.values("segment", "conditions"), many=True).data

    def _stage_rules(self) -> Any:
        return StageRuleSerializer(StageRule.objects.filter(active=True), many=True).data
