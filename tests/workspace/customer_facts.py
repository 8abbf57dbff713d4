"""Makers of a customer with facts of every kind, for the tests of its page."""

import datetime as dt
from typing import Any

from django.urls import reverse

from core import time
from customers.models import Attachment, Contact, Customer, CustomerHistory, Milestone, Note, Product
from metrics.models import CustomerDay, Night, UsageDay
from playbooks.models import Task
from surveys.models import Response
from tests import factories

DAY = dt.timedelta(days=1)


def at(day: dt.date, hour: int = 12) -> dt.datetime:
    return time.day_start(day) + dt.timedelta(hours=hour)


def night(day: dt.date, of: Customer | None = None, *, opening: int = 0, mrr: int = 0, **fields: Any) -> None:
    """Finish a night; with a customer also write its row, the movement following from the two amounts."""
    Night.objects.get_or_create(day=day, defaults={"state": "done"})
    if of is None:
        return
    change = mrr - opening
    name = "churn" if not mrr else "new" if not opening else "expansion" if change > 0 else "contraction"
    if change:
        fields[f"mrr_{name}_cents"] = abs(change)
    if name == "expansion":
        fields["mrr_upsell_cents"] = change
    CustomerDay.objects.create(customer=of, day=day, opening_mrr_cents=opening, mrr_cents=mrr, **fields)


def response(of: Customer, day: dt.date, **fields: Any) -> Response:
    fields.setdefault("survey", "nps")
    fields.setdefault("score", 5)
    number = Response.objects.count() + 1
    return Response.objects.create(customer=of, external_id=f"r{number}", answered_at=at(day), **fields)


def history(of: Customer, field: str, value: str, day: dt.date, **fields: Any) -> CustomerHistory:
    return CustomerHistory.objects.create(customer=of, field=field, value=value, valid_from=day, **fields)


def everything(of: Customer, rows: int, *, until: dt.date) -> None:
    """Write `rows` facts of every kind, one a day, the last on `until`; may be called again for more."""
    start = Milestone.objects.filter(customer=of).count()
    for n in range(start, start + rows):
        day = until - n * DAY
        person = factories.contact(of, role=Contact.Role.values[n % 6], active_from=day, name=f"Contact {n}")
        factories.contact(of, active_from=day - DAY, active_until=day)
        factories.contact(of, archived_at=at(day))
        factories.touchpoint(of, contact=person, happened_at=at(day), summary="We talked", sentiment=n % 3)
        factories.insight(of, theme=None, contact=person, said_on=day)
        factories.ticket(of, contact=person, opened_at=at(day, 9), solved_at=at(day, 17) if n % 2 else None)
        response(of, day, contact=person, comment="Tudo certo", language="pt-br")
        factories.subscription(of, starts_on=day, ends_on=day + 3 * DAY)
        factories.contract(of, starts_on=day, ends_on=day + 365 * DAY, value_cents=12_000)
        factories.payment(of, paid_on=day, due_on=day - DAY)
        Milestone.objects.create(customer=of, milestone=f"Step {n}", reached_on=day)
        note = Note.objects.create(customer=of, body="Remember", created_at=at(day))
        note.mentions.add(factories.user())
        Attachment.objects.create(customer=of, note=note, name="a.pdf", size=10, created_at=at(day))
        Attachment.objects.create(customer=of, name="b.pdf", size=10, created_at=at(day))
        Note.objects.create(customer=of, author=factories.user(), body="Old", archived_at=at(day))
        Attachment.objects.create(customer=of, name="c.pdf", size=10, archived_at=at(day))
        history(of, "stage", ["onboarding", "ongoing"][n % 2], day)
        UsageDay.objects.create(customer=of, day=day, person=f"p{n}", feature=f"feature {n}", events=3)
        Product.objects.create(product="Core", feature=f"Module {n}", event=f"event {n}")
        Task.objects.create(
            customer=of, title="Call", owner=factories.user(), due_on=day, state="done", closed_at=at(day)
        )
        factories.customer(parent=of)
        factories.customer(referred_by=of)


def url(customer, **query):
    """Return the address of a customer's page."""
    return reverse("customer", args=[customer.pk], query=query)


def text(response):
    """Return what an answered page says."""
    assert response.status_code == 200, response.status_code
    return response.content.decode()
