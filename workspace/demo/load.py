"""Writes the demo company into an empty database, and marks its top-level rows."""

import datetime as dt
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from accounts.models import User, Workspace
from core import time
from core.days_off import PRESELECTED
from core.models import DemoRow
from customers.models import (
    AcquisitionCost,
    Attained,
    Contact,
    Contract,
    Customer,
    CustomerHistory,
    Milestone,
    Objective,
    Payment,
    PlanTemplate,
    Product,
    Subscription,
    SuccessPlan,
    Tag,
    TemplateObjective,
    Ticket,
    Touchpoint,
    WorkingHours,
)
from ingest.apply.usage_store import UsageRow, insert_usage
from metrics.models import (
    ActionPlan,
    ActivationCriteria,
    ActivationItem,
    FirstValueSign,
    HealthOverride,
    HealthPulse,
    PlanStep,
    Target,
)
from playbooks.models import Task, TaskComment, TaskItem
from surveys.models import Response
from workspace.demo import words
from workspace.demo.facts import Row, aims, commercial, health, people, service, success, work
from workspace.demo.facts.usage import usage_rows
from workspace.demo.insights import insights_load
from workspace.demo.lives import Life, company_lives
from workspace.demo.surveys import surveys_load

COMPANY = "Caixa Clara"
DOMAIN = "caixaclara.example"
EVENTS_A_TIME = 20_000


class NotEmptyError(Exception):
    """The database already holds customers, products or costs; the demo fills an empty one only."""


def is_empty() -> bool:
    """Whether nothing was brought in yet."""
    return not any(model.objects.exists() for model in (Customer, Product, AcquisitionCost))


def demo_load(*, seed: int, today: dt.date, password: str) -> None:
    """Write the firm's team and 24 months of facts, dated relative to `today`.

    The same seed and day give the same rows. Nights are computed afterwards by the ordinary pipeline.
    Raises NotEmptyError when there is something already. Usage is written in pieces, so that no
    transaction on SQLite holds the database for longer than about a second.
    """
    if not is_empty():
        raise NotEmptyError
    lives = company_lives(seed, today)
    with transaction.atomic():
        Workspace.get()
        Workspace.objects.filter(pk=1).update(name=COMPANY, is_demo=True)
        team = _team(password)
        ids = _customers(lives, team, today)
        _mark(Customer, ids.values())
        _mark(Product, _write(Product, commercial.product_rows()))
        _mark(FirstValueSign, _write(FirstValueSign, [{"kind": "milestone", "name": "Primeira conciliação"}]))
        _activation(team[-2])
        _mark(Target, _write(Target, aims.target_rows(today)))
        _plans(team, today)
        _mark(AcquisitionCost, _write(AcquisitionCost, commercial.cost_rows(Random(seed + 1), today)))
        _calendar_and_template()
        _tasks(lives, ids, team, today)
    zone = time.workspace_zone()
    apart = success.opposites(lives)
    pending: list[UsageRow] = []
    for life in lives:
        rng = Random(seed * 100_003 + life.number)
        contacts = people.contact_rows(life, rng, today)
        subscriptions = commercial.subscription_rows(life, rng, today)
        tickets = service.ticket_rows(life, contacts, rng, today, zone)
        with transaction.atomic():
            contact_ids = dict(
                zip((r["email"] for r in contacts), _write(Contact, contacts, ids), strict=True)
            )
            _write(Subscription, subscriptions, ids)
            _write(Contract, commercial.contract_rows(life, subscriptions, rng, today), ids)
            _write(Payment, commercial.payment_rows(life, subscriptions, rng, today), ids)
            _write(Ticket, tickets, ids, contact_ids)
            touchpoints = service.touchpoint_rows(life, contacts, rng, today, zone)
            _write(Touchpoint, _with_author(touchpoints, team), ids, contact_ids)
            answers = service.response_rows(life, contacts, tickets, rng, today, zone)
            _write(Response, answers, ids, contact_ids)
            _write(Milestone, service.milestone_rows(life, rng, today), ids)
            said = Random(seed * 7919 + life.number)
            _write(HealthPulse, _with_author(health.pulse_rows(life, said, today), team), ids)
            _write(HealthOverride, _with_author(health.override_rows(life, said, today), team), ids)
            _plan(
                life,
                contacts,
                contact_ids,
                apart.get(life.number),
                Random(seed * 7 + life.number),
                ids,
                today,
            )
        for row in usage_rows(life, contacts, subscriptions, rng, today, zone):
            pending.append(_usage(row, ids))
    for start in range(0, len(pending), EVENTS_A_TIME):
        with transaction.atomic():
            insert_usage(pending[start : start + EVENTS_A_TIME])
    surveys_load(seed=seed, today=today, mark=_mark)
    insights_load(seed=seed, today=today, mark=_mark)


