"""A small company for the browser: one of everything that has a page."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User, Workspace
from core import time
from customers.models import (
    Contact,
    Contract,
    Customer,
    Milestone,
    Note,
    Payment,
    Subscription,
    Ticket,
    Touchpoint,
)
from tests import factories

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Company:
    """What the pages' addresses need."""

    admin: User
    analyst: User
    customer: Customer
    second: Customer
    contact: Contact
    subscription: Subscription
    contract: Contract
    payment: Payment
    ticket: Ticket
    milestone: Milestone
    note: Note
    touchpoint: Touchpoint


def small_company() -> Company:
    """Make two customers with all that hangs on them, and the people who look after them."""
    today = time.today()
    moment = time.now() - dt.timedelta(days=2)
    Workspace.objects.update_or_create(pk=1, defaults={"name": "Caixa Clara"})
    admin = factories.user(role="admin", name="Ana Prado", language="en", password=PASSWORD)
    analyst = factories.user(role="analyst", name="Marina Duarte", language="pt-br", password=PASSWORD)
    customer = factories.customer(
        name="Transportadora Vale Verde",
        segment="high_value",
        stage="ongoing",
        started_on=today.replace(year=today.year - 1),
    )
    second = factories.customer(name="Óticas Boa Vista", segment="mid", stage="onboarding")
    return Company(
        admin=admin,
        analyst=analyst,
        customer=customer,
        second=second,
        contact=factories.contact(customer, name="Eduardo Klein"),
        subscription=factories.subscription(customer, mrr_cents=1_840_000),
        contract=factories.contract(customer, ends_on=today + dt.timedelta(days=41)),
        payment=factories.payment(customer),
        ticket=factories.ticket(customer, opened_at=moment),
        touchpoint=factories.touchpoint(customer, happened_at=moment),
        milestone=Milestone.objects.create(customer=customer, milestone="go-live", reached_on=today),
        note=Note.objects.create(customer=customer, author=analyst, body="Prefers calls in the morning."),
    )
