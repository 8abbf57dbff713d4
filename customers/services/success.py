"""Write success plans: what was promised, its objectives, and what each side says was reached."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import events, time
from customers.measures import FIGURES
from customers.models import Attained, Contact, Customer, Objective, PlanTemplate, SuccessPlan
from customers.services.facts import check_live, fact_create, fact_update
from customers.success import Way

MEASURES = ("event", "figure", "milestone")
PLAN_FIELDS = ("promise", "in_their_words", "evidence", "next_steps", "ask_every_days", "reviewed_on")


@transaction.atomic
def plan_save(*, actor: Principal | None, customer: Customer, **fields: Any) -> SuccessPlan:
    """Write a customer's plan, or change it: any of `PLAN_FIELDS`. Raises ValidationError by field."""
    unknown = set(fields) - set(PLAN_FIELDS)
    if unknown:
        raise TypeError(f"not a field of a plan: {sorted(unknown)}")
    check_live(customer)
    plan = SuccessPlan.objects.select_for_update().filter(customer=customer).first()
    made = plan is None
    plan = plan or SuccessPlan(customer=customer, captured_by=None if actor is None else actor.person)
    changes = audit.field_changes({name: getattr(plan, name) for name in fields}, fields)
    for name, value in fields.items():
        setattr(plan, name, value)
    if not plan.promise.strip():
        raise ValidationError({"promise": _("Say what the customer was promised.")})
    if not changes and not made:
        return plan
    if "ask_every_days" in changes:
        plan.ask_on = None
    plan.updated_at = time.now()
    plan.save()
    audit.record(
        actor=actor,
        action="successplan.created" if made else "successplan.updated",
        subject=plan,
        changes=changes,
        customer_id=customer.pk,
        label=customer.name,
    )
    return plan


@transaction.atomic
def objective_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Objective:
    """Write an objective. Raises ValidationError, by field, for one that cannot be measured."""
    row = Objective(customer=customer, **fields)
    _check_objective(row)
    return fact_create(actor=actor, row=row, days=_days)


def objective_update(
    *, actor: Principal | None, objective: Objective, changes: Mapping[str, Any]
) -> Objective:
    """Change an objective; what was said about it stays. Raises ValidationError by field."""
    return fact_update(actor=actor, row=objective, changes=changes, check=_check_objective, days=_days)


def objective_archive(*, actor: Principal | None, objective: Objective) -> Objective:
    """Take an objective out of the plan from now on; its history stays."""
    return objective_update(actor=actor, objective=objective, changes={"archived_at": time.now()})


@transaction.atomic
def plan_from_template(
    *, actor: Principal | None, customer: Customer, template: PlanTemplate, starts_on: dt.date
) -> SuccessPlan:
    """Begin a customer's plan with a template's promise and objectives; what it has already is kept.

    Raises ValidationError.
    """
    had = SuccessPlan.objects.filter(customer=customer).first()
    plan = had or plan_save(actor=actor, customer=customer, promise=template.promise or template.name)
    names = set(Objective.objects.filter(customer=customer).values_list("name", flat=True))
    for one in template.objectives.all():
        if one.name not in names:
            objective_create(
                actor=actor,
                customer=customer,
                name=one.name,
                unit=one.unit,
                baseline=one.baseline,
                target=one.target,
                weight=one.weight,
                starts_on=starts_on,
                due_on=starts_on + dt.timedelta(days=one.days),
            )
    return plan


@transaction.atomic
def attained_record(
    *,
    actor: Principal | None,
    objective: Objective,
    side: str,
    value: Decimal,
    source: str,
    stated_on: dt.date | None = None,
    evidence: str = "",
    contact: Contact | None = None,
) -> Attained:
    """Write what a side says was reached. Earlier statements stay as history. Raises ValidationError by field.

    It counts from its day on: the customer's health and the nights since are told.

    The customer's view comes from its own link or from a conversation, whose evidence must be given.
    """
    check_live(objective.customer)
    day = stated_on or time.today()
    row = Attained(
        objective=objective,
        side=side,
        value=value,
        source=source,
        stated_on=day,
        evidence=evidence.strip(),
        contact=contact,
        role=contact.role if contact else "",
        author=None if actor is None else actor.person,
    )
    _check_attained(row)
    row.save()
    audit.record(
        actor=actor,
        action="attained.recorded",
        subject=row,
        changes={"value": (None, value), "side": (None, side), "source": (None, source)},
        customer_id=objective.customer_id,
        label=objective.name,
    )
    events.emit(
        "fact.changed",
        customer_id=objective.customer_id,
        first=day.isoformat(),
        last=None,
        what="attained",
    )
    return row


def _check_objective(row: Objective) -> None:
    row.name = " ".join(row.name.split())
    wrong: dict[str, str] = {}
    try:
        Way(Fraction(row.baseline), Fraction(row.target), row.starts_on, row.due_on)
    except ValueError as reason:
        wrong["target" if row.baseline == row.target else "due_on"] = str(reason)
    if row.weight < 0:
        wrong["weight"] = _("A weight is not below zero.")
    if sum(bool(getattr(row, name)) for name in MEASURES) > 1:
        wrong["event"] = _("Choose one way to measure it: an event, a figure or a milestone.")
    if row.figure and row.figure not in FIGURES:
        wrong["figure"] = _("There is no figure “%(figure)s” any more. Choose another.") % {
            "figure": row.figure
        }
    same = Objective.objects.filter(customer=row.customer_id, name=row.name).exclude(pk=row.pk)
    if same.exists():
        wrong["name"] = _("This customer has an objective of this name.")
    if wrong:
        raise ValidationError(wrong)


def _check_attained(row: Attained) -> None:
    wrong: dict[str, str] = {}
    if row.stated_on > time.today():
        wrong["stated_on"] = _("This day is still to come.")
    if row.source == Attained.Source.CONVERSATION and not row.evidence:
        wrong["evidence"] = _("Say how you know: what was said, when and by whom.")
    if row.contact is not None and row.contact.customer_id != row.objective.customer_id:
        wrong["contact"] = _("This person is not with this customer.")
    theirs = row.source in (Attained.Source.LINK, Attained.Source.CONVERSATION)
    if theirs != (row.side == Attained.Side.CUSTOMER):
        wrong["source"] = _("Our view and the customer's are kept apart: choose a source of the same side.")
    if wrong:
        raise ValidationError(wrong)


def _days(row: Objective) -> list[dt.date | None]:
    return [row.starts_on]
