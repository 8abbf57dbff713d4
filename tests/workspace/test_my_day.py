"""My day and the pages of alerts: what comes first and why, and what one does with it."""

import datetime as dt

import pytest

from core import time
from playbooks.alerts.kinds import KINDS
from playbooks.models import Alert, AlertRule
from playbooks.services.alerts import alert_dismiss
from tests import factories
from tests.queries import assert_constant_queries
from tests.workspace.portfolio_data import customer, days_ago
from workspace.day.attention import attention
from workspace.day.page import MyDay

pytestmark = pytest.mark.django_db


def told(of, kind="no_touch", **values) -> Alert:
    values = {"since": days_ago(3), "seen_on": days_ago(1), "value": 50, "mrr_cents": 5000} | values
    rule = AlertRule.objects.filter(kind=kind)[0]
    return Alert.objects.create(rule=rule, customer=of, scope="customer", subject_id=of.pk, **values)


def test_the_list_is_ranked_by_what_waiting_costs_and_cut_to_a_day(analyst, login):
    soon = time.today() + dt.timedelta(days=45)
    big = customer(name="Big", owner=analyst, mrr=100_000)
    due = customer(name="Due", owner=analyst, mrr=90_000, renewal=soon)
    late = customer(name="Late", owner=analyst, mrr=1_000)
    for one in (big, due):
        told(one)
    told(late, "ticket_overdue", label="Printer")
    told(customer(name="Not mine", mrr=900_000))
    page = MyDay(analyst, {})
    assert [one.name for one in page.attention] == ["Late", "Due", "Big"]
    assert (page.waiting, page.waiting_mrr) == (3, 191_000)
    assert [round(one.urgency, 2) for one in page.attention] == [1.0, 1.5, 1.0]
    assert page.attention[1].stake == round(90_000 * 0.05 * 1.5)
    assert page.night is not None
    cut, everybody, _ = attention(page.customers, page.night, page.today, most=2)
    assert (len(cut), everybody) == (2, 3)
    said = login(analyst).get("/").content.decode()
    assert "Nobody has talked to the customer for 50 days." in said
    assert "Not mine" not in said
    assert "Not mine" in login(analyst).get("/?scope=team").content.decode()


def test_my_day_makes_as_many_queries_for_thirty_as_for_three(manager, login):
    def add(n: int) -> None:
        for _ in range(n):
            one = customer(owner=manager, mrr=10_000, renewal=time.today() + dt.timedelta(days=20))
            told(one)

    assert_constant_queries(login(manager), "/?scope=team", add)
    assert_constant_queries(login(manager), "/alerts/", add)


def test_without_customers_the_set_up_comes_first_and_without_nights_nothing_breaks(analyst, login):
    client = login(analyst)
    assert client.get("/").status_code == 302
    factories.customer(owner=analyst)
    assert "Figures appear after the first night." in client.get("/").content.decode()


def test_an_alert_is_put_off_dismissed_and_woken(analyst, viewer, login):
    alert = told(customer(owner=analyst, mrr=100))
    client, url = login(analyst), f"/alerts/{alert.pk}/"
    assert "Nobody has talked to the customer for 45 days." in client.get(url).content.decode()
    client.post(url + "do/", {"do": "snooze", "until": str(time.today() + dt.timedelta(days=2))})
    assert not Alert.objects.awake(time.today()).exists()
    assert "Put off until" in client.get(url).content.decode()
    client.post(url + "do/?do=wake")
    client.post(url + "do/", {"do": "dismiss", "why": ""})
    assert Alert.objects.awake(time.today()).exists()
    client.post(url + "do/", {"do": "dismiss", "why": "On purpose"})
    assert "Dismissed: On purpose" in client.get(url).content.decode()
    for state, shown in (("awake", False), ("asleep", False), ("over", True)):
        assert ("On purpose" in client.get(f"/alerts/?state={state}").content.decode()) is shown
    assert login(viewer).post(url + "do/", {"do": "wake"}).status_code == 403


def test_rules_are_made_previewed_changed_and_told_as_noise(admin, analyst, login):
    client = login(admin)
    for kind in KINDS:
        assert client.get(f"/settings/alerts/new/{kind}/").status_code == 200
    said = client.post("/settings/alerts/new/no_touch/", {"days": 33, "do": "preview"}).content.decode()
    assert "Nobody has talked to the customer for 33 days." in said
    assert not AlertRule.objects.filter(days=33).exists()
    client.post("/settings/alerts/new/no_touch/", {"days": 33, "active": "on", "segment": "mid"})
    rule = AlertRule.objects.get(days=33)
    assert client.post(f"/settings/alerts/{rule.pk}/", {"days": ""}).status_code == 422
    client.post(f"/settings/alerts/{rule.pk}/", {"days": 34})
    rule.refresh_from_db()
    assert (rule.days, rule.active) == (34, False)
    for _ in range(5):
        alert_dismiss(actor=analyst, alert=told(customer(mrr=1)), why="no")
    assert "Noise" in client.get("/settings/alerts/").content.decode()
    assert client.get("/settings/alerts/new/nothing/").status_code == 404


def test_alerts_over_http(analyst, login):
    alert = told(customer(owner=analyst, mrr=100))
    other = told(customer(mrr=100))
    client = login(analyst)
    rows = client.get("/api/v1/alerts/?state=awake&kind=no_touch").json()["results"]
    assert {row["id"] for row in rows} == {alert.pk, other.pk}
    assert rows[0]["reason"] == "Nobody has talked to the customer for 50 days."
    assert rows[0]["mrr"] == "50.00"
    said = client.post(f"/api/v1/alerts/{alert.pk}/snooze/", {}, content_type="application/json")
    assert said.status_code == 200, said.content
    assert [row["id"] for row in client.get("/api/v1/alerts/?state=asleep").json()["results"]] == [alert.pk]
    assert client.post(f"/api/v1/alerts/{alert.pk}/wake/").status_code == 200
    why = {"why": "no"}
    assert (
        client.post(f"/api/v1/alerts/{alert.pk}/dismiss/", why, content_type="application/json").status_code
        == 200
    )
    assert client.get("/api/v1/alerts/?state=dismissed").json()["results"][0]["dismissed_why"] == "no"
    assert client.get("/api/v1/alerts/?state=ended").json()["results"] == []
    assert client.post(f"/api/v1/alerts/{other.pk}/wake/").status_code == 403
