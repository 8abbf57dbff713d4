"""How a customer is read, made and changed over HTTP."""

from typing import Any

from rest_framework import serializers

from customers.api.fields import CustomerField, PersonField
from customers.models import Customer, Segment, Stage
from customers.services.customer import EDITABLE_FIELDS


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A company we look after. `attributes` are those an admin defined, by key; `tags` the whole list of names."""

    segment = serializers.ChoiceField(choices=Segment.choices, allow_blank=True, read_only=True)
    stage = serializers.ChoiceField(choices=Stage.choices, allow_blank=True, read_only=True)
    owner = PersonField(required=False, allow_null=True)
    onboarding_owner = PersonField(required=False, allow_null=True)
    commercial_owner = PersonField(required=False, allow_null=True)
    parent = CustomerField(required=False, allow_null=True)  # type: ignore[assignment]
    referred_by = CustomerField(required=False, allow_null=True)
    tags = serializers.SlugRelatedField[Any](slug_field="name", many=True, read_only=True)
    attributes = serializers.DictField(required=False)

    class Meta:
        model = Customer
        fields: tuple[str, ...] = (
            "id",
            "external_id",
            "name",
            "tax_id",
            "domain",
            "industry",
            "city",
            "region",
            "country",
            "locale",
            "started_on",
            "segment",
            "segment_by",
            "stage",
            "stage_by",
            "stage_since",
            "owner",
            "onboarding_owner",
            "commercial_owner",
            "tags",
            "attributes",
            "parent",
            "referred_by",
            "version",
            "created_at",
            "updated_at",
            "archived_at",
            "merged_into",
        )
        read_only_fields: tuple[str, ...] = (
            "id",
            "external_id",
            "segment",
            "segment_by",
            "stage",
            "stage_by",
            "stage_since",
            "version",
            "created_at",
            "updated_at",
            "archived_at",
            "merged_into",
        )


class CustomerChangeSerializer(CustomerSerializer):
    """What can be changed of a customer; segment and stage have their own addresses."""

    tags = serializers.ListField(child=serializers.CharField(max_length=60), required=False)  # type: ignore[assignment]

    class Meta(CustomerSerializer.Meta):
        fields: tuple[str, ...] = EDITABLE_FIELDS
        read_only_fields = ()


class CustomerCreateSerializer(CustomerChangeSerializer):
    """A new customer; without `external_id` one is made, without segment and stage the rules decide."""

    external_id = serializers.CharField(max_length=120, required=False)
    segment = serializers.ChoiceField(choices=Segment.choices, required=False)
    stage = serializers.ChoiceField(choices=Stage.choices, required=False)

    class Meta(CustomerChangeSerializer.Meta):
        fields = ("external_id", *CustomerChangeSerializer.Meta.fields, "segment", "stage")


class SegmentChangeSerializer(serializers.Serializer[Any]):
    """A segment decided by hand, and why; without a segment the rules decide again."""

    segment = serializers.ChoiceField(choices=Segment.choices, required=False, allow_null=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class StageChangeSerializer(serializers.Serializer[Any]):
    """A move to a stage, from a day on (today where none is given)."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    on = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
