"""Columns `attr:KEY` for the attributes that an admin defined. Pure."""

from collections.abc import Iterable

from customers.attributes import TEXT_LIMIT, AttributeType
from ingest.parsers import cells as c
from ingest.parsers import days as d
from ingest.parsers.cells import Form, Parser
from ingest.parsers.columns import ATTRIBUTE, Column


def _number(cell: str, form: Form) -> str:
    return f"{c.decimal(cell, form):f}"


def _date(cell: str, form: Form) -> str:
    return d.day(cell, form).isoformat()


def attribute_columns(types: Iterable[AttributeType]) -> list[Column]:
    """Return a column for each attribute, which reads a cell into the form the attribute is stored in."""
    return [Column(f"{ATTRIBUTE}{one.key}", _parser(one)) for one in types]


def _parser(one: AttributeType) -> Parser:
    if one.kind == "choice":
        return c.choice(*one.choices)
    by_kind: dict[str, Parser] = {"number": _number, "date": _date, "bool": c.boolean}
    return by_kind.get(one.kind, c.text(TEXT_LIMIT))
