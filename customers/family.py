"""Parents and children: which companies belong to a customer."""

from customers.models import Customer

DEPTH = 10


def descendants(customer: Customer) -> set[int]:
    """Return the keys of a customer's children, and theirs, ten levels down: one query a level."""
    found: set[int] = set()
    level = {customer.pk}
    for _step in range(DEPTH):
        level = (
            set(Customer.objects.filter(parent_id__in=level, merged_into=None).values_list("pk", flat=True))
            - found
            - {customer.pk}
        )
        if not level:
            break
        found |= level
    return found
