"""People and what they are responsible for: crosses `accounts` and `customers`."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count

from accounts.models import User
from accounts.services.people import person_disable
from customers.models import Customer
from customers.services.owners import OWNER_COLUMNS, portfolio_hand_over


def portfolio_sizes() -> dict[int, dict[str, int]]:
    """Return how many present customers everybody has, by person's id and function; only what is not 0.

    One query a function, however many people and customers there are.
    """
    sizes: dict[int, dict[str, int]] = {}
    for function, column in OWNER_COLUMNS.items():
        owned = (
            Customer.objects.present()
            .filter(**{f"{column}__isnull": False})
            .order_by()
            .values_list(column)
            .annotate(size=Count("pk"))
        )
        for person_id, size in owned:
            sizes.setdefault(person_id, {})[function] = size
    return sizes


@transaction.atomic
def person_leave(*, actor: User, person: User, successors: Mapping[str, User | None]) -> User:
    """Disable a person and hand their portfolio over, both or neither.

    `successors` names who takes over in each function; None, or a function left out, leaves those
    customers without an owner in it. Raises ValidationError as `person_disable` does.
    """
    person = person_disable(actor=actor, person=person)
    for function in OWNER_COLUMNS:
        portfolio_hand_over(
            actor=actor, leaver=person, successor=successors.get(function), functions=[function]
        )
    return person
