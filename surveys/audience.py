"""Which customers a campaign is for: a view or filters of the portfolio, which an app above knows how to read.

`config/pipeline.py` hands the reader down, because this app may not import the portfolio.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from customers.models import Customer

Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Audience:
    """Customers, and what makes them these: chips such as ("Segment is", "Mid"); `problems` are not in force."""

    customers: QuerySet[Customer]
    reads_as: Sequence[tuple[str, str]] = ()
    problems: Sequence[str] = ()


Reader = Callable[[Query, User | None], Audience]


def everybody(query: Query, person: User | None) -> Audience:
    """Return every customer that is not archived: what holds where no portfolio is there to read filters."""
    return Audience(Customer.objects.filter(archived_at__isnull=True))


_readers: list[Reader] = [everybody]


def use(reader: Reader) -> None:
    """Say who reads an audience (done once, by `config`)."""
    _readers[:] = [reader]


def read(query: Query, person: User | None) -> Audience:
    """Return the audience that a query names; `person` is whom `me` stands for."""
    return _readers[0](query, person)
