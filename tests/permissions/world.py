"""The samples that the table's paths name, and the people who ask."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile

from accounts import audit
from accounts.models import User
from accounts.services.invitations import invitation_create
from accounts.services.tokens import token_create
from core import mail
from customers.models import (
    AcquisitionCost,
    Attachment,
    AttributeDefinition,
    Customer,
    Milestone,
    Note,
    Product,
    Reversal,
    SavedView,
    Tag,
)
from ingest.models import Batch, Rejection
from metrics.models import Target
from tests import factories

PASSWORD = "green-Kite-over-7-hills"


@dataclass
class World:
    people: dict[str, User]
    samples: dict[str, Any] = field(default_factory=dict)

    def path(self, template: str) -> str:
        return template.format(**self.samples)


def make(language: str = "en") -> World:
    """Make one of everything; the customer and what belongs to it are the analyst's."""
    roles = ("viewer", "analyst", "manager", "admin")
    people = {role: factories.user(role=role, language=language, password=PASSWORD) for role in roles}
    world = World(people)
    analyst, admin = world.people["analyst"], world.people["admin"]
    customer = factories.customer(owner=analyst)
    sent = invitation_create(actor=admin, email="invited@firma.com", role="viewer")
    made = token_create(actor=analyst, name="script", scopes=["read"], expires_at=None)
    letter = mail.queue(kind="test", to="a@b.com", subject="Hello", body_text="Text", key="sample")
    view = SavedView.objects.create(owner=analyst, name="Mine", query={})
    undo = Reversal.objects.create(actor=analyst, action="customers.tag", summary="Tagged", steps=[])
    world.samples = {
        "customer": customer.pk,
        "person": factories.user(role="viewer").pk,
        "invitation": sent.invitation.pk,
        "invitation_key": sent.link.rstrip("/").rsplit("/", 1)[-1],
        "token": made.token.pk,
        "mail": letter.pk,
        "view": view.pk,
        "reversal": undo.pk,
        "tag": Tag.objects.create(name="VIP").pk,
        "attribute": AttributeDefinition.objects.create(key="erp", label="ERP").pk,
        "product": Product.objects.create(product="Core", feature="Reports").pk,
        "cost": AcquisitionCost.objects.create(
            month=dt.date(2026, 1, 1), category="sales", amount_cents=100
        ).pk,
        "target": Target.objects.create(key="mrr", due_on=dt.date(2026, 12, 31), value=500).pk,
        "batch": upload(people["manager"]).pk,
        "entry": audit.record(actor=admin, action="customer.updated", subject=customer).pk,
        **belongings(customer, analyst),
    }
    return world


def upload(by: User) -> Batch:
    """Make an uploaded file that is not applied yet and has a rejected row."""
    batch = Batch.objects.create(
        kind="customers",
        channel="upload",
        created_by=by,
        filename="c.csv",
        file=ContentFile(b"external_id,name\nc1,One\nc2,\n", name="c.csv"),
    )
    Rejection.objects.create(batch=batch, line=3, column="name", code="missing")
    return batch


def belongings(customer: Customer, author: User) -> dict[str, int]:
    """Make one of everything that belongs to a customer; return the keys by the names the table uses."""
    note = Note.objects.create(customer=customer, author=author, body="Called twice")
    file = Attachment(customer=customer, name="plan.txt", size=4, content_type="text/plain", added_by=author)
    file.file.save("plan.txt", ContentFile(b"plan"), save=True)
    milestone = Milestone.objects.create(
        customer=customer, milestone="go-live", reached_on=dt.date(2026, 2, 1)
    )
    rows = {
        "contact": factories.contact(customer),
        "subscription": factories.subscription(customer),
        "contract": factories.contract(customer),
        "payment": factories.payment(customer),
        "ticket": factories.ticket(customer),
        "touchpoint": factories.touchpoint(customer),
        "milestone": milestone,
        "note": note,
        "file": file,
    }
    return {name: row.pk for name, row in rows.items()}
