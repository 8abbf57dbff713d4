"""What the frame and the portfolio both need for one reader, read once in a request."""

import datetime as dt
from functools import cached_property

from django.http import HttpRequest

from accounts.principals import Principal
from accounts.requests import signed_in
from core import time
from workspace.portfolio.counts import view_totals
from workspace.portfolio.portfolio import Registry, Total, registry
from workspace.portfolio.saved import View, views_of
from workspace.portfolio.scope import Nights, Scope, finished_nights, scope_of


class Desk:
    """One reader's filters, columns, views, nights and totals; each read when first asked for."""

    def __init__(self, user: Principal) -> None:
        self.user = user
        self._totals: dict[Scope, dict[str, Total]] = {}

    @cached_property
    def known(self) -> Registry:
        """Every filter and column there is."""
        return registry()

    @cached_property
    def views(self) -> list[View]:
        """The views the reader sees."""
        return views_of(self.user.person)

    @cached_property
    def nights(self) -> Nights:
        """Which nights are finished."""
        return finished_nights()

    def scope(self, as_of: dt.date | None = None) -> Scope:
        """Return the scope of the present state, or of the end of a past day."""
        return scope_of(self.user, self.nights, time.today(), as_of)

    def totals(self, scope: Scope) -> dict[str, Total]:
        """Return the totals of every view by its key."""
        if scope not in self._totals:
            self._totals[scope] = view_totals(scope, self.views, self.known)
        return self._totals[scope]


def desk_of(request: HttpRequest) -> Desk:
    """Return the desk of the person asking, the same one during a request."""
    person = signed_in(request)
    desk: Desk | None = getattr(request, "_desk", None)
    if desk is None or desk.user != person:
        desk = Desk(person)
        request._desk = desk  # type: ignore[attr-defined]
    return desk
