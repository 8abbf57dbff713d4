"""From a request's query string to the portfolio it asks for."""

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from core import formats, time
from workspace.portfolio.desk import Desk
from workspace.portfolio.portfolio import Portfolio, Registry
from workspace.portfolio.saved import View, find_view
from workspace.portfolio.state import EVERYBODY, State, parse


@dataclass(frozen=True)
class Opened:
    """A portfolio, its reader's desk, and the view it is or started from."""

    portfolio: Portfolio
    desk: Desk
    view: View | None


def open_portfolio(desk: Desk, given: QueryDict) -> Opened:
    """Return the portfolio that a query string asks for; what it could not understand is in `state.problems`."""
    known, views = desk.known, desk.views
    state = parse(given, filters=known.filters, columns=known.columns)
    key = state.base or ("" if state.is_filtered else EVERYBODY)
    view = find_view(key, views)
    if view is None:
        edited = state.is_filtered
        state = replace(state, base=EVERYBODY, edited=edited)
        view = find_view(EVERYBODY, views)
    elif not state.edited:
        state = _as_view(state, view, given, known)
    state = _on_known_day(state, desk)
    if state.columns == known.usual_columns:
        state = replace(state, columns=())
    return Opened(Portfolio(desk.scope(state.as_of), state, known), desk, view)


def _as_view(state: State, view: View, given: QueryDict, known: Registry) -> State:
    """Return the view's own state with the page, order, columns and day of the URL laid over it."""
    own = view.state(known)
    return replace(
        own,
        base=view.key,
        edited=False,
        base_sort=own.sort,
        base_columns=own.columns,
        sort=state.sort if "sort" in given else own.sort,
        columns=state.columns if "cols" in given else own.columns,
        rows=state.rows,
        as_of=state.as_of,
        after=state.after,
        before=state.before,
        problems=own.problems + state.problems,
    )


def _on_known_day(state: State, desk: Desk) -> State:
    """Return the state without a day that nothing is known of; a day not over yet is the present."""
    if state.as_of is None:
        return state
    first, last = desk.nights.first, desk.nights.last
    if first is not None and last is not None and state.as_of >= first:
        return state if state.as_of <= min(last, time.today()) else replace(state, as_of=None)
    problem = (
        _("No night has finished yet, so there is no past day to look at.")
        if first is None
        else _("The first day known is %(day)s.") % {"day": formats.day(first)}
    )
    return replace(state, as_of=None, problems=(*state.problems, problem))
