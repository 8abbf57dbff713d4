from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "metrics"

    def ready(self) -> None:
        """Say which of our rows go along when customers are merged: usage; what nights calculate stays."""
        from django.utils.translation import gettext_lazy as _

        from customers.merging import moves_with_customer, stays_with_customer
        from metrics.models import CustomerDay, StaleSpan, UsageDay, UsageEvent

        moves_with_customer(UsageEvent, _("Usage events"), day="day")
        for model in (UsageDay, CustomerDay, StaleSpan):
            stays_with_customer(model)
