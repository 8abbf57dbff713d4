"""Who is asking at the API: a bearer token, or the session; and what the view allows them."""

import hashlib
from typing import TYPE_CHECKING, Any

from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from accounts.models import Token, User
from accounts.permissions import Perm, role_has
from core import time

if TYPE_CHECKING:
    from rest_framework.views import APIView

USED_EVERY_SECONDS = 60


def token_hash(raw: str) -> str:
    """Return the hash under which a token is stored. The token has 192 random bits, so no salt is needed."""
    return hashlib.sha256(raw.encode()).hexdigest()


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`."""

    def authenticate(self, request: Request) -> tuple[User | None, Token] | None:
        """Return the token's person (None for an integration's) and the token."""
        kind, _, raw = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not raw:
            return None
        token = Token.objects.select_related("user").filter(token_hash=token_hash(raw.strip())).first()
        now = time.now()
        if token is None or token.revoked_at or (token.expires_at and token.expires_at <= now):
            raise exceptions.AuthenticationFailed("This token is unknown, expired or revoked.")
        if token.user is not None and not token.user.is_active:
            raise exceptions.AuthenticationFailed("The person this token belongs to is disabled.")
        if token.last_used_at is None or (now - token.last_used_at).total_seconds() > USED_EVERY_SECONDS:
            Token.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that an anonymous call gets 401 and not 403."""
        return "Bearer"


class DeclaredPermission(permissions.BasePermission):
    """Allows what the view's declared permission allows to the caller's role and the token's scopes."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Check role and scope; a view without a declared permission answers nobody."""
        perm: Any = getattr(view, "permission", None)
        if request.method not in permissions.SAFE_METHODS:
            perm = getattr(view, "write_permission", perm)
        if perm is Perm.PUBLIC:
            return True
        if not isinstance(perm, Perm):
            return False
        token = request.auth if isinstance(request.auth, Token) else None
        if token is not None and not _scope_allows(token, request.method or "GET"):
            return False
        if isinstance(request.user, User):
            return request.user.may(perm)
        return token is not None and role_has(token.role, perm)


def _scope_allows(token: Token, method: str) -> bool:
    scopes = set(token.scopes)
    if Token.Scope.ADMIN in scopes or Token.Scope.WRITE in scopes:
        return True
    return method in permissions.SAFE_METHODS and Token.Scope.READ in scopes
