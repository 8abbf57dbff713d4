"""Who is meant: every contact with one address, and the texts by which the person can be found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from customers.models import Contact
from surveys.models import Response, ResponseVersion

ERASED = "[erased]"
SHORTEST_TEXT = 20  # a comment shorter than this is no quote of anybody
FEWEST_DIGITS = 8


@dataclass(frozen=True)
class Person:
    """A person at one or more customers, known by an address."""

    contacts: Sequence[Contact]

    @cached_property
    def keys(self) -> list[int]:
        """The contacts' keys."""
        return [contact.pk for contact in self.contacts]

    @cached_property
    def firms(self) -> set[int]:
        """The customers the person is at."""
        return {contact.customer_id for contact in self.contacts}

    @cached_property
    def addresses(self) -> list[str]:
        """The address as it is written at each contact."""
        return sorted({contact.email for contact in self.contacts if contact.email})

    @cached_property
    def names(self) -> list[str]:
        """Full names: of two words at least, because one alone is somebody else's too."""
        return sorted({name for contact in self.contacts if len((name := contact.name.strip()).split()) > 1})

    @cached_property
    def logins(self) -> list[str]:
        """How usage may name the person."""
        ids = {contact.external_id for contact in self.contacts if contact.external_id}
        return sorted(ids | set(self.addresses))

    @cached_property
    def texts(self) -> list[str]:
        """What stands for the person in any text: addresses, names, telephone numbers, whole comments."""
        phones = {
            one.phone for one in self.contacts if sum(sign.isdigit() for sign in one.phone) >= FEWEST_DIGITS
        }
        said = set(Response.objects.filter(contact__in=self.keys).values_list("comment", flat=True))
        said |= set(
            ResponseVersion.objects.filter(response__contact__in=self.keys).values_list("comment", flat=True)
        )
        quotes = {text for text in said if len(text) >= SHORTEST_TEXT}
        return sorted({*self.addresses, *self.names, *phones, *quotes}, key=len, reverse=True)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds any of the texts as whole words, however they are typed."""
        parts = "|".join(re.escape(text) for text in self.texts)
        return re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.IGNORECASE)

    def without(self, text: str) -> str:
        """Return a text with the person taken out."""
        return self.pattern.sub(ERASED, text)


def person_of(contact: Contact) -> Person:
    """Return the person behind a contact: all contacts with its address."""
    same = Contact.objects.filter(email__iexact=contact.email).select_related("customer").order_by("pk")
    return Person(list(same))
