"""Everything the customer page shows, gathered with a fixed number of queries."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, Max, OuterRef
from django.http import Http404

from accounts.models import User
from accounts.permissions import Perm
from core import time
from customers.details import unrecorded_until
from customers.models import Customer, Milestone, Touchpoint
from metrics.nights import last_finished_day
from workspace.customer import (
    details,
    head,
    health,
    money,
    notes,
    nps,
    potential,
    stages,
    stakeholders,
    support,
    usage,
    voice,
)
from workspace.customer.aside import put_aside
from workspace.customer.asof import AsOf
from workspace.customer.family import family
from workspace.customer.first_value import first_value
from workspace.customer.log import LogForm
from workspace.losses.register import of_customer as losses_of
from workspace.opportunities.board import of_customer as opportunities_of
from workspace.playbooks.show import of_customer as runs_of_customer
from workspace.success import show as show_success
from workspace.tasks.desk import of_customer
from workspace.timeline import show

OWNERS = ("owner", "onboarding_owner", "commercial_owner", "merged_into")


def customer_for(user: Any, pk: int) -> Customer:
    """Return a customer this person may see, with `may_edit` said; raises Http404 for everything else.

    Archived customers are never editable, only restored.
    """
    editable = Customer.objects.editable_by(user).filter(pk=OuterRef("pk"))
    found = (
        Customer.objects.visible_to(user)
        .filter(pk=pk)
        .select_related(*OWNERS)
        .annotate(may_edit=Exists(editable))
        .first()
    )
    if found is None:
        raise Http404
    return found


def rights(customer: Customer, user: User, seen: AsOf) -> dict[str, bool]:
    """Say which controls the page offers: none on a past day, only restoring when archived."""
    may_edit: bool = customer.may_edit  # type: ignore[attr-defined]
    archived = customer.archived_at is not None
    return {
        "can_edit": seen.live and may_edit and not archived,
        "can_manage": seen.live and user.may(Perm.CUSTOMERS_MANAGE) and not archived,
        "can_restore": user.may(Perm.CUSTOMERS_MANAGE) and archived,
    }


def last_touch(customer_id: int, seen: AsOf) -> dt.datetime | None:
    """Return when we last spoke with anybody there, up to the end of the day looked at."""
    end = time.day_start(seen.day + dt.timedelta(days=1))
    found = Touchpoint.objects.filter(customer=customer_id, happened_at__lt=end).aggregate(
        at=Max("happened_at")
    )
    at: dt.datetime | None = found["at"]
    return at


def people_part(persons: Sequence[stakeholders.Person]) -> dict[str, Any]:
    """Return what the stakeholders' card shows."""
    roles = stakeholders.coverage(persons)
    return {
        "people": [p for p in persons if p.state != "left"],
        "people_left": [p for p in persons if p.state == "left"],
        "roles": roles,
        "roles_covered": sum(role.state == "covered" for role in roles),
    }


def timeline_part(customer: Customer, seen: AsOf, *, group: str = "", before: str = "") -> dict[str, Any]:
    """Return what the timeline shows."""
    return show.context(
        customer_id=customer.pk, until=seen.day, today=time.today(), group=group, before=before
    )


def page(
    customer: Customer,
    user: User,
    seen: AsOf,
    *,
    group: str = "",
    before: str = "",
    days: str = "",
    between: tuple[str, str] = ("", ""),
) -> dict[str, Any]:
    """Return the whole page's context; the health panel compares `days` back, or any two days `between`."""
    may = rights(customer, user, seen)
    row, figures = head.night_of(customer.pk, seen, last_finished_day())
    who = head.identity(customer, row, seen)
    subscriptions = money.subscriptions(customer.pk, seen)
    running = details.in_force(subscriptions, seen.day)
    modules = details.modules(running)
    contracts = money.contracts(customer.pk, seen)
    moves = money.movements(customer.pk, seen)
    until = figures.night or seen.day
    left_on = money.left_on(moves)
    persons = stakeholders.people(customer.pk, seen)
    return {
        "customer": customer,
        "seen": seen,
        "health": health.health(customer, seen, days, between),
        **may,
        "who": who,
        "figures": figures,
        "steps": stages.steps(
            stage=who.stage,
            since=customer.stage_since if seen.live else None,
            entered=stages.visits(customer.pk, seen),
            day=seen.day,
        ),
        "left_on": left_on,
        "first_value": first_value(customer, subscriptions, seen, left_on=left_on),
        "last_touch": last_touch(customer.pk, seen),
        "moves": list(reversed(moves)),
        "mrr_chart": money.step_chart(moves, until),
        "subscriptions": subscriptions,
        "running": running,
        "past_subscriptions": [s for s in subscriptions if s not in running],
        "yesterday": (time.today() - dt.timedelta(days=1)).isoformat(),
        "tax_id": details.tax_id_text(customer.tax_id),
        "contracts": contracts,
        "contract": money.current_contract(contracts, seen.day),
        "paid": money.paid(customer.pk, seen),
        **people_part(persons),
        "support": support.support(customer.pk, seen, time.now()),
        "usage": usage.usage(
            customer.pk,
            until,
            seats=figures.seats,
            names=modules.event_names,
            bought=modules.bought_events,
        ),
        "milestones": list(
            Milestone.objects.filter(customer=customer, reached_on__lte=seen.day).order_by(
                "-reached_on", "-pk"
            )
        ),
        "voice": voice.voice(customer.pk, seen),
        "nps": nps.nps_card(customer.pk, persons, seen),
        "card": show_success.card(customer.pk, seen.day),
        "potential": potential.card(customer.pk, figures),
        "modules": modules,
        "attributes": details.attributes(who.details.attributes),
        "family": family(
            customer, user, seen, who.details.parent_id, night=figures.night, own_mrr=figures.mrr
        ),
        "unrecorded_until": None if seen.live else unrecorded_until(seen.day, customer),
        "aside": put_aside(customer.pk, user, shown=may["can_edit"]),
        "papers": notes.papers(customer.pk, seen),
        "log": LogForm(customer=customer) if may["can_edit"] else None,
        "tasks": of_customer(customer.pk, user) if seen.live else [],
        "opportunities": opportunities_of(customer.pk, seen.day) if seen.live else [],
        "losses": losses_of(customer.pk) if seen.live else [],
        "runs": runs_of_customer(customer.pk, user) if seen.live else [],
        **timeline_part(customer, seen, group=group, before=before),
    }
