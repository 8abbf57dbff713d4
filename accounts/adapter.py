"""Closed doors for django-allauth: people join by invitation only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Lets nobody sign up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed; `accounts.services` makes people from invitations."""
        return False


class ClosedSocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets single sign-on in only for people who were invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Single sign-on never makes a person."""
        return False
