"""`fields=id,name`: only some fields of a resource, in a media type of its own, so the whole stays as described."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from core.problems import refusal

SPARSE = "application/vnd.zelo.part+json"
READS = frozenset({"list", "retrieve"})


def names_of(view: Any, action: str | None) -> list[str]:
    """Return the fields that can be chosen from what an action of a view class answers; none where it has no choice."""
    serializer = getattr(view, "serializer_class", None)
    if action not in READS or serializer is None or not getattr(view, "sparse", True):
        return []
    return _readable(serializer)


@cache
def _readable(serializer: Any) -> list[str]:
    return [name for name, field in serializer().fields.items() if not field.write_only]


def chosen_of(given: Any) -> frozenset[str]:
    """Return the names that a query chooses, whether or not they are there."""
    said = {name.strip() for one in given.getlist("fields") for name in one.split(",")}
    return frozenset(said - {""})


def chosen(request: HttpRequest, view: Any) -> tuple[frozenset[str], HttpResponse | None]:
    """Return the fields a call chooses (none: all of them), and the refusal where one is not there."""
    if request.method != "GET" or "fields" not in request.GET:
        return frozenset(), None
    known = names_of(view.cls, getattr(view, "actions", {}).get("get"))
    wanted = chosen_of(request.GET)
    if not known:
        return frozenset(), None
    unknown = sorted(wanted - set(known))
    if unknown or not wanted:
        detail = f"There is no field {', '.join(unknown) or '(empty)'}; there are: {', '.join(known)}."
        return frozenset(), refusal(400, "invalid", detail)
    return wanted, None


def cut(response: Any, wanted: frozenset[str]) -> None:
    """Leave only the chosen fields in an answer that is not written out yet."""
    if not wanted or getattr(response, "status_code", 0) != 200 or not hasattr(response, "data"):
        return
    data = response.data
    if isinstance(data, dict) and isinstance(data.get("results"), list):
        data = {**data, "results": [_part(row, wanted) for row in data["results"]]}
    elif isinstance(data, list):
        data = [_part(row, wanted) for row in data]
    else:
        data = _part(data, wanted)
    response.data, response.content_type = data, SPARSE


def _part(row: Any, wanted: frozenset[str]) -> Any:
    return {name: value for name, value in row.items() if name in wanted}
