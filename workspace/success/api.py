"""Success plans over HTTP: what was promised, with the plan's totals and objectives as they stand."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from accounts.principals import Principal
from core import time
from customers.api.base import FactFilter, FactViewSet
from customers.api.fields import CustomerField
from customers.models import Customer, SuccessPlan
from customers.services.success import plan_save
from customers.success import Standing, Total
from workspace.success.plan import Facts, PlanOn


def plan_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> SuccessPlan:
    """Write a customer's plan. Raises ValidationError where it has one."""
    if SuccessPlan.objects.filter(customer=customer).exists():
        raise serializers.ValidationError({"customer": ["This customer has a plan. Change that one."]})
    return plan_save(actor=actor, customer=customer, **fields)


def plan_update(*, actor: Principal | None, plan: SuccessPlan, changes: dict[str, Any]) -> SuccessPlan:
    """Change a customer's plan."""
    return plan_save(actor=actor, customer=plan.customer, **changes)


class GoalSerializer(serializers.Serializer[Any]):
    """An objective as it stands: shares of 1, gaps in points; null: not known."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    unit = serializers.CharField()
    expected = serializers.FloatField(allow_null=True)
    customer_value = serializers.FloatField(allow_null=True)
    our_value = serializers.FloatField(allow_null=True)
    due = serializers.FloatField(allow_null=True)
    customer = serializers.FloatField(allow_null=True)
    ours = serializers.FloatField(allow_null=True)
    value_gap = serializers.FloatField(allow_null=True)
    perception_gap = serializers.FloatField(allow_null=True)


class SuccessPlanSerializer(serializers.ModelSerializer[SuccessPlan]):
    """What a customer was promised, and where it stands today. Under half of the weight confirmed: no total."""

    customer = CustomerField()
    confirmed = serializers.SerializerMethodField()
    due = serializers.SerializerMethodField()
    attained_customer = serializers.SerializerMethodField()
    attained_ours = serializers.SerializerMethodField()
    value_gap = serializers.SerializerMethodField()
    perception_gap = serializers.SerializerMethodField()
    objectives = serializers.SerializerMethodField()

    class Meta:
        model = SuccessPlan
        fields = (
            "id",
            "customer",
            "promise",
            "in_their_words",
            "evidence",
            "next_steps",
            "ask_every_days",
            "reviewed_on",
            "confirmed",
            "due",
            "attained_customer",
            "attained_ours",
            "value_gap",
            "perception_gap",
            "objectives",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")
        validators: ClassVar[list[Any]] = []

    def _on(self, plan: SuccessPlan) -> PlanOn:
        """Return where a plan stands; read once for all plans of an answer."""
        context: Any = self.context
        if "facts" not in context or plan.customer_id not in context["facts"].customers:
            root: Any = self.root
            plans: Any = root.instance if isinstance(root, serializers.ListSerializer) else [plan]
            context["facts"] = Facts([one.customer_id for one in plans], time.today())
        known: Facts = context["facts"]
        return known.on(plan.customer_id, time.today())

    def _total(self, plan: SuccessPlan) -> Total:
        return self._on(plan).total

    def get_confirmed(self, plan: SuccessPlan) -> float:
        """Return the share of the weight that the customer confirmed."""
        return float(self._total(plan).confirmed)

    def get_due(self, plan: SuccessPlan) -> float | None:
        """Return the share that is due by today."""
        return _plain(self._total(plan).due)

    def get_attained_customer(self, plan: SuccessPlan) -> float | None:
        """Return the share the customer says it reached."""
        return _plain(self._total(plan).customer)

    def get_attained_ours(self, plan: SuccessPlan) -> float | None:
        """Return the share we measured or assessed."""
        return _plain(self._total(plan).ours)

    def get_value_gap(self, plan: SuccessPlan) -> float | None:
        """Return the customer's view less what is due, in points."""
        return _plain(self._total(plan).value_gap)

    def get_perception_gap(self, plan: SuccessPlan) -> float | None:
        """Return our view less the customer's, in points."""
        return _plain(self._total(plan).perception_gap)

    @extend_schema(responses=GoalSerializer(many=True))
    def get_objectives(self, plan: SuccessPlan) -> list[dict[str, Any]]:
        """Return the objectives that have begun."""
        return [
            {
                "id": goal.row.pk,
                "name": goal.row.name,
                "unit": goal.row.unit,
                "expected": _plain(goal.expected),
                "customer_value": _plain(goal.customer),
                "our_value": _plain(goal.ours),
                **_standing(goal.standing),
            }
            for goal in self._on(plan).goals
        ]


class SuccessPlanFilter(FactFilter):
    """The filters of plans."""

    reviewed_to = django_filters.DateFilter(field_name="reviewed_on", lookup_expr="lt")


@extend_schema_view(
    list=extend_schema(summary="List success plans"),
    retrieve=extend_schema(summary="Read a success plan"),
    create=extend_schema(summary="Write a success plan"),
    partial_update=extend_schema(summary="Change a success plan"),
)
class SuccessPlanViewSet(FactViewSet):
    """What customers were promised, and how far both sides see it."""

    queryset: QuerySet[SuccessPlan] = SuccessPlan.objects.select_related("customer")
    serializer_class = SuccessPlanSerializer
    filterset_class = SuccessPlanFilter
    ordering_fields: ClassVar = ["id", "updated_at"]
    noun = "plan"
    writers = (plan_create, plan_update)


def _standing(of: Standing | None) -> dict[str, float | None]:
    names = ("due", "customer", "ours", "value_gap", "perception_gap")
    return {name: _plain(getattr(of, name)) if of else None for name in names}


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)
