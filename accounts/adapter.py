"""Closed doors for django-allauth: people join by invitation only; its mails go through our outbox."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest

from accounts.models import Invitation, User, Workspace
from accounts.services.invitations import person_join
from core import mail

LINK_MAILS = ("account/email/password_reset_key",)  # their bodies hold a link that opens something


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Lets nobody sign up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed; `accounts.services` makes people from invitations."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the library's mail (password reset, security notices) in the outbox, sent at most once."""
        context = {
            "request": allauth_context.request,
            "email": email,
            "current_site": {"name": Workspace.get().name, "domain": ""},
            **context,
        }
        message: EmailMultiAlternatives = self.render_mail(template_prefix, email, context)
        mail.queue(
            kind=template_prefix.rsplit("/", 1)[-1][:40],
            to=email,
            subject=str(message.subject),
            body_text=str(message.body),
            key=f"allauth:{secrets.token_hex(16)}",
            secret=template_prefix in LINK_MAILS,
        )


class ClosedSocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets single sign-on in only for people who are in the team or were invited.

    Both by an address that the identity provider says is verified.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Tell whether the newcomer's verified address has an open invitation."""
        return _invitation_for(sociallogin) is not None

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Fill the newcomer in from what the provider says; our people have one name, not two."""
        person: User = sociallogin.user
        person.email = str(data.get("email") or "").strip().lower()
        person.name = str(data.get("name") or "").strip()[:120]
        return person

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Make the invited person with the invitation's role and tie the sign-on to them."""
        found = _invitation_for(sociallogin)
        if found is None:
            raise PermissionError("no open invitation for this address")
        invitation = Invitation.objects.select_for_update().open_for(found.email).get(pk=found.pk)
        person = person_join(person=sociallogin.user, invitation=invitation, password=None)
        sociallogin.connect(request, person)
        return person


def _invitation_for(sociallogin: Any) -> Invitation | None:
    """Return the open invitation for an address the identity provider vouches for."""
    for address in sociallogin.email_addresses:
        if address.verified:
            invitation = Invitation.objects.open_for(address.email).first()
            if invitation is not None:
                return invitation
    return None
