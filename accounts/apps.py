from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "accounts"

    def ready(self) -> None:
        """Keep the audit trail's triggers, and write down what the sign-in library changes."""
        from accounts import checks, signals, triggers

        post_migrate.connect(
            triggers.create_after_migrate, sender=self, dispatch_uid="accounts.audit_triggers"
        )
        register(checks.audit_triggers_present, Tags.database)
        signals.connect()
