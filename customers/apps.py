from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "customers"
