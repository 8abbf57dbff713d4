"""What django-allauth changes about a person belongs into the audit trail too."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social

from accounts import audit
from accounts.models import User


def _noted(action: str, user: User, what: str = "") -> None:
    changes: dict[str, tuple[Any, Any]] = {}
    if action.endswith("_added"):
        changes["authenticator"] = (None, what)
    elif action.endswith("_removed"):
        changes["authenticator"] = (what, None)
    audit.record(actor=user, action=action, subject=user, changes=changes, label=user.name)


def _password_set(user: User, **_: Any) -> None:
    _noted("person.password_changed", user)


def _factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    _noted("person.factor_added", user, str(authenticator.type))


def _factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    _noted("person.factor_removed", user, str(authenticator.type))


def _sign_on_added(request: Any, sociallogin: Any, **_: Any) -> None:
    _noted("person.sign_on_added", sociallogin.user, str(sociallogin.account.provider))


def _sign_on_removed(request: Any, socialaccount: Any, **_: Any) -> None:
    _noted("person.sign_on_removed", socialaccount.user, str(socialaccount.provider))


def connect() -> None:
    """Listen, once."""
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_password_set, dispatch_uid="accounts.password")
    mfa.authenticator_added.connect(_factor_added, dispatch_uid="accounts.factor_added")
    mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.factor_removed")
    social.social_account_added.connect(_sign_on_added, dispatch_uid="accounts.sign_on_added")
    social.social_account_removed.connect(_sign_on_removed, dispatch_uid="accounts.sign_on_removed")
