"""Views of the portfolio by name: the built-in ones, those shared with the team and a person's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
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


def saved_views(user: User) -> list[SavedView]:
    """Return the saved views a person sees: their own and those shared with the team."""
    rows = SavedView.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")
    return list(rows.order_by("shared", "position", "name", "pk"))


def as_view(saved: SavedView) -> View:
    """Return a saved view as the page uses it."""
    return View(f"v{saved.pk}", saved.name, saved.icon, saved.query, saved)


def views_of(user: User) -> list[View]:
    """Return every view a person sees, the built-in ones first."""
    return [*BUILT_IN, *(as_view(saved) for saved in saved_views(user))]


def find_view(key: str, views: Sequence[View]) -> View | None:
    """Return the view of a key, None where there is none (any more)."""
    return next((view for view in views if view.key == key), None)
