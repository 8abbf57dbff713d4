"""How many customers each view holds, kept for a minute; a change of customers is seen at once.

Every change emits an event in its own transaction, so the latest event's number names the state that was
counted, in every process.
"""

from collections.abc import Sequence

from django.core.cache import cache
from django.db.models import Max

from core.models import Event
from workspace.portfolio.portfolio import Registry, Total, counted
from workspace.portfolio.saved import View
from workspace.portfolio.scope import Scope

KEPT_SECONDS = 60


def view_totals(scope: Scope, views: Sequence[View], known: Registry) -> dict[str, Total]:
    """Return each view's totals by its key, in at most two queries."""
    latest = Event.objects.aggregate(latest=Max("pk"))["latest"]
    name = f"portfolio:{_name_of(scope)}:{scope.night}:{scope.today}:{scope.past}:{latest}"
    asked = {view.key: view.query for view in views}
    kept = cache.get(name)
    if kept is not None and kept[0] == asked:
        return kept[1]  # type: ignore[no-any-return]
    totals = counted(scope, {view.key: view.state(known) for view in views})
    cache.set(name, (asked, totals), KEPT_SECONDS)
    return totals


def _name_of(scope: Scope) -> str:
    person = scope.user.person
    return f"{person.pk}-{person.role}" if person else "integration"
