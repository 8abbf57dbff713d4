"""Handing customers over when people leave or join: work in pieces, a transaction each, that resumes after a kill.

However many customers it is, nobody waits for them: each piece takes the next that still belong to the leaver, so
what a kill or an interruption left is found again, and nothing is done twice.
"""

import datetime as dt
import logging
import time as clock
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import Perm
from core import bells, time
from core.models import Event, WorkState
from customers.models import Customer, HandOver, Reversal
from customers.models.customer import Decided
from customers.services.owners import OWNER_COLUMNS, OwnerFunction, assignable_people, owners_set
from customers.services.reversal import PIECE, joined

log = logging.getLogger(__name__)

KIND = "hand-overs"
LEASE = dt.timedelta(minutes=5)
PAUSE = dt.timedelta(minutes=5)
MOST_ATTEMPTS = 8
SHIFT_SECONDS = 60.0  # below the lease

Steps = list[dict[str, Any]]


@transaction.atomic
def hand_over_start(
    *, actor: User | None, leaver: User, successors: Mapping[str, User | None]
) -> HandOver | None:
    """Order that all customers of a person, archived ones too, go to others; None when there are none.

    `successors` names the functions handed over and who takes over in each (None: nobody). Raises
    `ValidationError` for a successor who may not edit customers or is the leaver.
    """
    for successor in successors.values():
        if successor is not None and successor.pk == leaver.pk:
            raise ValidationError({"owner": _("Choose somebody else than the person who leaves.")})
        if successor is not None and not successor.may(Perm.CUSTOMERS_EDIT):
            raise ValidationError(
                {"owner": _("%(name)s may not edit customers. Choose another person.") % {"name": successor}}
            )
    if not any(Customer.objects.filter(**{OWNER_COLUMNS[one]: leaver}).exists() for one in successors):
        return None
    if HandOver.objects.filter(leaver=leaver, state__in=[WorkState.WAITING, WorkState.RUNNING]).exists():
        raise ValidationError(
            _("The customers of %(name)s are being handed over already.") % {"name": leaver}
        )
    row = HandOver.objects.create(
        actor=actor,
        leaver=leaver,
        successors={key: None if person is None else person.pk for key, person in successors.items()},
    )
    bells.ring(KIND)
    return row


def hear_people_joined(joined_people: list[Event]) -> None:
    """Order that people who joined get the customers that waited for them; hears `person.joined`.

    A viewer looks after nobody, so those customers go on waiting.
    """
    for person in assignable_people().filter(pk__in=[event.payload["user_id"] for event in joined_people]):
        if Customer.objects.filter(wanted_owner_email__iexact=person.email).exists():
            HandOver.objects.create(joiner=person, successors={str(OwnerFunction.CS): person.pk})
            bells.ring(KIND)


def due() -> bool:
    """Tell whether a hand-over waits."""
    return HandOver.objects.claimable(time.now()).exists()


def work() -> int:
    """Go on with one hand-over for a while; return how many were taken up."""
    taken: list[HandOver] = HandOver.objects.claim(limit=1, lease=LEASE)
    for row in taken:
        _go_on(row, SHIFT_SECONDS)
    return len(taken)


def hand_over_now(row: HandOver, *, seconds: float) -> HandOver:
    """Do as much of a hand-over as fits into some seconds, if no worker has it; the rest is left to workers."""
    if HandOver.objects.take([row.pk], lease=LEASE, at=time.now()):
        _go_on(row, seconds)
    row.refresh_from_db()
    return row


def _go_on(row: HandOver, seconds: float) -> None:
    end = clock.monotonic() + seconds
    try:
        while not _piece(row.pk):
            if clock.monotonic() > end:
                HandOver.objects.filter(pk=row.pk).update(
                    state=WorkState.WAITING, due_at=time.now(), leased_until=None, attempts=0
                )
                bells.ring(KIND)
                return
    except Exception as error:
        log.exception("The hand-over %s failed", row)
        row.refresh_from_db()
        HandOver.objects.filter(pk=row.pk).update(
            state=WorkState.FAILED if row.attempts >= MOST_ATTEMPTS else WorkState.WAITING,
            due_at=time.now() + PAUSE,
            leased_until=None,
            error=f"{type(error).__name__}: {error}"[:500],
        )


@transaction.atomic
def _piece(key: int) -> bool:
    """Hand the next customers over; tell whether that was the last piece."""
    row = (
        HandOver.objects.select_for_update(of=("self",))
        .select_related("leaver", "joiner", "actor")
        .get(pk=key)
    )
    if row.state == WorkState.DONE:
        return True
    steps: Steps = []
    done = True
    for function in row.successors:
        keys = _next(row, function)
        steps = joined(steps, _hand_over(row, function, keys))
        if len(keys) == PIECE:
            done = False
            break
    _grow(row, steps)
    if done:
        row.state, row.finished_at, row.leased_until, row.error = WorkState.DONE, time.now(), None, ""
    row.save()
    return done


def _next(row: HandOver, function: str) -> list[int]:
    if row.leaver is not None:
        held = Customer.objects.filter(**{OWNER_COLUMNS[function]: row.leaver})
    else:
        person = _successor(
            row, function
        )  # None: who may look after nobody any more; the customers go on waiting
        held = Customer.objects.filter(wanted_owner_email__iexact=person.email if person else "-")
    return list(held.order_by("pk").values_list("pk", flat=True)[:PIECE])


def _successor(row: HandOver, function: str) -> User | None:
    """Who takes over, unless that person left meanwhile."""
    return assignable_people().filter(pk=row.successors[function]).first()


def _hand_over(row: HandOver, function: str, keys: list[int]) -> Steps:
    customers, to = Customer.objects.filter(pk__in=keys).order_by("pk"), _successor(row, function)
    if row.leaver is not None:
        return owners_set(
            actor=row.actor,
            customers=customers,
            function=function,
            successor=to,
            action="customer.handed_over",
            reason=_("Portfolio of %(name)s handed over") % {"name": row.leaver},
        )
    customers.filter(owner__isnull=False).update(
        wanted_owner_email=""
    )  # they found another owner and keep it
    return owners_set(
        actor=None,
        customers=customers.filter(owner__isnull=True),
        function=function,
        successor=to,
        action="customer.assigned",
        reason=_("Named in an import"),
        decided_by=Decided.FILE,
    )


def _grow(row: HandOver, steps: Steps) -> None:
    """Add a piece to the way back."""
    if row.leaver is None:
        return
    reversal = row.reversal or Reversal(actor=row.actor, action="customers.hand_over")
    reversal.steps = joined(reversal.steps, steps)
    number = len({key for one in reversal.steps for key in one["ids"]})
    said = ngettext(
        "%(n)s customer of %(name)s handed over", "%(n)s customers of %(name)s handed over", number
    )
    reversal.summary = (said % {"n": number, "name": row.leaver})[:200]
    reversal.save()
    row.reversal = reversal
