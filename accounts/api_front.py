"""What every call to the API passes: how often a token may call, `ETag`/`If-Match`, `Idempotency-Key`.

It stands around the views, because it goes by the bytes that come in and go out. A keyed or conditional write is one
transaction with the answer that is kept of it. A view that needs transactions of its own declares `own_transactions`.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import AuthenticationFailed

from accounts import api_export
from accounts.api_auth import sent_key, token_principal
from accounts.api_versions import gone_on, version_now, with_version
from accounts.models import User
from core.api_sparse import chosen, cut
from core.calls import remembering
from core.calls.counting import count_call
from core.calls.remembering import Standing
from core.models import RememberedCall
from core.problems import refusal

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KEY_LENGTH = 255
View = Callable[..., HttpResponse]


class ApiFrontMiddleware:
    """Let a call to an API view through, answer it from memory, or refuse it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer instead of the view where there is something to look after; else say nothing."""
        if not hasattr(view, "cls"):
            return None
        caller, refused = _caller(request, view)
        if refused is not None:
            return refused
        if request.method == "GET":
            return _read(request, view, args, kwargs)
        return None if request.method in SAFE else _write(request, view, args, kwargs, caller)


def _read(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse:
    """Answer a reading call, cut down to the fields it chooses, with the version of what is read."""
    wanted, refused = chosen(request, view)
    if refused is not None:
        return refused
    if api_export.asked(request, view):
        return _answer(request, api_export.exporting(view), args, kwargs)
    return with_version(request, view, _answer(request, view, args, kwargs, wanted))


def _write(request: HttpRequest, view: View, args: Any, kwargs: Any, caller: str) -> HttpResponse | None:
    """Answer a write that has a key or a condition; None for any other."""
    key = request.headers.get("Idempotency-Key", "")
    if key and caller and _keyed(request):
        return _once(request, view, args, kwargs, caller=caller, key=key)
    if "If-Match" in request.headers:
        with transaction.atomic():
            return _unless_gone_on(request, view, args, kwargs)
    return None


def _caller(request: HttpRequest, view: View) -> tuple[str, HttpResponse | None]:
    """Return a name for who calls ("" for a stranger), and the refusal where a token calls too often."""
    raw = sent_key(request, view.cls)  # type: ignore[attr-defined]
    if not raw:
        user: Any = request.user
        return (f"u{user.pk}" if isinstance(user, User) else ""), None
    try:
        principal, token = token_principal(raw)
    except AuthenticationFailed:
        return "", None  # the view says so
    setattr(request, "api_caller", (principal, token))  # noqa: B010  (spares the view the same look-up)
    ingest = bool(getattr(view.cls, "ingest", False))  # type: ignore[attr-defined]
    limit = settings.INTAKE_CALLS_PER_MINUTE if ingest else settings.API_CALLS_PER_MINUTE
    calls, seconds = count_call(f"t{token.pk}{'i' if ingest else ''}")
    if calls > limit:
        detail = f"This token made more than {limit} calls in a minute."
        return "", refusal(429, "throttled", detail, Retry_After=str(seconds))
    return f"t{token.pk}", None


def _keyed(request: HttpRequest) -> bool:
    """Tell whether the key is for us: files have another boundary each time, so their view goes by their content."""
    small = int(request.META.get("CONTENT_LENGTH") or 0) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return small and not (request.content_type or "").startswith("multipart/")


def _once(request: HttpRequest, view: View, args: Any, kwargs: Any, *, caller: str, key: str) -> HttpResponse:
    if len(key) > KEY_LENGTH or not key.isascii() or not key.isprintable():
        return refusal(
            400, "invalid_key", f"An Idempotency-Key has at most {KEY_LENGTH} printable ASCII characters."
        )
    said = remembering.digest(
        request.method or "", request.get_full_path(), request.content_type or "", request.body
    )
    alone = getattr(view.cls, "own_transactions", False)  # type: ignore[attr-defined]
    lease = remembering.LONG_LEASE if alone else remembering.LEASE
    standing, call = remembering.begin(caller=caller, key=key, request_hash=said, lease=lease)
    if standing is Standing.ANOTHER:
        return refusal(422, "key_reused", "This Idempotency-Key was sent before with another request.")
    if standing is Standing.IN_FLIGHT:
        detail = "A call with this Idempotency-Key is being worked on."
        return refusal(409, "in_flight", detail, Retry_After="1")
    if standing is Standing.DONE:
        return _again(call)
    try:
        if alone:
            return _kept(call, _unless_gone_on(request, view, args, kwargs))
        with transaction.atomic():
            response = _kept(call, _unless_gone_on(request, view, args, kwargs))
            if _passes(response):
                transaction.set_rollback(True)
    except BaseException:
        remembering.forget(call)
        raise
    if _passes(response):
        remembering.forget(call)
    return response


def _passes(response: HttpResponse) -> bool:
    return response.status_code >= 500 or response.status_code in remembering.PASSING


def _kept(call: RememberedCall, response: HttpResponse) -> HttpResponse:
    """Keep an answer that stands; one whose lease is over must not have happened."""
    if _passes(response):
        remembering.forget(call)
        return response
    headers = {name: response[name] for name in remembering.KEPT_HEADERS if name in response}
    if remembering.keep(call, status=response.status_code, headers=headers, body=response.content):
        return response
    return refusal(409, "in_flight", "This call took too long and was taken over.", Retry_After="1")


def _again(call: RememberedCall) -> HttpResponse:
    body = remembering.answer_of(call)
    if body is None:
        return refusal(409, "answer_lost", "The call was made, but its answer can no longer be read.")
    return HttpResponse(body, status=call.status, headers={**call.headers, "Idempotent-Replayed": "true"})


def _unless_gone_on(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse:
    """Run the view; with `If-Match` only if its resource is still as the caller read it."""
    if "If-Match" not in request.headers:
        return _answer(request, view, args, kwargs)
    refused = gone_on(request, view, args, kwargs)
    if refused is not None:
        return refused
    response = _answer(request, view, args, kwargs)
    if response.status_code < 300 and "ETag" not in response and response.status_code != 204:
        version = version_now(request, view, args, kwargs)
        if version:
            response["ETag"] = version
    return response


def _answer(
    request: HttpRequest, view: View, args: Any, kwargs: Any, wanted: frozenset[str] = frozenset()
) -> HttpResponse:
    response = view(request, *args, **kwargs)
    cut(response, wanted)
    if hasattr(response, "render"):
        response = response.render()
    return response
