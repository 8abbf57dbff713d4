"""Invitations: how a person joins."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Invitation, User, Workspace
from accounts.permissions import Role
from accounts.services.secrets import secret_hash, secret_new
from core import events, mail, time

LIFETIME = dt.timedelta(days=7)


@dataclass(frozen=True)
class Sent:
    """An invitation and its link, which can be shown only now: afterwards just its hash is known."""

    invitation: Invitation
    link: str


@transaction.atomic
def invitation_create(*, actor: User | None, email: str, role: str, by_mail: bool = True) -> Sent:
    """Invite an address to a role and, unless told not to, queue the mail with the link.

    The link works once, for seven days. An earlier invitation of the address that is still waiting is
    revoked by this one. Raises ValidationError when the address is not one, the role is unknown, or the
    person is there already.
    """
    email = _clean_address(email)
    if role not in Role.values:
        raise ValidationError({"role": _("There is no role “%(role)s”.") % {"role": role}})
    there = User.objects.filter(email__iexact=email).first()
    if there is not None and there.is_active:
        raise ValidationError({"email": _("%(email)s is in the team already.") % {"email": email}})
    if there is not None:
        raise ValidationError(
            {
                "email": _("%(email)s was in the team and is disabled. Enable this person instead.")
                % {"email": email}
            }
        )
    for earlier in Invitation.objects.select_for_update().pending().filter(email__iexact=email):
        _revoke(actor=actor, invitation=earlier)
    raw = secret_new()
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        token_hash=secret_hash(raw),
        invited_by=actor,
        expires_at=time.now() + LIFETIME,
    )
    audit.record(
        actor=actor,
        action="invitation.created",
        subject=invitation,
        changes={"email": (None, email), "role": (None, role)},
        label=email,
    )
    return _sent(actor, invitation, raw, by_mail=by_mail)


@transaction.atomic
def invitation_resend(*, actor: User | None, invitation: Invitation, by_mail: bool = True) -> Sent:
    """Give a waiting or expired invitation a new link and seven more days; the old link stops working.

    Raises ValidationError when it was accepted or revoked meanwhile.
    """
    invitation = _lock_pending(invitation)
    raw = secret_new()
    before = invitation.expires_at
    invitation.token_hash = secret_hash(raw)
    invitation.expires_at = time.now() + LIFETIME
    invitation.save(update_fields=["token_hash", "expires_at"])
    audit.record(
        actor=actor,
        action="invitation.resent",
        subject=invitation,
        changes={"expires_at": (before, invitation.expires_at)},
        label=invitation.email,
    )
    return _sent(actor, invitation, raw, by_mail=by_mail)


@transaction.atomic
def invitation_revoke(*, actor: User | None, invitation: Invitation) -> Invitation:
    """Take an invitation back: its link stops working. Raises ValidationError when it was accepted."""
    invitation = _lock_pending(invitation)
    _revoke(actor=actor, invitation=invitation)
    return invitation


@transaction.atomic
def invitation_accept(*, invitation: Invitation, name: str, password: str | None, language: str = "") -> User:
    """Make the person an invitation was for; whoever holds the link has proven the address.

    `password` None: the person signs in by single sign-on only. Emits `person.joined`, on which the
    customers that waited for this address find their owner. Raises ValidationError, by field, when the
    invitation no longer holds or the password is weak.
    """
    invitation = _lock_pending(invitation)
    if invitation.state is not Invitation.State.OPEN:
        raise ValidationError(_("This invitation has expired. Ask for a new one."))
    person = User(email=invitation.email, name=name.strip(), role=invitation.role, language=language)
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as weak:
            raise ValidationError({"password": weak.messages}) from weak
    return person_join(person=person, invitation=invitation, password=password)


def person_join(*, person: User, invitation: Invitation, password: str | None) -> User:
    """Save a person who comes by an invitation the caller has locked, inside the caller's transaction."""
    person.email, person.role = invitation.email, invitation.role
    person.set_password(password)
    person.save()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    invitation.accepted_at = time.now()
    invitation.save(update_fields=["accepted_at"])
    audit.record(
        actor=person,
        action="person.joined",
        subject=person,
        changes={"role": (None, person.role), "email": (None, person.email)},
        label=person.name,
    )
    events.emit("person.joined", user_id=person.pk)
    return person


def invitation_by_token(raw: str) -> Invitation | None:
    """Return the invitation a link belongs to, whatever its state; None when there is none."""
    return Invitation.objects.filter(token_hash=secret_hash(raw)).first()


def _lock_pending(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at is not None:
        raise ValidationError(_("This invitation was accepted already."))
    if locked.revoked_at is not None:
        raise ValidationError(_("This invitation was revoked."))
    return locked


def _revoke(*, actor: User | None, invitation: Invitation) -> None:
    invitation.revoked_at = time.now()
    invitation.save(update_fields=["revoked_at"])
    audit.record(
        actor=actor,
        action="invitation.revoked",
        subject=invitation,
        changes={"revoked_at": (None, invitation.revoked_at)},
        label=invitation.email,
    )


def _clean_address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise ValidationError(
            {"email": _("“%(email)s” is not an e-mail address.") % {"email": email}}
        ) from wrong
    return email


def _sent(actor: User | None, invitation: Invitation, raw: str, *, by_mail: bool) -> Sent:
    link = settings.SITE_URL + reverse("join", args=[raw])
    if by_mail:
        # The invited person's language is not known yet; the inviter's is the best guess.
        language = (actor.language if actor else "") or settings.LANGUAGE_CODE
        with translation.override(language):
            context = {
                "invitation": invitation,
                "link": link,
                "inviter": actor,
                "workspace": Workspace.get(),
                "days": LIFETIME.days,
            }
            mail.queue(
                kind="invitation",
                to=invitation.email,
                subject=_("You are invited to %(workspace)s") % {"workspace": Workspace.get().name},
                body_text=render_to_string("accounts/mail/invitation.txt", context).strip() + "\n",
                key=f"invitation:{invitation.token_hash[:32]}",
                secret=True,
            )
    return Sent(invitation, link)
