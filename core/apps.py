from django.apps import AppConfig

from core import text


class CoreConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "core"

    def ready(self) -> None:
        """Let every database connection fold text."""
        text.install()
