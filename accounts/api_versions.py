"""Versions of single resources: the `ETag` of what is read, and `If-Match` of what is changed.

The version is a fingerprint of the representation (a resource that counts its versions names its own). Before a
change the row is locked and the resource read once more, in the transaction of the change.
"""

import copy
import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from core import locks
from core.problems import refusal


def with_version(request: HttpRequest, view: Any, response: HttpResponse) -> HttpResponse:
    """Name the version of a single resource that was read; 304 where the caller has it already."""
    if response.status_code != 200 or not _is_single(view) or response.streaming:
        return response
    if "ETag" not in response:
        response["ETag"] = _fingerprint(response)
    if response["ETag"] in _named(request.headers.get("If-None-Match", "")):
        same = HttpResponseNotModified()
        same["ETag"] = response["ETag"]
        return same
    return response


def gone_on(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
    """Return the refusal where the resource is not what `If-Match` names; inside the transaction of the change."""
    said = request.headers["If-Match"].strip()
    _lock(request, view, kwargs)
    current = _read(request, view, args, kwargs)
    if current is not None and current.status_code != 200:
        return None  # the change itself says what is wrong: unknown, not allowed
    if current is not None and (said == "*" or current["ETag"] in _named(said)):
        return None
    return refusal(
        412,
        "precondition_failed",
        "Somebody changed this since you read it. Read it again and repeat the change.",
    )


def version_now(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> str:
    """Return the version of a resource after a change; "" where it cannot be read."""
    current = _read(request, view, args, kwargs)
    return current["ETag"] if current is not None and current.status_code == 200 else ""


def _is_single(view: Any) -> bool:
    kwargs, actions = getattr(view, "initkwargs", {}), getattr(view, "actions", {})
    return bool(kwargs.get("detail") or "put" in actions)


def _read(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
    """Read the resource as its own GET does; None where there is none."""
    reader = view
    if "get" not in getattr(view, "actions", {}) or not _is_single(view):
        if not hasattr(view.cls, "retrieve") or not _is_single(view):
            return None
        reader = view.cls.as_view({"get": "retrieve"}, detail=True)
    asked = copy.copy(request)
    asked.method = "GET"
    asked.META = {**request.META, "REQUEST_METHOD": "GET"}
    response: Any = reader(asked, *args, **kwargs)
    if hasattr(response, "render"):
        response = response.render()
    if response.status_code == 200 and "ETag" not in response:
        response["ETag"] = _fingerprint(response)
    return response  # type: ignore[no-any-return]


def _lock(request: HttpRequest, view: Any, kwargs: Any) -> None:
    """Let nobody change the row until the transaction ends."""
    locks.hold(request.path)
    rows, key = getattr(view.cls, "queryset", None), str(kwargs.get("pk", ""))
    if rows is not None and key.isdecimal() and len(key) < 19:
        rows.model._default_manager.select_for_update().filter(pk=int(key)).first()


def _fingerprint(response: HttpResponse) -> str:
    return f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'


def _named(header: str) -> set[str]:
    """Return the versions a header names; what a proxy weakened on the way counts as the version itself."""
    return {part.strip().removeprefix("W/") for part in header.split(",") if part.strip()}
