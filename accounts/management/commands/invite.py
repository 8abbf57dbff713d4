"""`manage.py invite EMAIL --role ROLE`: how the first admin gets in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.permissions import Role
from accounts.services.invitations import invitation_create


class Command(BaseCommand):
    """Print an invitation link."""

    help = "Invite a person and print the link by which they join. An earlier link of the same address dies."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address and the role."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--mail", action="store_true", help="also send the link by mail")

    def handle(self, *args: Any, email: str, role: str, mail: bool, **options: Any) -> None:
        """Invite and print."""
        try:
            sent = invitation_create(actor=None, email=email, role=role, by_mail=mail)
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        self.stdout.write(sent.link)
