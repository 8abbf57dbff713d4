"""The people at the customer: who is covered, who is fading from view, which role nobody fills."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import pgettext

from core import time
from customers.models import Contact, Touchpoint
from surveys.models import Response
from workspace.customer.asof import AsOf
from workspace.timeline.source import Words

COVERED_DAYS = 45
FADING_DAYS = 120
KEY_ROLES = (
    Contact.Role.CHAMPION,
    Contact.Role.DECISION_MAKER,
    Contact.Role.SPONSOR,
    Contact.Role.END_USER,
    Contact.Role.BILLING,
)
RANK = {role: at for at, role in enumerate((*KEY_ROLES, Contact.Role.OTHER))}
STATES = ("covered", "fading", "missing", "left")
BANDS = {"covered": "green", "fading": "yellow", "missing": "red", "left": "none"}
AT_MOST = 200


@dataclass(frozen=True)
class Person:
    """A contact as of the day looked at; `nps` is the last score given, `state` one of `STATES`."""

    contact: Contact
    state: str
    last_touch: dt.datetime | None
    nps: int | None
    nps_at: dt.datetime | None

    @property
    def band(self) -> str:
        """The colour that goes with the state."""
        return BANDS[self.state]

    @property
    def word(self) -> str:
        """The state in words."""
        return state_word(self.state)


@dataclass(frozen=True)
class RoleCoverage:
    """How well a key role is covered: by its best covered person."""

    label: Words
    state: str

    @property
    def band(self) -> str:
        """The colour that goes with the state."""
        return BANDS[self.state]

    @property
    def word(self) -> str:
        """The state in words."""
        return state_word(self.state)


def state_word(state: str) -> str:
    """Return a state of coverage in words."""
    return {
        "covered": pgettext("coverage", "Covered"),
        "fading": pgettext("coverage", "Fading"),
        "missing": pgettext("coverage", "Missing"),
        "left": pgettext("coverage", "Left"),
    }[state]


def state_of(*, last_touch: dt.date | None, left_on: dt.date | None, day: dt.date) -> str:
    """Tell how well a person is covered on a day.

    Covered: talked to within 45 days. Fading: within 120. Missing: longer ago or never.
    Left: the last day there has passed (`left_on` is the first day away).
    """
    if left_on is not None and left_on <= day:
        return "left"
    if last_touch is None or (day - last_touch).days > FADING_DAYS:
        return "missing"
    return "covered" if (day - last_touch).days <= COVERED_DAYS else "fading"


def people(customer_id: int, seen: AsOf) -> list[Person]:
    """Return the people known on the day looked at: active ones first, by role and name; one query."""
    end = time.day_start(seen.day + dt.timedelta(days=1))
    touches = Touchpoint.objects.filter(contact=OuterRef("pk"), happened_at__lt=end).order_by("-happened_at")
    answers = (
        Response.objects.counted()
        .filter(contact=OuterRef("pk"), survey=Response.Survey.NPS, answered_at__lt=end)
        .order_by("-answered_at", "-pk")
    )
    rows: QuerySet[Contact] = Contact.objects.filter(customer=customer_id).filter(
        Q(archived_at__isnull=True) | Q(archived_at__gte=end, created_at__lt=end)
    )
    if not seen.live:
        rows = rows.filter(Q(active_from__isnull=True) | Q(active_from__lte=seen.day))
    found = rows.annotate(
        last_touch=Subquery(touches.values("happened_at")[:1]),
        nps=Subquery(answers.values("score")[:1]),
        nps_at=Subquery(answers.values("answered_at")[:1]),
    )[:AT_MOST]
    told = [
        Person(
            contact,
            state_of(
                last_touch=time.local_day(contact.last_touch) if contact.last_touch else None,
                left_on=contact.active_until,
                day=seen.day,
            ),
            contact.last_touch,
            contact.nps,
            contact.nps_at,
        )
        for contact in found
    ]
    return sorted(told, key=lambda p: (p.state == "left", RANK[Contact.Role(p.contact.role)], str(p.contact)))


def coverage(persons: Sequence[Person]) -> list[RoleCoverage]:
    """Return each key role with the state of its best covered person; "missing" where nobody has the role."""
    result = []
    for role in KEY_ROLES:
        states = [p.state for p in persons if p.contact.role == role]
        result.append(RoleCoverage(role.label, min(states, key=STATES.index, default="missing")))
    return result
