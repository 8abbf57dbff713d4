"""Who may do what. A view names one permission; a view that names none answers nobody.

    @requires(Perm.CUSTOMERS_EDIT)
    def customer_edit(request): ...

The middleware `DeclaredPermissionMiddleware` enforces it for pages, `api_auth.DeclaredPermission`
for the API. Which *rows* a person may see is the querysets' matter: `visible_to(user)`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

View = TypeVar("View", bound=Callable[..., Any])


class Role(models.TextChoices):
    """What a person is to the workspace; each role may do what the one before may, and more."""

    VIEWER = "viewer", _("Viewer")
    ANALYST = "analyst", _("Analyst")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Admin")


class Perm(StrEnum):
    """A kind of thing one may do."""

    PUBLIC = "public"  # no login at all: public pages, health checks
    SIGNED_IN = "signed_in"  # anybody who is signed in: own profile, own sessions
    CUSTOMERS_VIEW = "customers.view"
    CUSTOMERS_EDIT = "customers.edit"  # which rows: `editable_by(user)`
    CUSTOMERS_MANAGE = "customers.manage"  # any row, bulk over others' rows, merge, archive
    VIEWS_SHARE = "views.share"
    METRICS_VIEW = "metrics.view"
    TARGETS_EDIT = "targets.edit"
    MONTHS_FREEZE = "months.freeze"
    IMPORT_RUN = "import.run"
    EXPORT_RUN = "export.run"
    PEOPLE_MANAGE = "people.manage"
    SETTINGS_MANAGE = "settings.manage"
    AUDIT_VIEW = "audit.view"
    TOKENS_OWN = "tokens.own"
    NIGHTS_RUN = "nights.run"
    CAMPAIGNS_MANAGE = "campaigns.manage"  # who is written to: set up, start, stop
    PRIVACY_MANAGE = "privacy.manage"  # a person's data: handed out, erased


_VIEWER = {Perm.SIGNED_IN, Perm.CUSTOMERS_VIEW, Perm.METRICS_VIEW}
_ANALYST = _VIEWER | {Perm.CUSTOMERS_EDIT, Perm.EXPORT_RUN, Perm.TOKENS_OWN}
_MANAGER = _ANALYST | {
    Perm.CUSTOMERS_MANAGE,
    Perm.VIEWS_SHARE,
    Perm.TARGETS_EDIT,
    Perm.MONTHS_FREEZE,
    Perm.IMPORT_RUN,
    Perm.AUDIT_VIEW,
    Perm.CAMPAIGNS_MANAGE,
}
_ADMIN = _MANAGER | {Perm.PEOPLE_MANAGE, Perm.SETTINGS_MANAGE, Perm.NIGHTS_RUN, Perm.PRIVACY_MANAGE}

ROLE_PERMISSIONS: dict[str, frozenset[Perm]] = {
    Role.VIEWER: frozenset(_VIEWER),
    Role.ANALYST: frozenset(_ANALYST),
    Role.MANAGER: frozenset(_MANAGER),
    Role.ADMIN: frozenset(_ADMIN),
}


def requires(perm: Perm) -> Callable[[View], View]:
    """Declare on a view (function or class) the permission it needs."""

    def declare(view: View) -> View:
        view.permission = perm  # type: ignore[attr-defined]
        return view

    return declare


public = requires(Perm.PUBLIC)


def role_has(role: str, perm: Perm) -> bool:
    """Tell whether a role includes a permission."""
    return perm is Perm.PUBLIC or perm in ROLE_PERMISSIONS.get(role, frozenset())
