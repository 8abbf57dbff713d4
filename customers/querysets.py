"""Named reads of customers."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from accounts.models import User, Workspace
from accounts.permissions import Perm

if TYPE_CHECKING:
    from customers.models import Customer  # noqa: F401


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Reads of customers; every one made for a person starts with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """Customers this person may see: all of them, or their own where the workspace restricts seeing."""
        if not isinstance(user, User) or not user.may(Perm.CUSTOMERS_VIEW):
            return self.none()
        if user.may(Perm.CUSTOMERS_MANAGE) or not Workspace.get().restrict_visibility:
            return self
        return self.owned_by(user)

    def editable_by(self, user: Any) -> Self:
        """Customers this person may change: all for a manager, their own for an analyst, none for a viewer."""
        if not isinstance(user, User) or not user.may(Perm.CUSTOMERS_EDIT):
            return self.none()
        if user.may(Perm.CUSTOMERS_MANAGE):
            return self
        return self.owned_by(user)

    def owned_by(self, user: User) -> Self:
        """Customers this person owns in any function."""
        return self.filter(Q(owner=user) | Q(onboarding_owner=user) | Q(commercial_owner=user))

    def present(self) -> Self:
        """Customers that are not archived."""
        return self.filter(archived_at__isnull=True)
