"""Any list of the API as a file: `format=csv` or `format=jsonl`, all rows that match, streamed.

A list is taken out by whoever may export; filters, order and `fields` are those of the list.
"""

import csv
import inspect
import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from rest_framework import exceptions, mixins
from rest_framework.request import Request

from accounts import audit
from accounts.permissions import Perm
from accounts.requests import caller
from core.api import Order, Ordering
from core.api_sparse import chosen_of, names_of
from core.csv import safe_cell

CHUNK = 500  # rows that memory holds
TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


def exportable(view: Any, action: str | None) -> bool:
    """Tell whether an action of a view class is a list whose rows can be taken out."""
    if action != "list" or not hasattr(view, "list"):
        return False
    plain = inspect.unwrap(view.list) is mixins.ListModelMixin.list
    return plain and bool(names_of(view, "list"))


def asked(request: HttpRequest, view: Any) -> bool:
    """Tell whether a call asks for a file of a list."""
    action = getattr(view, "actions", {}).get("get")
    return request.method == "GET" and "format" in request.GET and exportable(view.cls, action)


def exporting(view: Any) -> Any:
    """Return the view that answers with a file in the place of a page."""
    made: Any = type(f"{view.cls.__name__}Export", (_Export, view.cls), {})
    return made.as_view(view.actions, **view.initkwargs)


class _Export:
    """What a list does when it answers with a file."""

    def check_permissions(self, request: Request) -> None:
        """Ask for the permission to export besides the list's own."""
        view: Any = super()
        view.check_permissions(request)
        if not caller(request).may(Perm.EXPORT_RUN):
            raise exceptions.PermissionDenied

    def list(self, request: Request, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """Return all rows that match, written as they are read."""
        view: Any = self
        kind = request.query_params["format"]
        if kind not in TYPES:
            raise exceptions.ValidationError({"format": [f"Choose one of: {', '.join(TYPES)}."]})
        names = names_of(type(self), "list")
        wanted = chosen_of(request.query_params) or set(names)
        names = [name for name in names if name in wanted]
        rows = _rows(view, view.filter_queryset(view.get_queryset()))
        first = list(islice(rows, 1))  # what is wrong with the question shows before the answer begins
        rows = chain(first, rows)
        basename = str(view.basename).removeprefix("api-")
        label = f"{basename} {request.query_params.urlencode()}"[:120]
        audit.record(
            actor=caller(request), action="api.exported", subject=(f"api.{basename}", "-"), label=label
        )
        lines = _csv(names, rows) if kind == "csv" else _jsonl(names, rows)
        return StreamingHttpResponse(
            lines,
            content_type=f"{TYPES[kind]}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{basename}.{kind}"'},
        )


def _rows(view: Any, queryset: Any) -> Iterator[dict[str, Any]]:
    """Give every row as the API writes it, a chunk at a time: each is found by the last row of the one before."""
    said = Ordering().get_ordering(view.request, queryset, view) or ("-pk",)
    order = Order(said[0], queryset.model)
    place = None
    while True:
        rows = queryset if place is None else order.behind(queryset, place)
        found = list(order.sort(rows, back=False)[:CHUNK])
        yield from view.get_serializer(found, many=True).data
        if len(found) < CHUNK:
            return
        place = order.place(found[-1], back=False)


def _csv(names: list[str], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield str(writer.writerow(names))
    for row in rows:
        yield str(writer.writerow([_cell(row.get(name)) for name in names]))


def _jsonl(names: list[str], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps({name: row.get(name) for name in names}, ensure_ascii=False, default=str) + "\n"


def _cell(value: Any) -> str:
    """Write a value for a spreadsheet: nothing runs as a formula; lists and objects are JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return safe_cell(json.dumps(value, ensure_ascii=False, default=str))
    return safe_cell(str(value))


class _Echo:
    def write(self, text: str) -> str:
        """Give back what a csv writer would write."""
        return text
