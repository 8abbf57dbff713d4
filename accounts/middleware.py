"""Per-person preferences, and the rule that a view without a declared permission answers nobody."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from accounts.permissions import Perm
from accounts.vendor_views import vendor_permission

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Speaks the signed-in person's language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "") if request.user.is_authenticated else ""
        if language and language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


def declared_permission(view: Callable[..., Any], url_name: str | None, namespace: str) -> Perm | None:
    """Return the permission a view declares, or the one we declare for a library's view; None: undeclared."""
    for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        perm = getattr(holder, "permission", None)
        if isinstance(perm, Perm):
            return perm
    return vendor_permission(url_name, namespace)


class DeclaredPermissionMiddleware:
    """Lets a request through to its view only when the view's declared permission allows it.

    API views (those with `cls`) authenticate inside the view; here it is only asked that they declare.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse, ask to sign in, or say nothing and let the view run."""
        match = request.resolver_match
        perm = declared_permission(view, match.url_name if match else None, match.namespace if match else "")
        if perm is None:
            raise Http404
        if perm is Perm.PUBLIC or hasattr(view, "cls"):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.may(perm):
            return render(request, "403.html", {"needed": perm}, status=403)
        return None
