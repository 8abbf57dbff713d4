from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "playbooks"

    def ready(self) -> None:
        """Say which of our rows go along when customers are merged; a night finds alerts anew."""
        from django.utils.translation import gettext_lazy as _

        from customers.merging import moves_with_customer, stays_with_customer
        from playbooks.models import Alert, Escalation, Loss, Opportunity, Renewal, Run, Task

        moves_with_customer(Task, _("Tasks"))
        moves_with_customer(Loss, _("Losses and saves"), key="lost_on", touched="recorded_at")
        moves_with_customer(Renewal, _("Renewals"), key="due_on", touched="recorded_at")
        moves_with_customer(Opportunity, _("Opportunities"), touched="recorded_at")
        moves_with_customer(Escalation, _("Escalations"), touched="recorded_at")
        stays_with_customer(Alert)
        stays_with_customer(Run)
