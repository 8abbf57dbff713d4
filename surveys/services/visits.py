"""Requests to an answer page, logged as they come. A GET or HEAD does this and nothing else."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from core.compiled import Compiled
from surveys.machines import LINK, agent_of
from surveys.models import Invitation, Visit


def visit_log(
    *, invitation: Invitation, method: str, user_agent: str, at: dt.datetime, chosen: int | None = None
) -> Visit:
    """Write down a request; `chosen` is the score its address named: an intent, not an answer."""
    return Visit.objects.create(
        invitation=invitation, method=method, agent=agent_of(user_agent), at=at, chosen=chosen
    )


def visit_mark_link(*, invitation: Invitation, visit_id: int) -> None:
    """Mark the visit whose hidden link was followed; a second time changes nothing."""
    Visit.objects.filter(pk=visit_id, invitation=invitation).update(marks=[LINK])


def link_was_followed(*, invitation: Invitation, visit_id: int) -> bool:
    """Tell whether the hidden link of a visit's page was followed."""
    return any(LINK in marks for (marks,) in MARKS.rows(visit_id=visit_id, invitation_id=invitation.pk))


def _marks(*, visit_id: int, invitation_id: int) -> QuerySet[Visit, tuple[Any, ...]]:
    return Visit.objects.filter(pk=visit_id, invitation=invitation_id).order_by().values_list("marks")


MARKS = Compiled(_marks, visit_id=-1, invitation_id=-2)
