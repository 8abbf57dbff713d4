"""The page of connections: secrets are sealed, and what was before comes as an export file."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry
from config import pipeline
from core.sealed import unseal
from customers.models import Payment, Subscription, Ticket
from ingest.models import Batch, Connection
from surveys.models import Response
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/settings/connections/"
SECRET = "whsec_0123456789abcdef"


def save(client, **fields):
    return client.post(f"{PAGE}stripe/", {f"stripe-{name}": value for name, value in fields.items()})


def test_a_system_is_connected_changed_and_disconnected_and_its_secret_is_nowhere_shown(admin, login):
    client = login(admin)
    assert save(client, secret=SECRET).status_code == 302
    row = Connection.objects.get()
    assert SECRET not in row.secret_sealed and unseal(row.secret_sealed) == SECRET
    page = client.get(PAGE).content.decode()
    assert SECRET not in page and "http://testserver/hooks/stripe/" in page
    assert save(client, secret="", makes_customers="on").status_code == 302
    row.refresh_from_db()
    assert unseal(row.secret_sealed) == SECRET and row.makes_customers
    assert client.post(f"{PAGE}stripe/remove/").status_code == 302
    assert not Connection.objects.exists()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-3:] == ["connection.created", "connection.updated", "connection.removed"]


@pytest.mark.parametrize("secret", ["", "short", "ü" * 20])
def test_what_can_be_no_secret_is_refused(admin, login, secret):
    answer = save(login(admin), secret=secret)
    assert answer.status_code == 422 and not Connection.objects.exists()


def bring(client, name: str, text: str):
    return client.post(f"{PAGE}file/", {"file": SimpleUploadedFile(name, text.encode())})


def confirmed(client) -> None:
    for batch in Batch.objects.order_by("pk"):
        assert batch.step == Batch.Step.PREVIEWED, batch.error
        client.post(f"/imports/{batch.pk}/confirm/")
    pipeline.finish(["imports"])


def test_stripes_exports_come_in_by_the_keys_that_events_use(admin, login):
    factories.customer(external_id="cus_1")
    client = login(admin)
    bring(
        client,
        "subscriptions.csv",
        "id,Customer ID,Customer Email,Plan,Product,Quantity,Currency,Interval,Amount,Status,Start (UTC),"
        "Trial End (UTC),Canceled At (UTC),Ended At (UTC)\n"
        "sub_1,cus_1,a@b.example,pro,Core,2,brl,year,600.00,active,2026-01-01 12:00,,,\n"
        "sub_2,cus_1,a@b.example,pro,Core,1,brl,month,50.00,canceled,2026-01-01 12:00,2026-01-15 12:00,"
        "2026-02-01 12:00,2026-02-01 12:00\n"
        "sub_3,cus_1,a@b.example,pro,Core,1,usd,month,50.00,active,2026-01-01 12:00,,,\n",
    )
    confirmed(client)
    rows = Subscription.objects.order_by("external_id")
    assert [(r.external_id, str(r.starts_on), str(r.ends_on), r.mrr_cents) for r in rows] == [
        ("sub_1", "2026-01-01", "None", 10_000), ("sub_2", "2026-01-15", "2026-02-01", 5_000),
    ]  # fmt: skip
    assert Batch.objects.get().rejected == 1  # another currency
    bring(
        client,
        "invoices.csv",
        "id,Amount Due,Amount Paid,Currency,Customer,Status,Paid,Date (UTC),Due Date (UTC)\n"
        "in_1,100.00,100.00,brl,cus_1,paid,true,2026-01-05 12:00,\n"
        "in_2,80.00,0.00,brl,cus_1,open,false,2026-02-05 12:00,2026-03-01 12:00\n",
    )
    client.post(f"/imports/{Batch.objects.latest('pk').pk}/confirm/")
    pipeline.finish(["imports"])
    assert [(p.external_id, p.amount_cents, p.paid_on is None) for p in Payment.objects.order_by("external_id")] == [
        ("in_1", 10_000, False), ("in_2", 8_000, True),
    ]  # fmt: skip


def test_zendesks_exports_bring_tickets_and_ratings(admin, login):
    firm = factories.customer(external_id="acme")
    factories.contact(firm, email="ana@acme.example")
    client = login(admin)
    bring(
        client,
        "tickets.csv",
        "Id,Requester,Requester email,Status,Created at,Solved at,Subject,Priority,Via,Reopens,Replies,"
        "First reply time in minutes,Satisfaction Score\n"
        "7,Ana,Ana@acme.example,Solved,2026-03-01 10:00:00 -0300,2026-03-02 10:00:00 -0300,Slow,High,"
        "Mail,1,3,90,Good\n",
    )
    confirmed(client)
    row = Ticket.objects.get()
    assert (row.external_id, row.customer, row.reopens, row.team_replies, row.priority) == (
        "zendesk:7",
        firm,
        1,
        3,
        "high",
    )
    assert row.first_response_at
    assert (row.first_response_at - row.opened_at).total_seconds() == 5400
    assert Response.objects.get().score == 5
    lines = {
        "id": 8, "requester_id": 88, "status": "open", "created_at": "2026-03-01T13:00:00Z", "subject": "Export",
        "priority": None, "via": {"channel": "web"}, "requester": {"email": "ana@acme.example"},
        "organization": {"external_id": "acme"}, "satisfaction_rating": {"score": "offered"},
        "metric_set": {"reopens": 0, "replies": 1, "reply_time_in_minutes": {"calendar": 30, "business": 5}},
    }  # fmt: skip
    bring(client, "tickets.json", json.dumps(lines) + "\n")
    client.post(f"/imports/{Batch.objects.latest('pk').pk}/confirm/")
    pipeline.finish(["imports"])
    row = Ticket.objects.get(external_id="zendesk:8")
    assert (row.solved_at, row.team_replies, row.channel) == (None, 1, "web")


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "", "{", "[1]", "\ud800".encode("utf-16", "surrogatepass").decode("latin-1")]
)
def test_a_file_that_is_none_of_theirs_says_so(admin, login, text):
    answer = bring(login(admin), "x.csv", text)
    assert answer.status_code == 422 and not Batch.objects.exists()
    assert 'id="id_file_error"' in answer.content.decode()
