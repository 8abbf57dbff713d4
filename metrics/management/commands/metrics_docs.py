from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core import catalogue
from metrics.docs import page

FILE = settings.BASE_DIR / "docs" / "metrics.md"
NAMES = settings.BASE_DIR / "locale" / catalogue.LOCALE / "LC_MESSAGES" / "django.po"


class Command(BaseCommand):
    """Writes the page of every figure."""

    help = "Write docs/metrics.md from the registry of figures and the names in the translation catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file anew."""
        FILE.write_text(written(), encoding="utf-8")
        self.stdout.write("docs/metrics.md is up to date.")


def written() -> str:
    """Return what the page should say by the registry and the catalogue as they are now."""
    names = {message.id: message.string for message in catalogue.read(NAMES) if isinstance(message.id, str)}
    return page({name: string for name, string in names.items() if isinstance(string, str)})
