"""What every reader gives: rows of text with the physical line they begin on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

MAX_LINE = 1_000_000  # characters of one physical line
MAX_CELL = 131_072  # characters of one cell


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line, its cells (by position, or by key for JSON), or why it cannot be read (a reason's code)."""

    line: int
    cells: list[str]
    keyed: dict[str, str] | None = None
    bad: str = ""

    def plain(self) -> list[str] | dict[str, str]:
        """The row as it stood in the file."""
        return self.cells if self.keyed is None else self.keyed


class Reader(Protocol):
    """An opened file. `names` is its header, None where each row names its own keys."""

    names: list[str] | None
    delimiter: str
    brazilian: bool

    def rows(self) -> Iterator[Row]:
        """Give the rows one by one; raises `FileProblem` where the file cannot be read any further."""
        ...

    def read_share(self) -> float:
        """Tell how much of the file was read, from 0 to 1."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
