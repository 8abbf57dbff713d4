"""Whom an erasure must keep away: keyed hashes of addresses and logins, and the anonymous row that stands for each.

The key is the installation's secret, so a dump without it tells nobody who was erased, not even by trying known
addresses (docs/adr/0021). After the secret was changed, hashes made with the one before are still found while that
stands among `SECRET_KEY_FALLBACKS`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.crypto import salted_hmac

from customers.models import ErasedMark

SALT = "zelo.erased"


@dataclass(frozen=True)
class ErasedPerson:
    """The row left of an erased person, and the name under which their usage goes on."""

    contact_id: int
    alias: str


@dataclass
class ErasedPeople:
    """All who were erased, to be asked about many rows."""

    marks: Mapping[str, ErasedPerson]
    _asked: dict[tuple[int, str], ErasedPerson | None] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "ErasedPeople":
        """Read them, in one statement."""
        rows = ErasedMark.objects.values_list("mark", "contact_id", "alias")
        return cls({mark: ErasedPerson(contact, alias) for mark, contact, alias in rows})

    def find(self, customer_id: int, text: str) -> ErasedPerson | None:
        """Return who an address, or a login at a customer, belonged to; None for anybody who was not erased."""
        if not self.marks or not text:
            return None
        asked = (customer_id, text)
        if asked not in self._asked:
            wanted = [*marks_of(text, customer_id), *marks_of(text)]
            self._asked[asked] = next((self.marks[mark] for mark in wanted if mark in self.marks), None)
        return self._asked[asked]


def marks_of(text: str, customer_id: int | None = None) -> list[str]:
    """Return the hashes of a login at a customer, or of an address anywhere; the first is made with today's secret."""
    scoped = f"{customer_id or ''}:{text.strip().lower()}"
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(SALT, scoped, secret=key, algorithm="sha256").hexdigest() for key in keys]


def keep_away(*, texts: Mapping[tuple[int | None, str], ErasedPerson]) -> None:
    """Remember addresses (without a customer) and logins of an erased person; a second time changes nothing."""
    ErasedMark.objects.bulk_create(
        [
            ErasedMark(mark=marks_of(text, firm)[0], contact_id=one.contact_id, alias=one.alias)
            for (firm, text), one in texts.items()
        ],
        ignore_conflicts=True,
    )


def let_back(*, customer_id: int, texts: Iterable[str]) -> None:
    """Forget that a person was erased, because somebody wrote them down again by hand."""
    marks = [mark for text in texts if text for mark in (*marks_of(text), *marks_of(text, customer_id))]
    ErasedMark.objects.filter(mark__in=marks).delete()
