"""`demo`: fills an empty database with the demo company, or takes exactly it away again."""

import datetime as dt
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import time
from metrics import closing
from metrics.forecast import checks as forecast_checks
from metrics.foreground import run_days
from metrics.risk import work as learning
from workspace.demo.afterwards import demo_afterwards
from workspace.demo.clear import NoDemoError, demo_clear
from workspace.demo.lives import HISTORY_DAYS
from workspace.demo.load import DOMAIN, NotEmptyError, demo_load
from workspace.demo.work import demo_work

LOCAL_PASSWORD = "caixaclara-demo"  # noqa: S105  the demo on one's own machine; production draws one


class Command(BaseCommand):
    """See CONTRACT.md, Commands."""

    help = "Fill an empty database with the demo company (24 months), or --clear it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="another seed, another company")
        parser.add_argument("--today", type=dt.date.fromisoformat, help="the day the data is dated to")
        parser.add_argument("--clear", action="store_true", help="take exactly the demo away")
        parser.add_argument("--no-nights", action="store_true", help="leave the nights to the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["clear"]:
            self._clear()
            return
        today = options["today"] or time.today()
        password = secrets.token_urlsafe(12) if settings.PRODUCTION else LOCAL_PASSWORD
        try:
            demo_load(seed=options["seed"], today=today, password=password)
        except NotEmptyError:
            message = _(
                "The database is not empty, so the demo was not loaded. Start with an empty one "
                "(another DATABASE_URL, or `demo --clear` if it is an earlier demo)."
            )
            raise CommandError(message, returncode=2) from None
        if not options["no_nights"]:
            self._nights(today)
        self.stdout.write(
            _("Sign in as marina.duarte@%(domain)s (analyst), beatriz.amaral@%(domain)s (manager)")
            % {"domain": DOMAIN}
        )
        self.stdout.write(
            _("or otavio.ramos@%(domain)s (admin) with the password %(password)s")
            % {"domain": DOMAIN, "password": password}
        )

    def _nights(self, today: dt.date) -> None:
        first = today - dt.timedelta(days=HISTORY_DAYS)
        last = min(today, time.today()) - dt.timedelta(days=1)
        run_days(first, last, self._progress)
        while learning.work() or forecast_checks.work():
            pass
        while closing.work():
            pass
        demo_afterwards(today, domain=DOMAIN)
        demo_work(today, domain=DOMAIN)
        if self.stderr.isatty():
            self.stderr.write("")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{_('Nights')} {done}/{total}", ending="")

    def _clear(self) -> None:
        try:
            demo_clear()
        except NoDemoError:
            raise CommandError(_("There is no demo company to clear."), returncode=2) from None
        self.stdout.write(_("The demo company is gone; what you added yourself is still here."))
