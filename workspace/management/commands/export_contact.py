"""`export_contact`: everything held about a person, as the page hands it out."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import time
from customers.models import Contact, DataRequest
from customers.services.privacy import data_request_done
from workspace.privacy.export import export_contact
from workspace.privacy.person import person_of


class Command(BaseCommand):
    """Exit 0; 1 when nobody has that address."""

    help = "Write everything held about the person with an e-mail address into a ZIP file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        contact = Contact.objects.filter(email__iexact=options["email"]).first()
        if contact is None:
            raise CommandError(_("There is no contact with this address."))
        options["file"].write_bytes(export_contact(person_of(contact)))
        data_request_done(
            actor=None, contact=contact, kind=DataRequest.Kind.EXPORT, today=time.today(), at=time.now()
        )
