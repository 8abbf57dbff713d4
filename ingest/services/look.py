"""A first look at an uploaded file: its columns, its dates, and what we understand of five of its rows."""

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core import formats, time
from core.money import from_cents
from customers.models import AttributeDefinition
from ingest.models import Batch
from ingest.parsers import cells as c
from ingest.parsers import days as d
from ingest.parsers.cells import BadCell, Form
from ingest.parsers.columns import CLEAR, MAX_COLUMNS, Column, Kind
from ingest.parsers.guess import guess_dates, propose
from ingest.readers.open import open_rows
from ingest.readers.rows import Reader, Row
from ingest.reasons import FileProblem, sentence
from ingest.services.run import form_of, kind_named
from ingest.words import column_word

SAMPLES = 5
LOOKED_AT = 500
DATES = (d.day, d.moment, d.moment_or_day)
MONEY = (c.money, c.any_money)


@dataclass
class Cell:
    """One cell of a sample: as written, as understood, or why not."""

    column: str
    raw: str
    understood: str = ""
    wrong: str = ""


@dataclass
class Look:
    """What a first look shows. `dates` is how dates are read here; `ambiguous`: the person must say."""

    kind: Kind
    columns: list[tuple[str, str]] = field(default_factory=list)  # the file's name, ours or ""
    labels: dict[str, str] = field(default_factory=dict)  # of the admin's own attributes, by key
    choices: list[tuple[Column, str]] = field(
        default_factory=list
    )  # what a column can be, with its name in words
    missing: list[str] = field(default_factory=list)  # in words
    dates: str = "iso"
    slashed: bool = False
    ambiguous: bool = False
    samples: list[tuple[int, list[Cell]]] = field(default_factory=list)
    problem: str = ""


def look(batch: Batch, *, columns: dict[str, str] | None = None, dates: str = "") -> Look:
    """Look at a batch's file, with the columns and dates chosen so far, else as remembered or guessed."""
    kind = kind_named(batch.kind)
    found = Look(kind)
    if kind.name == "customers":
        found.labels = dict(AttributeDefinition.objects.values_list("key", "label"))
    try:
        reader = open_rows(Path(batch.file.path), encoding=batch.options.get("encoding", ""))
        try:
            _fill(found, batch, reader, columns, dates)
        finally:
            reader.close()
    except FileProblem as problem:
        found.problem = str(problem)
    return found


def _fill(found: Look, batch: Batch, reader: Reader, columns: dict[str, str] | None, dates: str) -> None:
    rows = [row for row in islice(reader.rows(), LOOKED_AT) if not row.bad]
    names = reader.names
    if names is None:
        names = list(dict.fromkeys(name for row in rows for name in row.keyed or ()))
    if len(names) > MAX_COLUMNS:
        raise FileProblem("too_many_columns", limit=MAX_COLUMNS)
    if columns is not None:
        targets = [columns.get(name, "") for name in names]
    else:
        targets = propose(found.kind, names, batch.options.get("columns", {}))
    found.columns = list(zip(names, targets, strict=True))
    found.missing = [
        column_word(one.name) for one in found.kind.columns if one.required and one.name not in targets
    ]
    found.choices = [(one, column_word(one.name, found.labels)) for one in found.kind.columns]
    by_name = found.kind.by_name
    dated = [i for i, target in enumerate(targets) if target and by_name[target].parse in DATES]
    guess = guess_dates(_cell(row, names, i) for row in rows for i in dated)
    found.slashed = guess != "iso"
    known = dates or batch.options.get("dates", "")
    found.ambiguous = guess == "ambiguous" and known not in {"dmy", "mdy"}
    found.dates = known if found.slashed and known in {"dmy", "mdy"} else guess
    form = replace(form_of(reader, "iso"), dates="dmy" if found.ambiguous else found.dates)
    for row in rows[:SAMPLES]:
        cells = [
            _understood(by_name[target], _cell(row, names, i), form, found.labels, ambiguous=found.ambiguous)
            for i, target in enumerate(targets)
            if target
        ]
        found.samples.append((row.line, cells))


def _cell(row: Row, names: list[str], index: int) -> str:
    if row.keyed is not None:
        return row.keyed.get(names[index], "").strip()
    return row.cells[index].strip() if index < len(row.cells) else ""


def _understood(column: Column, raw: str, form: Form, labels: dict[str, str], *, ambiguous: bool) -> Cell:
    cell = Cell(column_word(column.name, labels), raw)
    if not raw or raw == CLEAR or (ambiguous and column.parse in DATES and "/" in raw):
        return cell
    try:
        value = column.parse(raw, form)
    except BadCell as bad:
        cell.wrong = sentence(bad.code, bad.params)
    else:
        cell.understood = _shown(column, value)
    return cell


def _shown(column: Column, value: Any) -> str:
    if column.parse in MONEY:
        return formats.number(from_cents(value), 2)
    if isinstance(value, dt.datetime):
        return f"{formats.day(value)} {value.astimezone(time.workspace_zone()):%H:%M}"
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, Decimal):
        return formats.number(value, max(0, -int(value.normalize().as_tuple().exponent)))
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
    return ", ".join(value) if isinstance(value, list) else str(value)
