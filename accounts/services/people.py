"""People of the team: what they are called, what they may do, whether they may come in."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Token, User
from accounts.permissions import Role
from accounts.principals import Principal
from core import events, time

PROFILE_FIELDS = ("name", "job_title", "language", "theme", "time_format", "shortcuts", "reports")


@transaction.atomic
def profile_update(*, actor: User, person: User, **fields: Any) -> User:
    """Change what a person set for themselves: any of `PROFILE_FIELDS`.

    Writes an audit row only for what differs. Raises ValidationError by field.
    """
    unknown = set(fields) - set(PROFILE_FIELDS)
    if unknown:
        raise TypeError(f"not part of a profile: {sorted(unknown)}")
    person = User.objects.select_for_update().get(pk=person.pk)
    changes = audit.field_changes({name: getattr(person, name) for name in fields}, fields)
    if not changes:
        return person
    for name, value in fields.items():
        setattr(person, name, value)
    person.full_clean(exclude=["password"])
    person.save(update_fields=list(fields))
    audit.record(actor=actor, action="person.updated", subject=person, changes=changes, label=person.name)
    return person


@transaction.atomic
def person_role_change(*, actor: Principal, person: User, role: str) -> User:
    """Give a person another role. Raises ValidationError when no admin would be left."""
    if role not in Role.values:
        raise ValidationError(_("There is no role “%(role)s”.") % {"role": role})
    person = _locked_with_admins(person)
    if person.role == role:
        return person
    if person.role == Role.ADMIN:
        _require_another_admin(person)
    before, person.role = person.role, role
    person.save(update_fields=["role"])
    audit.record(
        actor=actor,
        action="person.role_changed",
        subject=person,
        changes={"role": (before, role)},
        label=person.name,
    )
    return person


@transaction.atomic
def person_disable(*, actor: User, person: User) -> User:
    """Shut a person out at once: no sign-in, every session ended, every token revoked.

    What they are responsible for is handed over by the caller, in the same transaction
    (`workspace.people.person_leave`). Raises ValidationError for oneself and for the last admin.
    """
    if person.pk == actor.pk:
        raise ValidationError(_("You cannot disable yourself. Ask another admin."))
    person = _locked_with_admins(person)
    if not person.is_active:
        return person
    if person.role == Role.ADMIN:
        _require_another_admin(person)
    person.is_active, person.disabled_at = False, time.now()
    person.save(update_fields=["is_active", "disabled_at"])
    sessions_end(person=person)
    Token.objects.filter(user=person, revoked_at__isnull=True).update(revoked_at=person.disabled_at)
    audit.record(
        actor=actor,
        action="person.disabled",
        subject=person,
        changes={"is_active": (True, False)},
        label=person.name,
    )
    events.emit("person.left", user_id=person.pk)
    return person


@transaction.atomic
def person_enable(*, actor: User, person: User) -> User:
    """Let a disabled person sign in again. Old sessions and tokens stay dead."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        return person
    person.is_active, person.disabled_at = True, None
    person.save(update_fields=["is_active", "disabled_at"])
    audit.record(
        actor=actor,
        action="person.enabled",
        subject=person,
        changes={"is_active": (False, True)},
        label=person.name,
    )
    return person


def sessions_end(*, person: User) -> None:
    """End every session of a person, on whatever device, inside the caller's transaction.

    The epoch alone makes them worthless wherever they are kept; the rows go so that lists tell the truth.
    """
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    kept = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=kept.values("session_key")).delete()
    kept.delete()


def _locked_with_admins(person: User) -> User:
    """Lock the person and every admin, in one order, so that two admins cannot remove each other at once."""
    with_admins = User.objects.filter(pk=person.pk) | User.objects.admins()
    locked: dict[int, User] = {row.pk: row for row in with_admins.order_by("pk").select_for_update()}
    return locked[person.pk]


def _require_another_admin(person: User) -> None:
    if not User.objects.admins().exclude(pk=person.pk).exists():
        raise ValidationError(
            _("%(name)s is the last admin. Make somebody else an admin first.") % {"name": person.name}
        )
