from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "surveys"

    def ready(self) -> None:
        """Say what goes along when customers are merged, hear the mail provider, make the benchmark known."""
        from anymail.signals import tracking
        from django.utils.translation import gettext_lazy as _

        from customers.merging import moves_with_customer
        from surveys import bench
        from surveys.models import ContactMail, Invitation, LoopCase, Response
        from surveys.services.mail_events import hear_tracking

        moves_with_customer(Response, _("Survey answers"), day="answered_at", touched="recorded_at")
        moves_with_customer(Invitation, _("Survey invitations"), day="created_at")
        tracking.connect(hear_tracking, dispatch_uid="surveys.mail_events")
        moves_with_customer(ContactMail, _("Mails to contacts"), day="created_at")
        moves_with_customer(LoopCase, _("Low answers to follow up"), day="opened_at")
        bench.register()
