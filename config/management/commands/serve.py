"""`manage.py serve`: everything in one terminal; `serve web|worker|beat`: one process, as production does."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import processes
from config.start import content, prepare
from config.supervisor import Supervisor


class Command(BaseCommand):
    """Start the web server, the worker and beat; Ctrl-C ends all of it."""

    help = "Starts web, worker and beat in this terminal (make run). With a name: only that process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name of one process, none for all."""
        parser.add_argument("process", nargs="?", choices=["web", "worker", "beat"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Start one process in our place, or all of them as our children."""
        if options["process"]:
            command = processes.named(options["process"]).command
            os.execv(command[0], command)  # noqa: S606 - our own command, in our place
        try:
            self._serve_all()
        except KeyboardInterrupt:
            raise CommandError("Interrupted; the next start goes on from here.", returncode=130) from None

    def _serve_all(self) -> None:
        port = settings.PORT
        if not prepare.port_is_free(port):
            raise CommandError(
                f"Port {port} is taken by another program (perhaps a second Zelo). "
                f"Choose another one: make run PORT={port + 1}"
            )
        if missing := prepare.migrate():
            self._say(f"Database brought up to date ({missing} migrations).")
        if prepare.collect_static():
            self._say("Static files collected.")
        content.fill_if_empty(demo=os.environ.get("DEMO", "1") != "0", say=self._say)
        self._say(f"Zelo answers at {settings.SITE_URL}  (Ctrl-C ends it)")
        for line in content.how_to_sign_in():
            self._say(line)
        everything = [processes.web(address="127.0.0.1", port=port), processes.worker(), processes.beat()]
        environment = {**os.environ, "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}
        if Supervisor(everything, environment=environment).run() != 0:
            raise CommandError("Zelo stopped, because a part of it does not stay up. Its last lines say why.")
        self._say("Zelo has ended.")

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
