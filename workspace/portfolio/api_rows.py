"""A row of the portfolio as the API gives it."""

from typing import Any

from rest_framework import serializers

from core.money import from_cents
from metrics.health.bands import Band
from workspace.portfolio.rows import Row


class CentsField(serializers.CharField):
    """Integer cents as an amount with two decimals; null where it is not known."""

    def to_representation(self, value: Any) -> str:
        return str(from_cents(value))


class PortfolioRowSerializer(serializers.Serializer[Row]):
    """A customer and its figures. What is not known is null; money is a string with two decimals."""

    id = serializers.IntegerField(source="customer.pk")
    external_id = serializers.CharField(source="customer.external_id")
    name = serializers.CharField(source="customer.name")
    segment = serializers.CharField(source="customer.at_segment", allow_null=True)
    stage = serializers.CharField(source="customer.at_stage", allow_null=True)
    owner = serializers.IntegerField(source="customer.at_owner_id", allow_null=True)
    owner_email = serializers.CharField(source="owner.email", default=None, allow_null=True)
    health_score = serializers.SerializerMethodField(help_text="0 to 100 with two decimals; null: not known.")
    health_band = serializers.SerializerMethodField(help_text="green, yellow, red or unknown.")
    mrr = CentsField(source="customer.at_mrr", allow_null=True)
    mrr_change_30 = CentsField(source="customer.at_mrr_change", allow_null=True)
    active_people_30 = serializers.IntegerField(source="customer.at_active", allow_null=True)
    active_people_change_30 = serializers.IntegerField(source="customer.at_active_change", allow_null=True)
    renewal_on = serializers.DateField(source="customer.at_renewal", allow_null=True)
    renewal_value = CentsField(source="customer.at_renewal_value", allow_null=True)
    last_touch_on = serializers.DateField(source="customer.at_touch", allow_null=True)
    open_tickets = serializers.IntegerField(source="customer.at_tickets", allow_null=True)
    nps_latest = serializers.IntegerField(source="customer.at_nps", allow_null=True)
    expansion_potential = serializers.IntegerField(source="customer.at_potential", allow_null=True)
    paid = CentsField(source="customer.at_paid", allow_null=True)
    seats = serializers.IntegerField(source="customer.at_seats", allow_null=True)
    started_on = serializers.DateField(source="customer.started_on", allow_null=True)
    industry = serializers.CharField(source="details.industry")
    city = serializers.CharField(source="customer.city")
    region = serializers.CharField(source="customer.region")
    country = serializers.CharField(source="customer.country")
    tags = serializers.ListField(child=serializers.CharField())
    attributes = serializers.DictField(source="details.attributes")
    archived_at = serializers.DateTimeField(source="customer.archived_at", allow_null=True)

    def get_health_score(self, row: Row) -> float | None:
        """Return the score of the night."""
        score: int | None = row.customer.at_health
        return None if score is None else score / 100

    def get_health_band(self, row: Row) -> str:
        """Return the band of the night."""
        return Band(row.customer.at_band or 0).key
