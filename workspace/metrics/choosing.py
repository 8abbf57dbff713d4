"""The page on which a person chooses the figures of their board."""

from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from metrics.registry import FIGURES, Figure
from metrics.services.board import MOST, SUGGESTED, board_of


@dataclass(frozen=True)
class Choosing:
    """The board and what else there is; `adding` is the figure that waits for another to go."""

    user: User
    adding: Figure | None = None
    problem: str = ""

    @cached_property
    def board(self) -> list[Figure]:
        """The figures on the board, in order."""
        return [FIGURES[key] for key in board_of(self.user)]

    @property
    def others(self) -> list[Figure]:
        """The figures that are not on it, by name."""
        return sorted(
            (figure for figure in FIGURES.values() if figure not in self.board), key=lambda one: str(one.name)
        )

    @property
    def is_suggested(self) -> bool:
        """Whether it is the suggested board."""
        return [figure.key for figure in self.board] == list(SUGGESTED)

    @property
    def most(self) -> int:
        """How many figures a board holds."""
        return MOST
