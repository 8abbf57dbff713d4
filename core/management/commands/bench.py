"""`manage.py bench NAME`: run a benchmark and print its figures as JSON."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import benchmarks


class Command(BaseCommand):
    """Runs one of the registered benchmarks; exits with 1 where a floor was missed."""

    help = "Run a benchmark and print its figures and its floor as JSON"

    def add_arguments(self, parser: CommandParser) -> None:
        names = parser.add_subparsers(dest="bench", required=True, metavar="NAME")
        for name, (_, arguments) in benchmarks.known().items():
            arguments(names.add_parser(name))

    def handle(self, *args: Any, **options: Any) -> None:
        bench, _ = benchmarks.known()[options["bench"]]
        figures = bench(options)
        told = {"bench": options["bench"], "machine": benchmarks.machine(), **figures}
        self.stdout.write(json.dumps(told, indent=2))
        if not figures.get("ok", True):
            sys.exit(1)
