"""Another address to sign in with: asked for by the person, proven by a link that the new address gets."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User, Workspace
from accounts.services.secrets import secret_hash
from core import events, mail

LIFETIME = dt.timedelta(hours=24)
SALT = "accounts.email_change"


@dataclass(frozen=True)
class EmailChange:
    """What a link says: who wants to go from which address to which."""

    person: User
    before: str
    after: str


def email_change_ask(*, person: User, email: str) -> None:
    """Send a link to the new address, which changes it, and a notice to the present one.

    Raises ValidationError when the address is not one, is the present one, or is somebody else's.
    """
    email = _clean(person, email)
    token = email_change_token(person=person, email=email)
    context = {
        "link": settings.SITE_URL + reverse("email_confirm", args=[token]),
        "person": person,
        "email": email,
        "workspace": Workspace.get(),
        "hours": int(LIFETIME.total_seconds() // 3600),
    }
    with transaction.atomic(), translation.override(person.language or settings.LANGUAGE_CODE):
        key = secret_hash(token)[:32]
        mail.queue(
            kind="email_change",
            to=email,
            subject=_("Confirm your new address"),
            body_text=render_to_string("accounts/mail/email_change.txt", context).strip() + "\n",
            key=f"email-change:{key}",
            secret=True,
        )
        mail.queue(
            kind="email_change_notice",
            to=person.email,
            subject=_("Your address is to be changed"),
            body_text=render_to_string("accounts/mail/email_change_notice.txt", context).strip() + "\n",
            key=f"email-change-notice:{key}",
        )


def email_change_token(*, person: User, email: str) -> str:
    """Return what stands in the link: signed, valid for a day, and worthless once the address has changed."""
    return signing.dumps([person.pk, person.email, email], salt=SALT)


def email_change_of(token: str) -> EmailChange | None:
    """Read a link; None when it is not one of ours, too old or used, or the person cannot sign in."""
    try:
        key, before, after = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError):
        return None
    person = User.objects.active().filter(pk=key, email=before).first()
    return EmailChange(person, before, after) if person else None


@transaction.atomic
def email_change_confirm(*, change: EmailChange) -> User:
    """Give the person the new address. Raises ValidationError when it became somebody else's meanwhile."""
    person: User = User.objects.select_for_update().get(pk=change.person.pk)
    if person.email != change.before:
        raise ValidationError({"email": _("Your address was changed meanwhile. Ask for it once more.")})
    person.email = _clean(person, change.after)
    person.save(update_fields=["email"])
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    audit.record(
        actor=person,
        action="person.email_changed",
        subject=person,
        changes={"email": (change.before, person.email)},
        label=person.name,
    )
    events.emit("person.email_changed", user_id=person.pk, before=change.before, after=person.email)
    return person


def _clean(person: User, email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise ValidationError({"email": wrong.messages}) from wrong
    if email == person.email:
        raise ValidationError({"email": _("This is your address already.")})
    if User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise ValidationError({"email": _("Somebody else signs in with this address.")})
    return email
