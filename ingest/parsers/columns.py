"""What a kind of file is made of: its columns, its key, and how a row of text becomes typed values. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.csv import plain_cell
from ingest.parsers.cells import BadCell, Form, Parser
from ingest.reasons import FileProblem, Rejected

CLEAR = "-"
MAX_COLUMNS = 1000
ATTRIBUTE = "attr:"

Values = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: how its cells are read, and what an empty one or a `-` means.

    `field` is where the value goes in the row's table ("" where it is looked up first or only checked);
    `cleared` is what stands there once it is cleared (a required column must name one to be cleared).
    """

    name: str
    parse: Parser
    field: str = ""
    required: bool = False
    empty_clears: bool = False
    cleared: Any = None


@dataclass(frozen=True)
class Kind:
    """A kind of file. `key` names the columns that make a row the same row.

    `derived` is the key column that may be empty and is then derived from the row's content. `optional_key`
    names key columns whose empty cell is a value of its own ("").
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    derived: str = ""
    optional_key: frozenset[str] = frozenset()

    def with_columns(self, more: Iterable[Column]) -> "Kind":
        """Return this kind with further columns (the attributes that an admin defined)."""
        return Kind(self.name, (*self.columns, *more), self.key, self.derived, self.optional_key)

    @property
    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}


@dataclass
class Header:
    """Which column of the file is which column of the kind."""

    names: list[str]  # as the file writes them
    columns: list[Column | None]  # None: not known, ignored
    unknown: list[str] = field(default_factory=list)


def read_header(kind: Kind, names: Sequence[str], renamed: Mapping[str, str] | None = None) -> Header:
    """Match a header with a kind's columns, in any order and case; `renamed` maps foreign names to ours.

    Raises `FileProblem` where a required column is missing, one is named twice, or there are far too many.
    """
    if len(names) > MAX_COLUMNS:
        raise FileProblem("too_many_columns", limit=MAX_COLUMNS)
    known = {column.name.lower(): column for column in kind.columns}
    mapping = {source.strip().lower(): target for source, target in (renamed or {}).items()}
    header = Header(names=list(names), columns=[])
    seen: set[str] = set()
    for name in names:
        plain = " ".join(name.split())
        column = known.get(mapping.get(plain.lower(), plain).lower())
        if column is None:
            if plain:
                header.unknown.append(plain)
        elif column.name in seen:
            raise FileProblem("duplicate_column", value=column.name)
        else:
            seen.add(column.name)
        header.columns.append(column)
    missing = [column.name for column in kind.columns if column.required and column.name not in seen]
    if missing:
        found = ", ".join(" ".join(name.split())[:40] for name in names[:20])
        raise FileProblem("missing_columns", columns=", ".join(missing), found=found or "-")
    return header


def parse_cells(kind: Kind, header: Header, cells: Sequence[str], form: Form) -> Values:
    """Read the cells of one row; columns that say nothing about a field are left out. Raises `Rejected`."""
    expected = len(header.columns)
    if len(cells) != expected:  # one more or less and every cell behind it would mean another column
        raise Rejected("", "cell_count", found=len(cells), expected=len(header.columns))
    values: Values = {}
    for column, cell in zip(header.columns, cells, strict=True):
        if column is not None:
            _put(kind, column, plain_cell(cell.strip()), form, values)
    return values


def parse_object(kind: Kind, cells: Mapping[str, str], form: Form) -> Values:
    """Read one JSON object of the same keys; an absent key is an absent column. Raises `Rejected`."""
    values: Values = {}
    by_name = kind.by_name
    for name, cell in cells.items():
        column = by_name.get(name)
        if column is not None:
            _put(kind, column, plain_cell(cell.strip()), form, values)
    for name in kind.key:
        column = by_name[name]
        if name not in values and column.required:
            raise Rejected(name, "key_missing")
    return values


def _put(kind: Kind, column: Column, cell: str, form: Form, values: Values) -> None:
    name = column.name
    if cell in {"", CLEAR}:
        if name in kind.key:
            if column.required:
                raise Rejected(name, "key_missing")
        elif cell == CLEAR:
            if column.required and column.cleared is None:
                raise Rejected(name, "cannot_clear")
            values[name] = column.cleared
        elif column.empty_clears:
            values[name] = column.cleared
        return
    try:
        values[name] = column.parse(cell, form)
    except BadCell as bad:
        raise Rejected(name, bad.code, **bad.params) from None