def _plan(
    life: Life,
    contacts: list[Row],
    contact_ids: dict[str, int],
    view: tuple[float, float] | None,
    rng: Random,
    ids: dict[int, int],
    today: dt.date,
) -> None:
    """Write a customer's plan with its objectives and what was said about them."""
    rows = success.objective_rows(life, rng)
    if not rows:
        return
    _write(SuccessPlan, [success.plan_row(life, rng, today)], ids)
    keys = _write(Objective, rows, ids)
    said = success.attained_rows(life, rows, contacts, view, rng, today)
    for row in said:
        row["objective_id"] = keys[row.pop("place")]
    _write(Attained, said, None, contact_ids)
    if view is not None:
        at = time.day_start(today - dt.timedelta(days=10))
        voice = {"survey": "nps", "score": success.SAME_NPS, "answered_at": at, "campaign": "NPS trimestral"}
        same = {"customer": life.number, "external_id": f"{life.external_id}-RNPS", "language": "pt-BR"}
        _write(Response, [{**same, **voice}], ids)


def _calendar_and_template() -> None:
    """Write the firm's working hours and the objectives its plans begin with."""
    hours, made = WorkingHours.objects.get_or_create(
        pk=1,
        defaults={
            "is_set": True,
            "country": "BR",
            "subdivision": "SP",
            "optional": list(PRESELECTED["BR"]),
        },
    )
    if made:
        _mark(WorkingHours, [hours.pk])
    template = PlanTemplate.objects.create(name="Financeiro em dia", promise=success.SOLD[0])
    TemplateObjective.objects.bulk_create(
        TemplateObjective(template=template, position=n, **row)
        for n, row in enumerate(success.template_objectives())
    )
    _mark(PlanTemplate, [template.pk])


def _team(password: str) -> list[User]:
    """Write the team; the password is hashed once, because hashing is slow on purpose."""
    hashed = make_password(password)
    team: list[User] = User.objects.bulk_create(
        User(email=f"{name}@{DOMAIN}", password=hashed, name=full_name, role=role, job_title=title)
        for name, full_name, role, title in words.TEAM
    )
    _mark(User, [person.pk for person in team])
    return team


def _plans(team: list[User], today: dt.date) -> None:
    """Write the action plans with their steps."""
    for plan, steps in aims.plan_rows(today, [person.pk for person in team]):
        made = ActionPlan.objects.create(**plan)
        PlanStep.objects.bulk_create(PlanStep(plan=made, **step) for step in steps)
        _mark(ActionPlan, [made.pk])


def _tasks(lives: list[Life], ids: dict[int, int], team: list[User], today: dt.date) -> None:
    """Write the tasks of the team, with their checklists and comments."""
    for row, lines, comments in work.task_rows(lives, today):
        customer, owner = row.pop("customer"), team[row.pop("analyst")]
        made = Task.objects.create(**row, customer_id=ids.get(customer), owner=owner, created_by=owner)
        TaskItem.objects.bulk_create(
            TaskItem(task=made, position=place, text=text, done=done)
            for place, (text, done) in enumerate(lines, start=1)
        )
        TaskComment.objects.bulk_create(
            TaskComment(task=made, author=team[who], text=text) for who, text in comments
        )
        _mark(Task, [made.pk])


def _activation(admin: User) -> None:
    """Publish what makes a customer activated: the first reconciliation, and bills paid in the product."""
    criteria = ActivationCriteria.objects.create(segment="", version=1, published_by=admin)
    ActivationItem.objects.bulk_create(
        ActivationItem(criteria=criteria, position=n, kind=kind, name=name, times=times, within_days=days)
        for n, (kind, name, times, days) in enumerate(
            [("milestone", "Primeira conciliação", 1, 45), ("action", "bill_paid", 20, 30)], start=1
        )
    )
    _mark(ActivationCriteria, [criteria.pk])


