"""API base: pages that cost the same however deep they lie, in the orders a view allows."""

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.filters import OrderingFilter
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

LONGEST = 2000  # characters of a cursor that are read
UNORDERED = (models.TextField, models.JSONField, models.ForeignKey, models.ManyToManyField, models.FileField)


@dataclass(frozen=True)
class Place:
    """A row's place in a list: its value of the ordered field, its number, and whether one goes back from it."""

    value: Any
    pk: int
    back: bool

    def write(self) -> str:
        """Return the place as the text a link carries."""
        value = self.value.isoformat() if isinstance(self.value, dt.date) else self.value
        plain = value if value is None or isinstance(value, int) else str(value)
        said = json.dumps([plain, self.pk, int(self.back)], separators=(",", ":"))
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


class Order:
    """The order of a list by one column and, where that is equal, by number; empty values come last."""

    def __init__(self, said: str, model: type[models.Model]) -> None:
        self.down = said.startswith("-")
        name = said.removeprefix("-")
        self.name = "pk" if name in {"pk", "id"} else name
        self.field: Any = model._meta.pk if self.name == "pk" else model._meta.get_field(name)

    def sort(self, rows: QuerySet[Any], *, back: bool) -> QuerySet[Any]:
        """Put rows into the order, or into the one that runs back."""
        down = self.down != back
        number = F("pk").desc() if down else F("pk").asc()
        if self.name == "pk":
            return rows.order_by(number)
        edge: dict[str, Any] = {}
        if self.field.null:
            edge = {"nulls_first": True} if back else {"nulls_last": True}
        value = F(self.name).desc(**edge) if down else F(self.name).asc(**edge)
        return rows.order_by(value, number)

    def behind(self, rows: QuerySet[Any], place: Place) -> QuerySet[Any]:
        """Keep the rows on the far side of a place."""
        beyond = "lt" if self.down != place.back else "gt"
        number = Q(**{f"pk__{beyond}": place.pk})
        if self.name == "pk":
            return rows.filter(number)
        empty = Q(**{f"{self.name}__isnull": True})
        if place.value is None:
            return rows.filter(~empty | (empty & number)) if place.back else rows.filter(empty & number)
        further = Q(**{f"{self.name}__{beyond}": place.value})
        kept = further | (Q(**{self.name: place.value}) & number)
        return rows.filter(kept | empty if self.field.null and not place.back else kept)

    def place(self, row: Any, *, back: bool) -> Place:
        """Return where a row stands."""
        return Place(row.pk if self.name == "pk" else getattr(row, self.field.attname), row.pk, back)

    def read(self, text: str) -> Place:
        """Read a place of this order. Raises ValueError."""
        if len(text) > LONGEST:
            raise ValueError(text)
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            value, pk, back = json.loads(raw)
            value = None if value is None else self.field.to_python(value)
        except (binascii.Error, TypeError, DjangoValidationError) as error:
            raise ValueError(text) from error
        if type(pk) is not int or abs(pk) > 1 << 62 or "\x00" in str(value):
            raise ValueError(text)
        return Place(value, pk, bool(back))


class CursorPages(CursorPagination):
    """`{"next", "previous", "results"}`: found by the row before it, a deep page costs what the first does."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that is asked for. Raises ValidationError for a cursor of no list."""
        self.base_url = request.build_absolute_uri()
        self.order = Order(self.get_ordering(request, queryset, view)[0], queryset.model)
        size = self._size(request)
        place = self._place(request)
        back = place is not None and place.back
        rows = queryset if place is None else self.order.behind(queryset, place)
        found = list(self.order.sort(rows, back=back)[: size + 1])
        more, found = len(found) > size, found[:size]
        self.rows = found[::-1] if back else found
        self.has_next, self.has_previous = (True, more) if back else (more, place is not None)
        return self.rows

    def get_next_link(self) -> str | None:
        """Return the address of the page behind this one; None behind the last."""
        return self._link(self.rows[-1], back=False) if self.has_next and self.rows else None

    def get_previous_link(self) -> str | None:
        """Return the address of the page before this one; None before the first."""
        return self._link(self.rows[0], back=True) if self.has_previous and self.rows else None

    def _link(self, row: Any, *, back: bool) -> str:
        return str(
            replace_query_param(self.base_url or "", "cursor", self.order.place(row, back=back).write())
        )

    def _place(self, request: Request) -> Place | None:
        said = request.query_params.get("cursor", "")
        try:
            return self.order.read(said) if said else None
        except ValueError as error:
            raise serializers.ValidationError({"cursor": [_("This is no place in this list.")]}) from error

    def _size(self, request: Request) -> int:
        said = request.query_params.get("page_size", "")
        if not said:
            return self.page_size or 50
        if not said.isascii() or not said.isdecimal() or not int(said):
            raise serializers.ValidationError({"page_size": [_("Give a whole number above zero.")]})
        return min(int(said), self.max_page_size or 500)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe how a page is asked for."""
        cursor = "Where a page begins; `next` and `previous` have it."
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {"name": "cursor", "in": "query", "schema": {"type": "string"}, "description": cursor},
            {"name": "page_size", "in": "query", "schema": size, "description": "How many rows a page has."},
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page; the first has no previous one, the last no next."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


class Ordering(OrderingFilter):
    """`ordering=name` or `ordering=-name`, by a column that the view names, else by any of its plain ones."""

    def remove_invalid_fields(
        self, queryset: QuerySet[Any], fields: Any, view: Any, request: Request
    ) -> list[str]:
        """Return the column asked for. Raises ValidationError where there is none of that name."""
        known = self.names(view, queryset.model)
        if len(fields) != 1 or fields[0].removeprefix("-") not in known:
            said = _("Choose one of: %(names)s; with a minus for the other direction.")
            raise serializers.ValidationError({"ordering": [said % {"names": ", ".join(known)}]})
        return list(fields)

    def names(self, view: Any, model: type[models.Model]) -> list[str]:
        """Return the columns a view may be ordered by."""
        named = getattr(view, "ordering_fields", None)
        if named is not None:
            return list(named)
        serializer = getattr(view, "serializer_class", None)
        meta = getattr(serializer, "Meta", None)
        asked = [name for name in getattr(meta, "fields", ()) if getattr(meta, "model", None) is model]
        columns = {
            one.name
            for one in model._meta.get_fields()
            if isinstance(one, models.Field) and not isinstance(one, UNORDERED)
        }
        return [name for name in asked if name in columns] or ["id"]

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Name the orders there are."""
        queryset = getattr(view, "queryset", None)
        if queryset is None:
            return []
        names = self.names(view, queryset.model)
        return [
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "description": "Which column the list is ordered by; with a minus from the largest down.",
                "schema": {"type": "string", "enum": [sign + name for name in names for sign in ("", "-")]},
            }
        ]
