"""`manage.py serve`: everything in one terminal; `serve web|worker|beat`: one process, as production does."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

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
            raise CommandError(_("Interrupted; the next start goes on from here."), returncode=130) from None

    def _serve_all(self) -> None:
        port = settings.PORT
        if not prepare.port_is_free(port):
            raise CommandError(
                _(
                    "Port %(port)s is taken by another program (perhaps a second Zelo). "
                    "Choose another one: make run PORT=%(next)s"
                )
                % {"port": port, "next": port + 1}
            )
        if prepare.migrate():
            self._say(_("The database is up to date."))
        if prepare.collect_static():
            self._say(_("Static files are collected."))
        content.fill_if_empty(demo=os.environ.get("DEMO", "1") != "0", say=self._say)
        self._say(_("Zelo answers at %(address)s (Ctrl-C ends it)") % {"address": settings.SITE_URL})
        for line in content.how_to_sign_in():
            self._say(line)
        everything = [processes.web(address="127.0.0.1", port=port), processes.worker(), processes.beat()]
        environment = {**os.environ, "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}
        if Supervisor(everything, environment=environment).run() != 0:
            raise CommandError(_("Zelo stopped: a part of it does not stay up. Its last lines say why."))
        self._say(_("Zelo has ended."))

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
