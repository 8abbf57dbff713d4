"""A small company for the browser: one of everything that has a page."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.base import ContentFile

from accounts.models import User, Workspace
from accounts.services.invitations import invitation_create
from core import time
from customers.models import (
    Attachment,
    AttributeDefinition,
    Contact,
    Contract,
    Customer,
    Milestone,
    Note,
    Payment,
    Product,
    SavedView,
    Subscription,
    Tag,
    Ticket,
    Touchpoint,
)
from ingest.models import Batch
from ingest.services.upload import upload_apply, upload_check, upload_confirm, upload_create
from tests import factories

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Company:
    """What the pages' addresses need."""

    admin: User
    analyst: User
    invitation: str
    customer: Customer
    second: Customer
    contact: Contact
    subscription: Subscription
    contract: Contract
    payment: Payment
    ticket: Ticket
    touchpoint: Touchpoint
    milestone: Milestone
    note: Note
    attachment: Attachment
    tag: Tag
    attribute: AttributeDefinition
    product: Product
    view: SavedView
    checked: Batch
    imported: Batch


def _upload(actor: User, name: str) -> Batch:
    """Bring a file that has a new, a changed and a wrong row, as far as its check."""
    text = "external_id,name,started_on\nx1,Laticínios Serra Azul,2026-01-05\nx2,Colégio Novo Horizonte,not a day\n"
    batch = upload_create(kind="customers", file=ContentFile(text.encode(), name), name=name, actor=actor)
    return upload_check(batch=batch)


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
        owner=analyst,
        started_on=today - dt.timedelta(days=400),
    )
    invited = invitation_create(actor=admin, email="new@zelo.test", role="analyst", by_mail=False)
    imported = _upload(admin, "january.csv")
    upload_apply(batch=upload_confirm(batch=imported))
    tag = Tag.objects.create(name="Reference")
    customer.tags.add(tag)
    return Company(
        admin=admin,
        analyst=analyst,
        invitation=invited.link.rstrip("/").rsplit("/", 1)[-1],
        customer=customer,
        second=factories.customer(name="Óticas Boa Vista", segment="mid", stage="onboarding"),
        contact=factories.contact(customer, name="Eduardo Klein", role="champion"),
        subscription=factories.subscription(customer, mrr_cents=1_840_000),
        contract=factories.contract(customer, ends_on=today + dt.timedelta(days=41)),
        payment=factories.payment(customer),
        ticket=factories.ticket(customer, opened_at=moment),
        touchpoint=factories.touchpoint(customer, happened_at=moment),
        milestone=Milestone.objects.create(customer=customer, milestone="go-live", reached_on=today),
        note=Note.objects.create(customer=customer, author=analyst, body="Prefers calls in the morning."),
        attachment=Attachment.objects.create(
            customer=customer, file=ContentFile(b"minutes", "minutes.txt"), name="minutes.txt", size=7
        ),
        tag=tag,
        attribute=AttributeDefinition.objects.create(key="erp", label="ERP"),
        product=Product.objects.create(product="Core", feature="Reports"),
        view=SavedView.objects.create(owner=admin, name="Vale", query={"q": "vale"}),
        checked=_upload(admin, "february.csv"),
        imported=imported,
    )
