"""The silence map: which roles at which customers have not answered for how long; and customer NPS in three views."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from core import time
from customers.models import Contact, Customer
from customers.querysets import CustomerQuerySet
from metrics.models import CustomerDay
from metrics.nights import last_finished_day
from surveys.models import Response
from workspace.surveys.score import Score, score_of

YEAR = 365
ROLES = tuple(Contact.Role)


@dataclass(frozen=True)
class Cell:
    """A role at a customer: how many people, and how many days since one of them answered; None: never."""

    people: int
    days: int | None

    @property
    def level(self) -> str:
        """How loud the silence is: `none` (nobody there), `never`, or by the time since."""
        if not self.people:
            return "none"
        if self.days is None:
            return "never"
        return "fresh" if self.days <= 90 else "fading" if self.days <= YEAR else "old"


@dataclass(frozen=True)
class Row:
    """A customer of the map. `everyone`: all answers; `people`: one vote a person; `deciders`: decision makers."""

    customer: Customer
    cells: list[Cell]
    everyone: Score
    people: Score
    deciders: Score
    respondents: int
    contacts: int


def customers_by_mrr(customers: CustomerQuerySet) -> QuerySet[Customer]:
    """Return present customers, those that pay most first."""
    paid = CustomerDay.objects.filter(customer=OuterRef("pk"), day=last_finished_day() or dt.date.min).values(
        "mrr_cents"
    )[:1]
    return customers.present().annotate(mrr=Coalesce(Subquery(paid), Value(0))).order_by("-mrr", "name", "pk")


def rows_of(page: Sequence[Customer], now: dt.datetime) -> list[Row]:
    """Return the map's rows for the customers of a page; two queries."""
    today = time.local_day(now)
    people: dict[int, list[Contact]] = defaultdict(list)
    there = Contact.objects.filter(customer__in=page, archived_at=None).filter(
        Q(active_until=None) | Q(active_until__gt=today)
    )
    for contact in there:
        people[contact.customer_id].append(contact)
    answers: dict[int, list[Response]] = defaultdict(list)
    given = Response.objects.counted().filter(customer__in=page).select_related("contact")
    for response in given.order_by("answered_at", "pk"):
        answers[response.customer_id].append(response)
    return [_row(customer, people[customer.pk], answers[customer.pk], now) for customer in page]


def _row(customer: Customer, people: list[Contact], answers: list[Response], now: dt.datetime) -> Row:
    last = {one.contact_id: one.answered_at for one in answers if one.contact_id is not None}
    year = now - dt.timedelta(days=YEAR)
    nps = [one for one in answers if one.survey == "nps" and one.answered_at >= year]
    latest = {one.contact_id if one.contact_id is not None else -one.pk: one for one in nps}
    here = {contact.pk for contact in people}
    return Row(
        customer=customer,
        cells=[_cell([c for c in people if c.role == role], last, now) for role in ROLES],
        everyone=_nps(nps),
        people=_nps(latest.values()),
        deciders=_nps(
            one for one in nps if one.contact is not None and one.contact.role == Contact.Role.DECISION_MAKER
        ),
        respondents=len(here & {key for key in latest if key > 0}),
        contacts=len(people),
    )


def _cell(people: list[Contact], last: dict[int, dt.datetime], now: dt.datetime) -> Cell:
    said = [last[contact.pk] for contact in people if contact.pk in last]
    return Cell(len(people), (now - max(said)).days if said else None)


def _nps(answers: Iterable[Response]) -> Score:
    counts: dict[int, int] = defaultdict(int)
    for one in answers:
        counts[one.score] += 1
    return score_of("nps", counts)
