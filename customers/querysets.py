"""Named reads of customers."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from accounts.models import User, Workspace
from accounts.permissions import Perm
from accounts.principals import principal_of

if TYPE_CHECKING:
    from customers.models import Customer  # noqa: F401


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Reads of customers; every one made for a person starts with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """Customers this caller may see: all of them, or their own where the workspace restricts seeing.

        An integration is nobody, so it owns none: it sees all that its role lets it see.
        """
        caller = principal_of(user)
        if caller is None or not caller.may(Perm.CUSTOMERS_VIEW):
            return self.none()
        if caller.person is None or caller.may(Perm.CUSTOMERS_MANAGE):
            return self
        if not Workspace.get().restrict_visibility:
            return self
        return self.owned_by(caller.person)

    def editable_by(self, user: Any) -> Self:
        """Customers this caller may change: all for a manager, their own for an analyst, none for a viewer."""
        caller = principal_of(user)
        if caller is None or not caller.may(Perm.CUSTOMERS_EDIT):
            return self.none()
        if caller.person is None or caller.may(Perm.CUSTOMERS_MANAGE):
            return self
        return self.owned_by(caller.person)

    def owned_by(self, user: User) -> Self:
        """Customers this person owns in any function."""
        return self.filter(Q(owner=user) | Q(onboarding_owner=user) | Q(commercial_owner=user))

    def present(self) -> Self:
        """Customers that are not archived."""
        return self.filter(archived_at__isnull=True)
