"""Holds answers of the API against its OpenAPI description: address, method, status, type and body."""

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from drf_spectacular.generators import SchemaGenerator

PREFIX = "/api/v1/"
BROWSABLE = frozenset({"/api/v1/docs/", "/api/v1/schema/"})  # a page, and the description itself


class NotDescribed(AssertionError):  # noqa: N818
    """An answer is not what the description says."""


@cache
def description() -> dict[str, Any]:
    """Return the description as anybody can read it."""
    generator: Any = SchemaGenerator()
    found: dict[str, Any] = json.loads(
        json.dumps(generator.get_schema(request=None, public=True), default=str)
    )
    return found


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    """Return every described address as a pattern, those without arguments first."""
    found = sorted(description()["paths"], key=lambda path: (path.count("{"), path))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in found]


@cache
def _validator(path: str, verb: str, status: str, kind: str) -> Any:
    answer = description()["paths"][path][verb]["responses"][status]["content"][kind]
    return jsonschema_rs.Draft202012Validator({**answer["schema"], "components": description()["components"]})


def operation(path: str, verb: str) -> tuple[str, dict[str, Any]]:
    """Return the described address behind a path, and what is said of a method of it. Raises `NotDescribed`."""
    for pattern, found in _paths():
        if pattern.fullmatch(path) and verb in description()["paths"][found]:
            return found, description()["paths"][found][verb]
    raise NotDescribed(f"{verb.upper()} {path} is not in the API's description")


def check(response: Any) -> None:
    """Compare an answer with the description. Raises `NotDescribed`."""
    path, verb = response.request["PATH_INFO"], response.request["REQUEST_METHOD"].lower()
    if not path.startswith(PREFIX) or path in BROWSABLE or verb in {"head", "options"}:
        return
    match = getattr(response, "resolver_match", None)
    status = response.status_code
    if status >= 500 or status == 405 or (status == 404 and match is None):
        return  # a fault, a method or an address that does not exist: nothing of these is promised
    found, said = operation(path, verb)
    what = f"{verb.upper()} {found} answered {status}"
    answer = said["responses"].get(str(status))
    if answer is None:
        raise NotDescribed(f"{what}; described are {', '.join(said['responses'])}")
    if getattr(response, "streaming", False):
        kind = response.headers["Content-Type"].split(";")[0]
        if kind not in answer.get("content", {}):
            raise NotDescribed(f"{what} as {kind}; described are {', '.join(answer.get('content', {}))}")
        return
    if not response.content:
        if "content" in answer and status != 304:
            raise NotDescribed(f"{what} without a body")
        return
    kind = response.headers["Content-Type"].split(";")[0]
    if kind not in answer.get("content", {}):
        raise NotDescribed(f"{what} as {kind}; described are {', '.join(answer.get('content', {}))}")
    errors = list(_validator(found, verb, str(status), kind).iter_errors(json.loads(response.content)))
    if errors:
        told = "; ".join(
            f"{'/'.join(map(str, one.instance_path))}: {one.message[-200:]}" for one in errors[:5]
        )
        raise NotDescribed(f"{what}: {told}")
