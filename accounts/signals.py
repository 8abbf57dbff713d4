"""What django-allauth changes about a person belongs into the audit trail too."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.db.models.signals import post_delete, post_save

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


def _factor_saved(instance: Authenticator, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw:
        _noted("person.factor_added", instance.user, str(instance.type))


def _factor_deleted(instance: Authenticator, **_: Any) -> None:
    _noted("person.factor_removed", instance.user, str(instance.type))


def _sign_on_added(request: Any, sociallogin: Any, **_: Any) -> None:
    _noted("person.sign_on_added", sociallogin.user, str(sociallogin.account.provider))


def _sign_on_removed(request: Any, socialaccount: Any, **_: Any) -> None:
    _noted("person.sign_on_removed", socialaccount.user, str(socialaccount.provider))


def connect() -> None:
    """Listen, once."""
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_password_set, dispatch_uid="accounts.password")
    # The rows and not the library's own signals: those come after the commit, the trail belongs inside.
    post_save.connect(_factor_saved, sender=Authenticator, dispatch_uid="accounts.factor_saved")
    post_delete.connect(_factor_deleted, sender=Authenticator, dispatch_uid="accounts.factor_deleted")
    social.social_account_added.connect(_sign_on_added, dispatch_uid="accounts.sign_on_added")
    social.social_account_removed.connect(_sign_on_removed, dispatch_uid="accounts.sign_on_removed")
