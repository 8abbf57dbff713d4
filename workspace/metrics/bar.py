"""The bar above the Metrics pages: which period, how long, which segment, stage and owner."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from accounts.models import User
from customers.models import Segment, Stage
from metrics.slices import NO_OWNER, NONE
from workspace.metrics import words
from workspace.metrics.known import says
from workspace.metrics.span import UNITS, Span, SpanForm

Link = tuple[str, str, bool]
"""A query, its words, and whether it is what is shown."""


@dataclass(frozen=True)
class Menu:
    """A way to narrow what is looked at: its name, what is chosen, and the choices, all of them first."""

    key: str
    name: str
    chosen: str
    links: list[Link]


class SpanBar:
    """What the bar shows for a span."""

    cuts_told: tuple[str, ...] = ("segment", "stage", "owner")

    def __init__(self, span: Span, form: SpanForm) -> None:
        self.span = span
        self.form = form

    @property
    def title(self) -> str:
        """The period's name."""
        return words.title(self.span.period, self.span.grain)

    @property
    def grains(self) -> list[Link]:
        """The lengths a period can have."""
        return [(self.span.of_grain(grain), words.grain(grain), grain == self.span.grain) for grain in UNITS]

    @cached_property
    def menus(self) -> list[Menu]:
        """The ways to narrow what is looked at; none that the figure is not told by."""
        return [self._menu(key) for key in ("segment", "stage", "owner") if key in self.cuts_told]

    def _menu(self, key: str) -> Menu:
        found: list[tuple[Any, str]] = [(None, gettext("All")), *self._choices(key)]
        links = [
            (self.span.query(**{key: value}), name, value == self.span.slice[key]) for value, name in found
        ]
        chosen = next((name for _, name, current in links if current), gettext("All"))
        return Menu(key, words.cut(key), chosen, links)

    def _choices(self, key: str) -> list[tuple[Any, str]]:
        if key == "owner":
            return [*self.people, (NO_OWNER, gettext("None"))]
        choices = Segment.choices if key == "segment" else Stage.choices
        return [*((value, str(label)) for value, label in choices), (NONE, gettext("None"))]

    @cached_property
    def people(self) -> list[tuple[int, str]]:
        """The people a customer can belong to, by name."""
        found = (
            User.objects.filter(is_active=True).order_by("name", "email").values_list("pk", "name", "email")
        )
        return [(pk, name or email) for pk, name, email in found]

    @property
    def as_of(self) -> str:
        """As of when and by which knowledge the page is told, "" for today's."""
        return says(self.span)

    @property
    def asked_again(self) -> dict[str, Any]:
        """What the form of the day and knowledge keeps of the address."""
        kept = self.span.params(as_of=None, known=None)
        return {name: value for name, value in kept.items() if value is not None}

    @property
    def today(self) -> str:
        """The query of the same page as known today."""
        return self.span.query(as_of=None, known=None)

    @property
    def slice_name(self) -> str:
        """The slice looked at, in words; "" for all customers."""
        return ", ".join(
            f"{menu.name}: {menu.chosen}" for menu in self.menus if self.span.slice[menu.key] is not None
        )
