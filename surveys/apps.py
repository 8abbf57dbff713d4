from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "surveys"

    def ready(self) -> None:
        """Say that answers go along when customers are merged."""
        from django.utils.translation import gettext_lazy as _

        from customers.merging import moves_with_customer
        from surveys.models import Response

        moves_with_customer(Response, _("Survey answers"), day="answered_at", touched="recorded_at")
