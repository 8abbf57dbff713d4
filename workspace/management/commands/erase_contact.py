"""`erase_contact`: erase a person, as the page does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import time
from customers.models import Contact
from workspace.privacy.erase import erase_contact


class Command(BaseCommand):
    """Exit 0; 1 when nobody has that address, or without --yes."""

    help = "Erase the person with an e-mail address: name, address and texts; figures stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do it; there is no way back")

    def handle(self, *args: Any, **options: Any) -> None:
        contact = Contact.objects.filter(email__iexact=options["email"]).first()
        if contact is None:
            raise CommandError(_("There is no contact with this address."))
        if not options["yes"]:
            raise CommandError(_("There is no way back. Say --yes to erase."))
        done = erase_contact(actor=None, contact=contact, today=time.today(), at=time.now())
        self.stdout.write(
            _(
                "Erased: %(contacts)s contacts, %(answers)s answers' texts, %(mails)s mails, %(texts)s other texts."
            )
            % vars(done)
        )
