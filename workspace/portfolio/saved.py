"""Views of the portfolio by name: the built-in ones, those shared with the team and a person's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from customers.models import SavedView
from workspace.portfolio.portfolio import Registry
from workspace.portfolio.state import State, parse

Query = dict[str, list[str]]


@dataclass(frozen=True)
class View:
    """A named view. `key` stands in URLs: a word for a built-in one, `v12` for a saved one."""

    key: str
    name: Any
    icon: str
    query: Query
    saved: SavedView | None = None

    def state(self, known: Registry) -> State:
        """Return the state that the view's query says."""
        return parse({**self.query, "view": [self.key]}, filters=known.filters, columns=known.columns)


BUILT_IN = (
    View("all", gettext_lazy("All customers"), "buildings", {}),
    View("mine", gettext_lazy("My customers"), "user", {"owner": ["me"]}),
    View(
        "renewing",
        gettext_lazy("Renewing in 6 months"),
        "calendar",
        {"renewal_within": ["180"], "sort": ["renewal"]},
    ),
    View(
        "untouched",
        gettext_lazy("No contact for 30 days"),
        "phone-off",
        {"untouched_for": ["30"], "sort": ["touch"]},
    ),
    View("falling", gettext_lazy("Usage falling"), "trending-down", {"usage": ["falling"], "sort": ["-mrr"]}),
    View("onboarding", gettext_lazy("Onboarding"), "hourglass-empty", {"stage": ["onboarding"]}),
)


def views_seen_by(person: User | None) -> QuerySet[SavedView]:
    """Return the saved views a person sees, their own and those shared; nobody (an integration) sees the shared."""
    seen = Q(shared=True) if person is None else Q(owner=person) | Q(shared=True)
    return SavedView.objects.filter(seen).order_by("shared", "position", "name", "pk")


def as_view(saved: SavedView) -> View:
    """Return a saved view as the page uses it."""
    return View(f"v{saved.pk}", saved.name, saved.icon, saved.query, saved)


def views_of(person: User | None) -> list[View]:
    """Return every view a person sees, the built-in ones first."""
    return [*BUILT_IN, *(as_view(saved) for saved in views_seen_by(person))]


def find_view(key: str, views: Sequence[View]) -> View | None:
    """Return the view of a key, None where there is none (any more)."""
    return next((view for view in views if view.key == key), None)
