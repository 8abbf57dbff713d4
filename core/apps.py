from django.apps import AppConfig


class CoreConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "core"
