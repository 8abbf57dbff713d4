from django.apps import AppConfig

from core import checks, text  # noqa: F401 - imported to be registered


class CoreConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "core"

    def ready(self) -> None:
        """Let every database connection fold text."""
        text.install()
