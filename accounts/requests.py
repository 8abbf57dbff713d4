"""Who is behind a request whose view asks for somebody."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User
from accounts.principals import Principal, principal_of


def signed_in(request: HttpRequest) -> User:
    """Return the signed-in person; only for views whose permission makes sure that there is one."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def caller(request: Request) -> Principal:
    """Return the person or integration behind an API call; only for views that let no stranger in."""
    principal = principal_of(request.user)
    if principal is None:
        raise PermissionDenied
    return principal
