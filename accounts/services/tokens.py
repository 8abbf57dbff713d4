"""Keys to the API."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Token, User
from accounts.permissions import Perm, Role
from accounts.services.secrets import secret_hash, secret_new
from core import time

MARK = "zelo_"  # lets secret scanners and people recognise a leaked key
PREFIX_LENGTH = len(MARK) + 6
OVERLAP = dt.timedelta(hours=24)  # so long a key works beside the one that takes its place


@dataclass(frozen=True)
class Made:
    """A token and the key itself, which can be shown only now."""

    token: Token
    raw: str


@transaction.atomic
def token_create(
    *,
    actor: User,
    name: str,
    scopes: Collection[str],
    expires_at: dt.datetime | None,
    integration_role: str | None = None,
) -> Made:
    """Make a key for the actor, or with `integration_role` for an integration that is nobody's.

    A person's key never does more than the person may, whatever its scopes. Raises ValidationError, by
    field: no scope, an expiry in the past, a scope or an integration the actor has no right to give.
    """
    scopes = [scope for scope in Token.Scope.values if scope in set(scopes)]
    if not scopes:
        raise ValidationError({"scopes": _("Choose at least one thing the token may do.")})
    if expires_at is not None and expires_at <= time.now():
        raise ValidationError({"expires_at": _("The expiry lies in the past.")})
    if integration_role is not None and not actor.may(Perm.PEOPLE_MANAGE):
        raise ValidationError({"integration_role": _("Only an admin makes tokens for integrations.")})
    role = actor.role if integration_role is None else integration_role
    if role not in Role.values:
        raise ValidationError({"integration_role": _("There is no role “%(role)s”.") % {"role": role}})
    if Token.Scope.ADMIN in scopes and role != Role.ADMIN:
        raise ValidationError({"scopes": _("The scope “Admin” needs the role Admin.")})
    raw = MARK + secret_new()
    token = Token.objects.create(
        name=name.strip(),
        user=actor if integration_role is None else None,
        role=role,
        prefix=raw[:PREFIX_LENGTH],
        token_hash=secret_hash(raw),
        scopes=scopes,
        created_by=actor,
        expires_at=expires_at,
    )
    audit.record(
        actor=actor,
        action="token.created",
        subject=token,
        changes={"scopes": (None, scopes), "role": (None, role), "expires_at": (None, expires_at)},
        label=str(token),
    )
    return Made(token, raw)


@transaction.atomic
def token_rotate(*, actor: User, token: Token) -> Made:
    """Make a new key that may what this one may; the old one opens the API for another 24 hours.

    The new key lives as long as the old one was meant to. Raises ValidationError for a key that is dead already.
    """
    token = Token.objects.select_for_update().get(pk=token.pk)
    if not token.is_live:
        raise ValidationError(_("This token is expired or revoked; make a new one."))
    now = time.now()
    lifetime = None if token.expires_at is None else token.expires_at - token.created_at
    made = token_create(
        actor=actor,
        name=token.name,
        scopes=token.scopes,
        expires_at=None if lifetime is None else now + lifetime,
        integration_role=token.role if token.user_id is None else None,
    )
    before, until = token.expires_at, now + OVERLAP
    if before is None or before > until:
        token.expires_at = until
        token.save(update_fields=["expires_at"])
    audit.record(
        actor=actor,
        action="token.rotated",
        subject=token,
        changes={"expires_at": (before, token.expires_at)},
        label=str(token),
    )
    return made


@transaction.atomic
def token_revoke(*, actor: User, token: Token) -> Token:
    """Make a key worthless at once; one that is revoked already stays as it is."""
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = time.now()
        token.save(update_fields=["revoked_at"])
        audit.record(
            actor=actor,
            action="token.revoked",
            subject=token,
            changes={"revoked_at": (None, token.revoked_at)},
            label=str(token),
        )
    return token
