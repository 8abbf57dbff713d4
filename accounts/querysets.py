"""Named reads of people, invitations, tokens and the audit trail."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.permissions import Perm, Role
from core import time

if TYPE_CHECKING:
    from accounts.models import AuditEntry, Invitation, Token, User  # noqa: F401


class UserQuerySet(models.QuerySet["User"]):
    """Reads of people."""

    def active(self) -> Self:
        """People who may sign in."""
        return self.filter(is_active=True)

    def admins(self) -> Self:
        """People who may change people and settings now."""
        return self.active().filter(role=Role.ADMIN)

    def with_mfa(self) -> Self:
        """Add `has_mfa`: whether a second factor or a passkey is set up (recovery codes alone are none)."""
        from allauth.mfa.models import Authenticator

        factors = Authenticator.objects.filter(
            user=OuterRef("pk"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        )
        return self.annotate(has_mfa=Exists(factors))

    def for_team_page(self) -> Self:
        """Everybody, those who may sign in first, by name."""
        return self.with_mfa().order_by("-is_active", "name", "pk")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def pending(self) -> Self:
        """Invitations neither accepted nor revoked; expired ones are among them, to be sent again."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def open_for(self, email: str) -> Self:
        """The invitation by which the holder of an address may join now (at most one)."""
        return self.pending().filter(email__iexact=email.strip(), expires_at__gt=time.now())


class TokenQuerySet(models.QuerySet["Token"]):
    """Reads of API tokens."""

    def manageable_by(self, user: Any) -> Self:
        """Tokens a person may see and revoke: their own, and for an admin the integrations' too."""
        mine = Q(user=user)
        if user.may(Perm.PEOPLE_MANAGE):
            mine |= Q(user__isnull=True)
        return self.filter(mine).select_related("user", "created_by").order_by("-created_at", "-pk")

    def live(self) -> Self:
        """Tokens that are neither revoked nor expired."""
        return self.filter(revoked_at__isnull=True).filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=time.now())
        )


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Reads of the audit trail, newest first."""

    def newest_first(self) -> Self:
        """The order of the page; ids grow with time and are never reused."""
        return self.order_by("-pk")

    def matching(
        self,
        *,
        actor_id: int | None = None,
        action: str = "",
        object_type: str = "",
        object_id: str = "",
        customer_ids: Iterable[int] | models.QuerySet[Any, Any] | None = None,
        by_zelo: bool = False,
        first: dt.date | None = None,
        last: dt.date | None = None,
    ) -> Self:
        """Entries that match every filter given.

        `first` and `last` are workspace days, both included; `by_zelo` means those that no person made.
        """
        found = self
        if actor_id is not None:
            found = found.filter(actor_id=actor_id)
        if by_zelo:
            found = found.filter(actor__isnull=True)
        if action:
            found = found.filter(action=action)
        if object_type:
            found = found.filter(object_type=object_type)
        if object_id:
            found = found.filter(object_id=object_id)
        if customer_ids is not None:
            found = found.filter(customer_id__in=customer_ids)
        if first is not None:
            found = found.filter(at__gte=time.day_start(first))
        if last is not None:
            found = found.filter(at__lt=time.day_start(last + dt.timedelta(days=1)))
        return found
