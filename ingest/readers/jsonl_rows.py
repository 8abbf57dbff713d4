"""Rows of a `.jsonl` file: one JSON object a line, with the same keys as the CSV's columns."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.readers.rows import MAX_LINE, Row
from ingest.reasons import FileProblem


class JsonlReader:
    """A `.jsonl` file that was checked to be text."""

    names: list[str] | None = None
    delimiter = ","
    brazilian = False

    def __init__(self, path: Path, encoding: str) -> None:
        self._size = max(path.stat().st_size, 1)
        if path.stat().st_size == 0:
            raise FileProblem("empty")
        self._bytes = path.open("rb")
        self._file = io.TextIOWrapper(self._bytes, encoding=encoding)

    def rows(self) -> Iterator[Row]:
        """Give the rows; blank lines are passed over."""
        line = 0
        while text := self._file.readline(MAX_LINE + 1):
            line += 1
            if len(text) > MAX_LINE:
                raise FileProblem("line_too_long", line=line, limit=MAX_LINE)
            if text.strip():
                yield read_object(line, text)

    def read_share(self) -> float:
        """Tell how much of the file was read."""
        return min(self._bytes.tell() / self._size, 1.0)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def read_object(line: int, text: str) -> Row:
    """Read one line; numbers keep the very digits they were written with."""
    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return Row(line, [text.strip()], bad="bad_json")
    if not isinstance(found, dict):
        return Row(line, [text.strip()], bad="bad_json")
    return Row(line, [], keyed=object_cells(found))


def object_cells(found: dict[str, Any]) -> dict[str, str]:
    """Write a JSON object's values as the cells of a CSV; `attributes` may be an object of its own."""
    cells = {}
    for name, value in found.items():
        if name == "attributes" and isinstance(value, dict):
            cells.update({f"attr:{key}": _cell(one) for key, one in value.items()})
        else:
            cells[name] = _cell(value)
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(_cell(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
