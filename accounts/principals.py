"""Who can be asking: a person, an integration that acts by its token and is nobody's, or Zelo itself."""

from typing import TYPE_CHECKING, Protocol

from accounts.permissions import Perm, role_has

if TYPE_CHECKING:
    from accounts.models import Token, User


class Principal(Protocol):
    """A caller whose permissions can be asked; `User` and `Integration` are the two there are."""

    @property
    def person(self) -> "User | None":
        """The person behind the caller; None for an integration."""

    @property
    def audit_label(self) -> str:
        """How the audit trail names the caller without keeping anything personal."""

    def may(self, perm: Perm) -> bool:
        """Tell whether the caller's role includes a permission."""


class Integration:
    """The caller behind a token that belongs to no person: has the token's role and sees every customer.

    DRF puts it into `request.user`; it has no primary key and is never stored.
    """

    is_authenticated = True
    is_anonymous = False
    is_active = True
    pk = None
    person = None

    def __init__(self, token: "Token") -> None:
        self.token = token

    def __str__(self) -> str:
        return self.token.name

    @property
    def audit_label(self) -> str:
        """How the audit trail names the caller: the token's name and the part of it that is not secret."""
        return str(self.token)[:120]

    def may(self, perm: Perm) -> bool:
        """Tell whether the token's role includes a permission."""
        return role_has(self.token.role, perm)


class Steward:
    """Zelo itself, carrying out what somebody set up: sees every customer, and `me` still means that person."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    pk = None
    audit_label = "Zelo"

    def __init__(self, person: "User | None" = None) -> None:
        self.person = person

    def may(self, perm: Perm) -> bool:
        """Tell that it may read and write whatever it was set up to."""
        return True


def principal_of(user: object) -> "Principal | None":
    """Return the caller when it is one whose permissions can be asked, None for a stranger."""
    from accounts.models import User

    return user if isinstance(user, User | Integration | Steward) else None
