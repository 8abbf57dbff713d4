from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "accounts"
