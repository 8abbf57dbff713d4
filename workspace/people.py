"""People and what they are responsible for: crosses `accounts` and `customers`."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count

from accounts.models import User
from accounts.services.people import person_disable
from customers.models import Customer, HandOver
from customers.services.hand_overs import hand_over_now, hand_over_start
from customers.services.owners import OWNER_COLUMNS

AT_ONCE_SECONDS = 2.0


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


def person_leave(*, actor: User, person: User, successors: Mapping[str, User | None]) -> HandOver | None:
    """Disable a person and order that their portfolio is handed over, both or neither; return the order.

    `successors` names who takes over in each function; None, or a function left out, leaves those
    customers without an owner in it. What takes longer than a moment is left to the workers. Raises
    ValidationError as `person_disable` and `hand_over_start` do.
    """
    with transaction.atomic():
        person = person_disable(actor=actor, person=person)
        order = hand_over_start(
            actor=actor,
            leaver=person,
            successors={function: successors.get(function) for function in OWNER_COLUMNS},
        )
    return order and hand_over_now(order, seconds=AT_ONCE_SECONDS)