def _customers(lives: list[Life], team: list[User], today: dt.date) -> dict[int, int]:
    """Write the customers with their history; return life number → customer id."""
    tags = {name: Tag.objects.get_or_create(name=name) for name in words.TAGS}
    _mark(Tag, [tag.pk for tag, made in tags.values() if made])
    rows = []
    for life in lives:
        stage, since = _stages(life, today)[-1]
        rows.append(
            Customer(
                external_id=life.external_id,
                name=life.name,
                tax_id=life.tax_id,
                domain=life.domain,
                industry=life.industry,
                city=life.city,
                region=life.region,
                country="BR",
                locale="pt-BR",
                started_on=life.starts_on,
                segment=life.segment,
                stage=stage,
                stage_since=since,
                owner=team[life.analyst],
                onboarding_owner=team[4],
            )
        )
    made = Customer.objects.bulk_create(rows)
    ids = {life.number: row.pk for life, row in zip(lives, made, strict=True)}
    for life, row in zip(lives, made, strict=True):
        row.parent_id = ids.get(life.parent) if life.parent else None
        row.referred_by_id = ids.get(life.referred_by) if life.referred_by else None
    Customer.objects.bulk_update(made, ["parent", "referred_by"])
    links = Customer.tags.through
    links.objects.bulk_create(
        links(customer_id=ids[life.number], tag_id=tags[tag][0].pk)
        for life in lives
        for tag in sorted(set(life.tags))
    )
    CustomerHistory.objects.bulk_create(
        row for life in lives for row in _history(life, ids[life.number], team, today)
    )
    return ids


def _stages(life: Life, today: dt.date) -> list[tuple[str, dt.date]]:
    """Return (stage, since) in order: onboarding, after 70 to 110 days ongoing, a year on support for the largest."""
    stages = [("onboarding", life.starts_on)]
    ongoing = life.starts_on + dt.timedelta(days=70 + life.number % 41)
    if ongoing <= today:
        stages.append(("ongoing", ongoing))
    support = life.starts_on + dt.timedelta(days=380)
    if life.segment != "volume" and not life.decline_days and support <= today:
        stages.append(("support", support))
    return stages


def _history(life: Life, customer_id: int, team: list[User], today: dt.date) -> Iterator[CustomerHistory]:
    for stage, since in _stages(life, today):
        yield CustomerHistory(customer_id=customer_id, field="stage", valid_from=since, value=stage)
    yield CustomerHistory(
        customer_id=customer_id, field="segment", valid_from=life.starts_on, value=life.segment
    )
    owner = team[life.analyst]
    moved = life.starts_on + dt.timedelta(days=200)
    if life.number % 9 == 0 and moved < today:
        before = team[(life.analyst + 1) % 5]
        yield CustomerHistory(
            customer_id=customer_id,
            field="owner",
            valid_from=life.starts_on,
            value=before.email,
            owner=before,
        )
        yield CustomerHistory(
            customer_id=customer_id, field="owner", valid_from=moved, value=owner.email, owner=owner
        )
    else:
        yield CustomerHistory(
            customer_id=customer_id, field="owner", valid_from=life.starts_on, value=owner.email, owner=owner
        )


def _with_author(rows: list[Row], team: list[User]) -> list[Row]:
    for row in rows:
        row["author_id"] = team[row.pop("analyst")].pk
    return rows


def _write(
    model: type[models.Model],
    rows: list[Row],
    customers: dict[int, int] | None = None,
    contacts: dict[str, int] | None = None,
) -> list[int]:
    """Bulk-create rows, putting keys in the place of life numbers and addresses; return the new keys."""
    made = []
    for source in rows:
        row: dict[str, Any] = dict(source)
        if customers is not None:
            row["customer_id"] = customers[row.pop("customer")]
        if contacts is not None and "contact" in row:
            row["contact_id"] = contacts.get(row.pop("contact"))
        made.append(model(**row))
    return [row.pk for row in model._default_manager.bulk_create(made)]


def _mark(model: type[models.Model], keys: Iterable[int]) -> None:
    table = ContentType.objects.get_for_model(model).model
    DemoRow.objects.bulk_create(DemoRow(table=table, row_id=key) for key in keys)


def _usage(row: Row, ids: dict[int, int]) -> UsageRow:
    return (
        ids[row["customer"]],
        row["day"],
        row["occurred_at"],
        row["event"],
        row["person"],
        row["count"],
        row["message_id"],
        None,
    )
