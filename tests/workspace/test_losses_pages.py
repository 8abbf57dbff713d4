"""The churn register as pages, file and API."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from core import time
from playbooks.models import Loss, LossReason
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def loss(days_ago=10, **fields):
    fields.setdefault("customer", None)
    fields["customer"] = fields["customer"] or factories.customer()
    if fields.get("state", "lost") == "lost":
        fields |= {"state": "lost", "lost_on": time.today() - dt.timedelta(days=days_ago)}
    return Loss.objects.create(**{"mrr_cents": 10_000, **fields})


def test_the_page_sums_by_reason_and_tells_the_save_rate(login, manager):
    price, bug = LossReason.objects.get(key="price"), LossReason.objects.get(key="bug")
    today = time.today()
    loss(reason=price, mrr_cents=30_000, noticed_on=today - dt.timedelta(days=40))
    loss(reason=bug, whole=False, returned_on=None)
    loss(returned_on=today)
    loss(days_ago=400, mrr_cents=999_999)
    loss(state="saved", noticed_on=today, saved_on=today, reason=price, mrr_cents=5_000)
    loss(state="notice", noticed_on=today - dt.timedelta(days=700), mrr_cents=7_000)
    register = login(manager).get(reverse("losses")).context["register"]
    sums = register.sums
    assert (sums["mrr"], sums["firms"], sums["parts"], sums["unexplained"]) == (50_000, 2, 1, 1)
    assert (sums["saved"], sums["decided"], sums["rate"]) == (1, 2, 0.5)
    assert (sums["notices"], sums["at_stake"], sums["returned"]) == (1, 7_000, 1)
    told = [(one.name, one.lost, one.mrr, one.share, one.saved) for one in register.by_reason]
    assert told == [
        ("Price", 1, 30_000, 0.6, 1),
        ("Bug or outage", 1, 10_000, 0.2, 0),
        ("No reason yet", 1, 10_000, 0.2, 0),
    ]


def test_filters_narrow_and_wrong_ones_do_not(login, manager):
    loss(customer=factories.customer(name="Padaria Sol"))
    loss(whole=False, customer=factories.customer(name="Clínica Lua"))
    client = login(manager)

    def names(**query):
        return [
            row.customer.name for row, _tone in client.get(reverse("losses"), query).context["register"].lines
        ]

    assert names(size="part") == ["Clínica Lua"]
    assert names(q="clinica") == ["Clínica Lua"]
    assert names(reason="none", state="lost", size="whole") == ["Padaria Sol"]
    assert len(names(reason="99999", state="x", period="-1")) == 2


def test_queries_do_not_grow(login, manager):
    def some(n: int) -> None:
        for _ in range(n):
            loss()

    assert_constant_queries(login(manager), reverse("losses"), some)


def test_an_analyst_takes_notice_and_records_the_save(login, analyst):
    customer = factories.customer(owner=analyst, name="Padaria Sol")
    client = login(analyst)
    data = {"noticed_on": time.today().isoformat(), "whole": "1", "mrr_cents": "400", "tried": "Called"}
    done = client.post(reverse("loss_new") + f"?customer={customer.pk}", data)
    assert done.status_code == 302
    row = Loss.objects.get()
    assert (row.mrr_cents, row.author, row.tried) == (40_000, analyst, "Called")
    assert "Padaria Sol" in client.get(reverse("loss", args=[row.pk])).content.decode()
    assert "Losses and saves" in client.get(reverse("customer", args=[customer.pk])).content.decode()
    client.post(reverse("loss_turn", args=[row.pk]), {"do": "saved"})
    row.refresh_from_db()
    assert row.state == "saved"
    again = client.post(
        reverse("loss_new") + f"?customer={customer.pk}", {**data, "noticed_on": "2999-01-01"}
    )
    assert again.status_code == 422 and "Choose today or a day before" in again.content.decode()


def test_another_analysts_loss_can_be_read_not_changed(login, analyst):
    row = loss()
    client = login(analyst)
    page = client.get(reverse("loss", args=[row.pk]))
    assert page.status_code == 200 and b"<textarea" not in page.content
    client.post(reverse("loss", args=[row.pk]), {"tried": "Nothing"})
    row.refresh_from_db()
    assert row.tried == ""
    assert client.post(reverse("loss_turn", args=[row.pk])).status_code == 404


def test_the_file_has_what_matches_and_runs_no_formula(login, manager):
    loss(customer=factories.customer(name="=cmd()"), tried="=1+1", reason=LossReason.objects.get(key="price"))
    answer = login(manager).get(reverse("losses_export"), {"state": "lost"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [(row["customer"], row["mrr"], row["reason"], row["tried"]) for row in rows] == [
        ("'=cmd()", "100.00", "Price", "'=1+1")
    ]


def test_the_api_takes_notice_explains_and_saves(login, analyst):
    customer = factories.customer(owner=analyst)
    client = login(analyst)
    sent = {"customer": customer.pk, "mrr": "400.00", "noticed_on": time.today().isoformat()}
    made = client.post("/api/v1/losses/", sent, content_type="application/json")
    assert made.status_code == 201 and made.json()["state"] == "notice"
    key, price = made.json()["id"], LossReason.objects.get(key="price").pk
    told = client.patch(f"/api/v1/losses/{key}/", {"reason": price}, content_type="application/json")
    assert told.json()["reason_name"] == "Price"
    assert client.post(f"/api/v1/losses/{key}/saved/").json()["state"] == "saved"
    assert client.post(f"/api/v1/losses/{key}/saved/").status_code == 400
    found = client.get("/api/v1/losses/", {"state": "saved", "unexplained": "false"}).json()["results"]
    assert [row["id"] for row in found] == [key]


def test_reasons_are_kept_by_admins(login, admin):
    client = login(admin)
    client.post(reverse("loss_reason_new"), {"name": "Group contract"})
    row = LossReason.objects.get(name="Group contract")
    client.post(reverse("loss_reason", args=[row.pk]), {"name": "Group contracts"})
    row.refresh_from_db()
    assert (row.name, row.retired_at is None) == ("Group contracts", False)
    assert "Not offered" in client.get(reverse("loss_reasons")).content.decode()
