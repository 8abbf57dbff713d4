"""Who is asking at the API: a bearer token, or the session; and what the view allows them.

Two things must both say yes: the *role* (of the token's person, or of the integration itself) includes
the permission the view declares, and the token's *scopes* cover what is asked:

    read    reading
    write   reading and writing
    ingest  sending data to views that declare `ingest = True`, nothing else
    admin   everything; the only scope that reaches people, settings and the audit trail
"""

import base64
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from accounts.models import Token, User
from accounts.permissions import Perm
from accounts.principals import Integration, principal_of
from accounts.services.secrets import secret_hash
from core import time

if TYPE_CHECKING:
    from rest_framework.views import APIView

USED_EVERY_SECONDS = 60
ADMIN_PERMS = frozenset({Perm.PEOPLE_MANAGE, Perm.SETTINGS_MANAGE, Perm.AUDIT_VIEW, Perm.NIGHTS_RUN})


def token_principal(raw: str) -> tuple[User | Integration, Token]:
    """Return who a key speaks for, and its token. Raises AuthenticationFailed when it opens nothing."""
    token = Token.objects.select_related("user").filter(token_hash=secret_hash(raw.strip())).first()
    if token is None or not token.is_live:
        raise exceptions.AuthenticationFailed("This token is unknown, expired or revoked.")
    if token.user is not None and not token.user.is_active:
        raise exceptions.AuthenticationFailed("The person this token belongs to is disabled.")
    now = time.now()
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > USED_EVERY_SECONDS:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user or Integration(token), token


def sent_key(request: HttpRequest, view: object) -> str:
    """Return the key a call carries: a bearer token, or the user name of Basic auth as Segment's clients send it.

    Basic auth opens only views that say `basic_keys`: browsers keep and resend it, and tracking keys lie in apps.
    """
    kind, _, said = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return said.strip()
    if kind.lower() != "basic" or not getattr(view, "basic_keys", False):
        return ""
    try:
        return base64.b64decode(said.strip(), validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`, or at tracking addresses Basic with the token as user name."""

    def authenticate(self, request: Request) -> tuple[User | Integration, Token] | None:
        """Return the token's person, or the integration it stands for, and the token."""
        known: tuple[User | Integration, Token] | None = getattr(request._request, "api_caller", None)
        if known is not None:
            return known
        raw = sent_key(request._request, (request.parser_context or {}).get("view"))
        return token_principal(raw) if raw else None

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that an anonymous call gets 401 and not 403."""
        return "Bearer"


class DeclaredPermission(permissions.BasePermission):
    """Allows what the view's declared permission allows to the caller's role and the token's scopes.

    A view declares `permission` and, where writing needs another one, `write_permission`.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Check role and scope; a view without a declared permission answers nobody."""
        method = request.method or "GET"
        perm: Any = getattr(view, "permission", None)
        if method not in permissions.SAFE_METHODS:
            perm = getattr(view, "write_permission", perm)
        if perm is Perm.PUBLIC:
            return True
        if not isinstance(perm, Perm):
            return False
        if isinstance(request.auth, Token) and not scope_allows(
            request.auth, method, perm, ingest=getattr(view, "ingest", False)
        ):
            return False
        caller = principal_of(request.user)
        return caller is not None and caller.may(perm)


def scope_allows(token: Token, method: str, perm: Perm, *, ingest: bool) -> bool:
    """Tell whether a token's scopes cover a method on a view with this permission."""
    scopes = set(token.scopes)
    if Token.Scope.ADMIN in scopes:
        return True
    if perm in ADMIN_PERMS:
        return False
    if Token.Scope.WRITE in scopes or (ingest and Token.Scope.INGEST in scopes):
        return True
    return method in permissions.SAFE_METHODS and Token.Scope.READ in scopes


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the API's description how the token is sent."""

    target_class = "accounts.api_auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme as OpenAPI says it."""
        return {"type": "http", "scheme": "bearer"}
