"""The portfolio's filters and views as the audience of campaigns (see `surveys.audience`)."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.principals import Steward
from core import time
from customers.models import Customer
from surveys.audience import Audience, Query
from workspace.portfolio.portfolio import Portfolio, registry
from workspace.portfolio.saved import View, find_view, views_of
from workspace.portfolio.scope import finished_nights, scope_of
from workspace.portfolio.state import EVERYBODY, parse


def audience(query: Query, person: User | None) -> Audience:
    """Return the customers that a portfolio query names now; a view stands for what it says now.

    A filter that is not understood, or a view that is gone, is told in `problems` and leaves nobody: a mail that
    went to too few can be sent again.
    """
    known = registry()
    scope = scope_of(Steward(person), finished_nights(), time.today())
    key = next(iter(query.get("view", ())), "")
    view = find_view(key, views_of(person)) if key and key != EVERYBODY else None
    if key and key != EVERYBODY and view is None:
        return _nobody(_("The view this campaign goes by is gone. Choose another."))
    own = {name: list(values) for name, values in query.items() if name != "view"}
    state = parse(_of(view, own), filters=known.filters, columns=known.columns)
    if state.problems:
        return _nobody(*state.problems)
    chips = [pick.reads_as(scope) for pick in state.picks]
    if state.text:
        chips.insert(0, (_("Search"), state.text))
    return Audience(Portfolio(scope, state, known).matching(), chips)


def _of(view: View | None, own: dict[str, list[str]]) -> dict[str, list[str]]:
    return {**(view.query if view else {}), **own}


def _nobody(*problems: str) -> Audience:
    return Audience(Customer.objects.none(), problems=problems)
