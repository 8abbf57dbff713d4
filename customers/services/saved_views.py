"""Views of the portfolio that people named: a person's own, and those a manager shares with the team."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.permissions import Perm
from customers.models import SavedView

NAME_LIMIT = 60
MOST_VIEWS = 30


def may_change(user: User, view: SavedView) -> bool:
    """Tell whether a person may change a view: their own, or a shared one with the permission to share."""
    return view.owner_id == user.pk or (view.shared and user.may(Perm.VIEWS_SHARE))


@transaction.atomic
def view_create(*, actor: User, name: str, query: dict[str, list[str]], shared: bool = False) -> SavedView:
    """Name a view of the portfolio.

    `query` is what the page's query string says. Raises `ValidationError` for a name that is empty or taken,
    or too many views, `PermissionDenied` for sharing without the permission to.
    """
    _check_sharing(actor, shared)
    name = _checked_name(name, actor, None)
    if SavedView.objects.filter(owner=actor).count() >= MOST_VIEWS:
        raise ValidationError(
            {"name": _("You have %(n)s views already. Remove one first.") % {"n": MOST_VIEWS}}
        )
    view = SavedView.objects.create(owner=actor, name=name, query=query, shared=shared)
    audit.record(
        actor=actor,
        action="view.created",
        subject=view,
        changes={"name": (None, name), "query": (None, query), "shared": (None, shared)},
        label=name,
    )
    return view


@transaction.atomic
def view_update(
    *,
    actor: User,
    view: SavedView,
    name: str,
    shared: bool,
    query: dict[str, list[str]] | None = None,
) -> SavedView:
    """Rename a view, share it or not, and with `query` make it show something else; errors as `view_create`."""
    if not may_change(actor, view):
        raise PermissionDenied
    if shared != view.shared:
        _check_sharing(actor, True)
    after: dict[str, Any] = {"name": _checked_name(name, view.owner, view), "shared": shared}
    if query is not None:
        after["query"] = query
    changes = audit.field_changes({field: getattr(view, field) for field in after}, after)
    for field, value in after.items():
        setattr(view, field, value)
    view.save(update_fields=list(after))
    if changes:
        audit.record(actor=actor, action="view.updated", subject=view, changes=changes, label=view.name)
    return view


@transaction.atomic
def view_remove(*, actor: User, view: SavedView) -> None:
    """Remove a view; the customers in it are not touched. Raises `PermissionDenied` for a stranger."""
    if not may_change(actor, view):
        raise PermissionDenied
    audit.record(
        actor=actor,
        action="view.removed",
        subject=view,
        changes={"name": (view.name, None), "query": (view.query, None)},
        label=view.name,
    )
    view.delete()


def _check_sharing(actor: User, shared: bool) -> None:
    if shared and not actor.may(Perm.VIEWS_SHARE):
        raise PermissionDenied


def _checked_name(name: str, owner: User | None, own: SavedView | None) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("A view needs a name.")})
    if len(name) > NAME_LIMIT:
        raise ValidationError({"name": _("At most %(n)s characters.") % {"n": NAME_LIMIT}})
    others = SavedView.objects.filter(owner=owner, name__iexact=name)
    if own is not None:
        others = others.exclude(pk=own.pk)
    if others.exists():
        raise ValidationError({"name": _("You have a view called “%(name)s” already.") % {"name": name}})
    return name
