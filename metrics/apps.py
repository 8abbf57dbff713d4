from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate


class MetricsConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "metrics"

    def ready(self) -> None:
        """Say which of our rows go along when customers are merged: usage; keep what was published."""
        from django.utils.translation import gettext_lazy as _

        from customers.merging import moves_with_customer, stays_with_customer
        from metrics import checks, stage_facts, triggers
        from metrics.models import (
            AttributeValue,
            CustomerDay,
            HealthDay,
            HealthInput,
            HealthMove,
            HealthOverride,
            HealthPulse,
            HealthShadow,
            PastDay,
            RiskDay,
            StaleSpan,
            UsageDay,
            UsageEvent,
        )
        from metrics.risk import moves as risk_moves

        moves_with_customer(UsageEvent, _("Usage events"), day="day")
        moves_with_customer(HealthPulse, _("Pulses"), day="set_on")
        moves_with_customer(HealthOverride, _("Scores set by hand"), day="set_on")
        for model in (
            UsageDay,
            CustomerDay,
            PastDay,
            StaleSpan,
            HealthDay,
            HealthInput,
            HealthMove,
            HealthShadow,
            RiskDay,
            AttributeValue,
        ):
            stays_with_customer(model)
        stage_facts.register()
        risk_moves.register()
        pre_migrate.connect(triggers.drop_before_migrate, sender=self, dispatch_uid="metrics.no_triggers")
        post_migrate.connect(
            triggers.create_after_migrate, sender=self, dispatch_uid="metrics.history_triggers"
        )
        register(checks.history_triggers_present, Tags.database)
