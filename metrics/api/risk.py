"""The models of the risk of leaving over HTTP; what they say of customers is part of their health (`health.py`)."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from accounts.permissions import Perm
from metrics.models import RiskModel


class RiskModelSerializer(serializers.ModelSerializer[RiskModel]):
    """A model as it was learned: counts, AUC with its 95 % interval and calibration on months it had not seen.

    `definition` holds the coefficients; it is empty where nothing is claimed.
    """

    class Meta:
        model = RiskModel
        fields = (
            "id",
            "number",
            "trained_on",
            "trained_at",
            "state",
            "rows",
            "customers",
            "lost",
            "months",
            "held_rows",
            "held_lost",
            "auc",
            "auc_low",
            "auc_high",
            "calibration",
            "definition",
        )


@extend_schema_view(
    list=extend_schema(summary="List the models of the risk of leaving"),
    retrieve=extend_schema(summary="Read a model of the risk of leaving"),
)
class RiskModelViewSet(viewsets.ReadOnlyModelViewSet[RiskModel]):
    """Models of the risk of leaving, the newest first; each holds from the day after `trained_on`."""

    permission = Perm.CUSTOMERS_MANAGE
    serializer_class = RiskModelSerializer
    queryset = RiskModel.objects.all()
    ordering = ("-pk",)
