"""Who is told of alerts: at once or as a digest, never in quiet hours, each at most once; chats too."""

import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from config import pipeline
from core import time
from core.models import Event, OutgoingMail
from core.sealed import seal
from playbooks.models import Alert, AlertChannel, AlertNotice, AlertRule, WorkWish
from playbooks.notices import telling
from playbooks.notices.opening import due_for, hear_alerts_opened
from playbooks.notices.quiet import is_quiet, next_at, next_loud
from playbooks.services.notices import channel_save, wish_set
from tests import factories

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Sao_Paulo")
clocks = st.times().map(lambda one: one.replace(second=0, microsecond=0))
moments = st.datetimes(
    min_value=dt.datetime(2026, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    max_value=dt.datetime(2027, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)


@given(moments, st.none() | clocks, st.none() | clocks)
def test_the_next_loud_moment_is_loud_and_not_before(moment, begins, ends):
    found = next_loud(moment, begins, ends, ZONE)
    assert found >= moment
    assert found - moment <= dt.timedelta(days=1)
    assert not is_quiet(found.astimezone(ZONE).time(), begins, ends)


@given(moments, clocks, st.none() | clocks, st.none() | clocks, st.sampled_from(["now", "digest"]))
def test_nobody_is_ever_due_inside_the_quiet_hours(moment, digest_at, begins, ends, mail):
    both = (None, None) if begins is None or ends is None else (begins, ends)
    wish = WorkWish(alert_mail=mail, digest_at=digest_at, quiet_from=both[0], quiet_to=both[1])
    found = due_for(wish, moment)
    assert found >= moment
    assert not is_quiet(found.astimezone(time.workspace_zone()).time(), *both)


def test_the_hour_of_the_digest_is_today_or_tomorrow():
    morning = dt.datetime(2026, 3, 10, 8, tzinfo=ZONE)
    assert next_at(morning, dt.time(9), ZONE) == morning.replace(hour=9)
    assert next_at(morning, dt.time(7), ZONE) == dt.datetime(2026, 3, 11, 7, tzinfo=ZONE)


def alert(customer, kind="score_drop", **fields):
    rule = AlertRule.objects.filter(kind=kind)[0]
    today = time.today()
    row = {"value": 40, "before": 60, "mrr_cents": 120_000, "since": today, "seen_on": today, **fields}
    return Alert.objects.create(rule=rule, customer=customer, scope="customer", subject_id=customer.pk, **row)


def opened(*alerts):
    hear_alerts_opened([Event(kind="alert.opened", payload={"alert": one.pk}) for one in alerts])


def wish(user, **fields):
    return wish_set(actor=user, user=user, changes={"quiet_from": None, "quiet_to": None, **fields})


def test_mail_at_once_names_the_alert_and_comes_once(analyst):
    wish(analyst, alert_mail="now")
    one = alert(factories.customer(owner=analyst, name="Padaria Sol"))
    opened(one)
    opened(one)
    while telling.work():
        pass
    letter = OutgoingMail.objects.get()
    assert letter.to == analyst.email and letter.subject == "Zelo: 1 alert"
    assert "Padaria Sol" in letter.body_text and "The score fell from 60 to 40" in letter.body_text
    assert AlertNotice.objects.filter(state="done", told=True).count() == 1


def test_only_who_wants_to_hear_and_may_see_is_told(analyst, manager, viewer):
    wish(manager, alert_mail="now", whose="team")
    wish(viewer, alert_mail="now")
    wish(analyst, alert_mail="none")
    opened(alert(factories.customer(owner=analyst)))
    while telling.work():
        pass
    assert [letter.to for letter in OutgoingMail.objects.all()] == [manager.email]


def test_a_digest_holds_what_stands_and_what_is_over_since(analyst):
    wish(analyst, alert_mail="digest")
    customer = factories.customer(owner=analyst)
    stays, goes = alert(customer), alert(customer, kind="band")
    opened(stays, goes)
    assert not telling.due()
    goes.ended_at, goes.ended_on = time.now(), time.today()
    goes.save()
    digest()
    first = OutgoingMail.objects.get()
    assert "The score fell" in first.body_text and "worse band" not in first.body_text
    stays.ended_at, stays.ended_on = time.now(), time.today()
    stays.save()
    opened(alert(customer, kind="usage_fell"))
    digest()
    second = OutgoingMail.objects.order_by("-pk")[0]
    assert "Active people fell" in second.body_text and "No longer true" in second.body_text
    opened(alert(customer, kind="no_touch"))
    digest()
    assert "No longer true" not in OutgoingMail.objects.order_by("-pk")[0].body_text


def digest():
    AlertNotice.objects.filter(state="waiting").update(due_at=time.now())
    telling.work()


def test_what_falls_into_quiet_hours_by_then_waits(analyst):
    opened_at = time.now().astimezone(time.workspace_zone())
    wish(analyst, alert_mail="now")
    opened(alert(factories.customer(owner=analyst)))
    begins = (opened_at - dt.timedelta(hours=1)).time().replace(microsecond=0)
    ends = (opened_at + dt.timedelta(hours=1)).time().replace(microsecond=0)
    wish(analyst, quiet_from=begins, quiet_to=ends)
    telling.work()
    row = AlertNotice.objects.get()
    assert (row.state, OutgoingMail.objects.count()) == ("waiting", 0)
    assert row.due_at > time.now() and not telling.due()


def test_a_killed_worker_tells_nobody_twice(analyst):
    wish(analyst, alert_mail="now")
    opened(alert(factories.customer(owner=analyst)))
    rows = AlertNotice.objects.claim(limit=9, lease=dt.timedelta(seconds=-1))
    telling._write(analyst.pk, rows)
    AlertNotice.objects.update(state="running", leased_until=time.now() - dt.timedelta(minutes=1))
    telling.work()
    assert OutgoingMail.objects.count() == 1


def test_a_message_of_each_kind_says_who_why_and_how_much():
    one = alert(factories.customer(name="Sol & Lua <x>"))
    slack = telling.message("slack", [one] * 20)["text"]
    assert "Sol &amp; Lua &lt;x&gt;: The score fell" in slack and "and 5 more" in slack
    card = telling.message("teams", [one])["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard" and "Sol & Lua <x>" in card["body"][0]["text"]
    plain = telling.message("json", [one])["alerts"][0]
    assert (plain["kind"], plain["mrr"]) == ("score_drop", "1200.00")


class Chat(BaseHTTPRequestHandler):
    """A chat that answers with what `says` lists, then 200."""

    got: ClassVar[list[dict[str, Any]]] = []
    says: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        self.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.says.pop(0) if self.says else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def chat(settings):
    settings.OUTGOING_ALLOWED = ["127.0.0.1"]
    Chat.got, Chat.says = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def test_a_channel_that_is_down_is_tried_again_and_an_unclear_message_is_not(chat):
    Chat.says = [503]
    AlertChannel.objects.create(name="#cs", kind="slack", url_sealed=seal(chat))
    opened(alert(factories.customer()), alert(factories.customer(), kind="no_touch"))
    telling.work()
    row = AlertNotice.objects.get()
    assert (row.state, row.error, AlertChannel.objects.get().said) == ("waiting", "HTTP 503", "HTTP 503")
    AlertNotice.objects.update(due_at=time.now())
    telling.work()
    row.refresh_from_db()
    assert (row.state, row.told, AlertChannel.objects.get().said, len(Chat.got)) == ("done", True, "", 2)
    assert "The score fell" in Chat.got[1]["text"]
    AlertNotice.objects.update(state="running", leased_until=time.now() - dt.timedelta(minutes=1))
    telling.work()
    row.refresh_from_db()
    assert (row.state, row.error, len(Chat.got)) == ("failed", "unclear", 2)


def test_wishes_and_channels_are_checked(analyst, admin):
    with pytest.raises(ValidationError, match="1 to 100"):
        wish(analyst, capacity=0)
    with pytest.raises(ValidationError, match="both ends"):
        wish(analyst, quiet_from=dt.time(20))
    with pytest.raises(ValidationError) as wrong:
        channel_save(actor=admin, channel=None, name="#cs", kind="slack", url="http://127.0.0.1/x")
    assert set(wrong.value.message_dict) == {"url"}
    with pytest.raises(ValidationError, match="Enter the address"):
        channel_save(actor=admin, channel=None, name="#cs", kind="slack")


def test_the_pages(login, analyst, admin):
    client = login(analyst)
    data = {
        "capacity": "3",
        "alert_mail": "digest",
        "whose": "mine",
        "digest_at": "07:00",
        "quiet_from": "20:00",
    }
    assert client.post(reverse("work_wishes"), data).status_code == 422
    assert client.post(reverse("work_wishes"), {**data, "quiet_to": "07:00"}).status_code == 302
    assert WorkWish.objects.get(user=analyst).capacity == 3
    boss = login(admin)
    made = boss.post(
        reverse("alert_channel_new"),
        {"name": "#cs", "kind": "slack", "url": "https://1.1.1.1/hook", "active": "on"},
    )
    assert made.status_code == 302
    row = AlertChannel.objects.get()
    assert "1.1.1.1" not in row.url_sealed
    assert b"1.1.1.1" not in boss.get(reverse("alert_channel", args=[row.pk])).content
    boss.post(reverse("alert_channel_remove", args=[row.pk]))
    assert not AlertChannel.objects.exists()


def test_a_manager_without_customers_sees_the_team_at_once(login, manager, analyst):
    assert login(manager).get(reverse("alerts")).context["scope"] == "team"
    assert login(analyst).get(reverse("alerts")).context["scope"] == "mine"
    factories.customer(owner=manager)
    assert login(manager).get(reverse("alerts")).context["scope"] == "mine"


def test_the_pipeline_hears_of_opened_alerts():
    assert hear_alerts_opened in pipeline.HEARD["alert.opened"]
