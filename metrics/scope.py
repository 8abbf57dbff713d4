"""Which customers a statement of the night is about: a cell of the fixed grid of ids, or a list of them.

The grid does not move when customers are added, so that the mark of a day and cell stays true.
"""

from collections.abc import Iterable
from dataclasses import dataclass

CELL_SIZE = 2000


@dataclass(frozen=True)
class Scope:
    """Customers `low … high` (both included), or only `ids` among them."""

    low: int
    high: int
    ids: tuple[int, ...] = ()

    def of(self, column: str) -> str:
        """Return the SQL condition that `column` holds one of these customers."""
        if self.ids:
            return f"{column} IN ({', '.join(str(int(key)) for key in self.ids)})"
        return f"{column} BETWEEN {int(self.low)} AND {int(self.high)}"


def cell_of(customer_id: int) -> int:
    """Return the first id of the cell that a customer falls into."""
    return (customer_id - 1) // CELL_SIZE * CELL_SIZE + 1


def cell(low: int) -> Scope:
    """Return the whole cell that begins at `low`."""
    return Scope(low, low + CELL_SIZE - 1)


def some(ids: Iterable[int]) -> Scope:
    """Return a scope of single customers, all of one cell."""
    ordered = tuple(sorted(set(ids)))
    return Scope(cell_of(ordered[0]), cell_of(ordered[0]) + CELL_SIZE - 1, ordered)
