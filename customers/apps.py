from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "customers"

    def ready(self) -> None:
        """Say what goes along when customers are merged."""
        from customers.merging import register_own

        register_own()
