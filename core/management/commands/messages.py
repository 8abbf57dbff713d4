"""`manage.py messages --extract | --check | --compile`: the pt-BR catalogue without gettext tools."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import catalogue


class Command(BaseCommand):
    """Keep the translation catalogue."""

    help = "Takes marked texts into locale/pt_BR, says what is missing there, compiles it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do; several are done in this order."""
        parser.add_argument("--extract", action="store_true", help="write new texts into the catalogue")
        parser.add_argument("--check", action="store_true", help="fail if a text is not translated")
        parser.add_argument("--compile", action="store_true", help="write the compiled catalogue")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked; CommandError names what is missing."""
        if not (options["extract"] or options["check"] or options["compile"]):
            raise CommandError("Say what to do: --extract, --check or --compile.")
        root = Path(settings.BASE_DIR)
        file = Path(settings.LOCALE_PATHS[0]) / catalogue.LOCALE / "LC_MESSAGES" / "django.po"
        translated = catalogue.read(file)
        if options["extract"]:
            translated = catalogue.merge(translated, catalogue.extract(root))
            catalogue.write(translated, file)
            waiting = sum(1 for message in translated if message.id and not message.string)
            self.stdout.write(f"{len(translated)} texts, {waiting} to translate: {file.relative_to(root)}")
        if options["check"]:
            missing = catalogue.problems(translated, catalogue.extract(root))
            for sentence in missing:
                self.stderr.write(sentence)
            if missing:
                raise CommandError(f"{len(missing)} texts to mend in {file.relative_to(root)}.")
        if options["compile"]:
            catalogue.compile_to(translated, file.with_suffix(".mo"))
