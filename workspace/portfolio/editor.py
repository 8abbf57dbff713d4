"""The form that sets one filter of the portfolio."""

from functools import cached_property
from typing import Any

from workspace.portfolio.filter_kinds import Filter, Pick
from workspace.portfolio.scope import Scope
from workspace.portfolio.state import State


class Editor:
    """A filter's form: what it offers, what is set now, and what the form keeps of the rest (`kept`)."""

    def __init__(
        self, one: Filter, state: State, scope: Scope, kept: list[tuple[str, str]], cancel_url: str
    ) -> None:
        self.filter = one
        self.scope = scope
        self.kept = kept
        self.cancel_url = cancel_url
        self.picks: list[Pick] = [pick for pick in state.picks if pick.filter is one]

    @property
    def template(self) -> str:
        """The template of the filter's kind."""
        return f"workspace/portfolio/editors/{self.filter.template}.html"

    @property
    def negated(self) -> bool:
        """Whether the filter is turned round now."""
        return any(pick.negated for pick in self.picks)

    @property
    def values(self) -> tuple[str, ...]:
        """The values set now."""
        return self.picks[0].values if self.picks else ()

    @cached_property
    def options(self) -> list[tuple[Any, bool]]:
        """Every value offered, and whether it is set."""
        chosen = set(self.values)
        offered = self.filter.options(self.scope)  # type: ignore[attr-defined]
        return [(option, option.value in chosen) for option in offered]
