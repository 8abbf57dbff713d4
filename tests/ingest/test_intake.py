"""Tracking calls: what goes in, what waits, what is refused, and how all of that is told."""

import base64
import datetime as dt
import gzip
import json
import random

import pytest
from django.test import Client

from accounts.services.tokens import token_create
from config import pipeline
from customers.services.customer import customer_create
from ingest.intake.messages import Refused, read_item
from ingest.models import HeldEvent, IntakePerson, Problem
from ingest.problems.noting import Odd, note_problems
from metrics.models import UsageDay, UsageEvent, UsageRolled
from metrics.scope import cell_of
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

MARCH = "2026-03-0{}T12:00:00.000Z"
NOW = dt.datetime(2026, 3, 9, 15, 0, tzinfo=dt.UTC)
END = dt.datetime(2026, 3, 10, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def key(admin) -> str:
    made = token_create(
        actor=admin, name="Web app", scopes=["ingest"], expires_at=None, integration_role="manager"
    )
    return made.raw


@pytest.fixture
def send(key):
    """Return a function that makes a call as Segment's libraries do."""
    secret = base64.b64encode(f"{key}:".encode()).decode()

    def call(path: str, body, **headers: str):
        client = Client(headers={"authorization": f"Basic {secret}", **headers})
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        return client.generic("POST", path, data, content_type="application/json")

    return call


def track(number: int, **fields):
    return {
        "type": "track",
        "userId": "u1",
        "event": "Report opened",
        "timestamp": MARCH.format(1),
        "messageId": f"m{number}",
        **fields,
    }


def at(customer: str) -> dict:
    return {"context": {"groupId": customer}}


def stored() -> list[tuple]:
    rows = UsageEvent.objects.order_by("message_id")
    return list(rows.values_list("customer__external_id", "day", "event", "person", "message_id"))


def problems() -> dict[tuple[str, str], int]:
    return {(one.code, one.about): one.count for one in Problem.objects.all()}


# --- what goes in -----------------------------------------------------------------------------------
def test_an_event_that_names_its_customer_is_usage_of_its_own_day(send):
    factories.customer(external_id="acme")
    answer = send("/api/v1/track", track(1, **at("acme")))
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert stored() == [("acme", dt.date(2026, 3, 1), "Report opened", "u1", "m1")]


def test_the_workspaces_zone_says_which_day_it_is(send):
    factories.customer(external_id="acme")
    send("/v1/track", track(1, timestamp="2026-03-02T02:59:59Z", **at("acme")))
    send("/v1/track", track(2, timestamp="2026-03-02T00:30:00-03:00", **at("acme")))
    assert [row[1].day for row in stored()] == [1, 2]


def test_a_person_is_at_the_customer_that_the_group_call_named(send):
    factories.customer(external_id="acme")
    send("/v1/group", {"userId": "u1", "groupId": "acme", "timestamp": MARCH.format(1)})
    send("/v1/track", track(1))
    send("/v1/identify", {"userId": "u1", "anonymousId": "a1", "timestamp": MARCH.format(1)})
    send("/v1/page", {"anonymousId": "a1", "name": "Prices", "messageId": "m2", "timestamp": MARCH.format(2)})
    assert [(row[0], row[2], row[3]) for row in stored()] == [
        ("acme", "Report opened", "u1"),
        ("acme", "Viewed Prices page", "u1"),  # the same person
    ]


@pytest.mark.parametrize("told_by", ["identify", "alias", "event"])
def test_who_was_anonymous_counts_once_also_for_what_was_before(send, told_by):
    customer = factories.customer(external_id="acme")
    for n, day in ((1, 1), (2, 2)):
        send("/v1/track", track(n, userId=None, anonymousId="a1", timestamp=MARCH.format(day), **at("acme")))
    send("/v1/track", track(3, timestamp=MARCH.format(3), **at("acme")))
    days = [dt.date(2026, 3, day) for day in (1, 2, 3)]
    UsageRolled.objects.bulk_create(UsageRolled(day=day, cell=cell_of(customer.pk)) for day in days)
    UsageDay.objects.bulk_create(
        UsageDay(day=day, customer=customer, person="a1", feature="Report opened", events=1)
        for day in days[:2]
    )
    assert {row[3] for row in stored()} == {"a1", "u1"}
    if told_by == "identify":
        send("/v1/identify", {"userId": "u1", "anonymousId": "a1"})
    elif told_by == "alias":
        send("/v1/alias", {"previousId": "a1", "userId": "u1"})
    else:
        send("/v1/track", track(4, anonymousId="a1", timestamp=MARCH.format(4), **at("acme")))
    send("/v1/track", track(5, userId=None, anonymousId="a1", timestamp=MARCH.format(5), **at("acme")))
    assert {row[3] for row in stored()} == {"u1"}
    assert days[2] in set(UsageRolled.objects.values_list("day", flat=True))
    assert not UsageRolled.objects.filter(day__in=days[:2]).exists(), "their days are counted again"


def test_an_alias_of_an_alias_is_the_same_person_and_a_circle_ends(send):
    factories.customer(external_id="acme")
    send("/v1/alias", {"previousId": "a1", "userId": "u0", "timestamp": MARCH.format(1)})
    send("/v1/alias", {"previousId": "u0", "userId": "u1", "timestamp": MARCH.format(2)})
    send("/v1/track", track(1, userId=None, anonymousId="a1", **at("acme")))
    assert stored()[0][3] == "u1"
    send("/v1/alias", {"previousId": "u1", "userId": "a1", "timestamp": MARCH.format(3)})
    assert send("/v1/track", track(2, **at("acme"))).status_code == 200


def test_what_events_say_of_people_is_written_once(send):
    factories.customer(external_id="acme")
    send("/v1/track", track(1, anonymousId="a1", **at("acme")))
    before = IntakePerson.objects.get(user_key="a1").said_at
    send("/v1/track", track(2, anonymousId="a1", timestamp=MARCH.format(4), **at("acme")))
    assert IntakePerson.objects.get(user_key="a1").said_at == before


def test_an_older_group_call_that_comes_late_changes_nothing(send):
    send("/v1/group", {"userId": "u1", "groupId": "new", "timestamp": MARCH.format(5)})
    send("/v1/group", {"userId": "u1", "groupId": "old", "timestamp": MARCH.format(4)})
    assert IntakePerson.objects.get().customer_key == "new"


def test_a_contact_tells_whose_person_it_is_unless_there_are_two(send):
    factories.contact(factories.customer(external_id="acme"), external_id="u1")
    send("/v1/track", track(1))
    send("/v1/identify", {"userId": "u2", "traits": {"email": "Bia@beta.test"}})
    factories.contact(factories.customer(external_id="beta"), email="bia@beta.test")
    send("/v1/track", track(2, userId="u2"))
    for firm in ("c1", "c2"):
        factories.contact(factories.customer(external_id=firm), external_id="u3")
    send("/v1/track", track(3, userId="u3"))
    assert [row[0] for row in stored()] == ["acme", "beta"]
    assert HeldEvent.objects.get().person == "u3"


def test_the_same_message_twice_is_one_event_and_equal_ones_without_an_id_are_two(send):
    factories.customer(external_id="acme")
    unnamed = {name: value for name, value in track(1, **at("acme")).items() if name != "messageId"}
    for _ in range(3):
        send("/v1/batch", {"batch": [track(1, **at("acme")), track(1, **at("acme"))]})
        send("/v1/batch", {"batch": [unnamed, unnamed]})
    assert UsageEvent.objects.count() == 3


def test_a_late_event_opens_its_day_again(send):
    customer = factories.customer(external_id="acme")
    day = dt.date(2026, 3, 1)
    UsageRolled.objects.create(day=day, cell=cell_of(customer.pk))
    send("/v1/track", track(1, **at("acme")))
    assert not UsageRolled.objects.exists()
    UsageRolled.objects.create(day=day, cell=cell_of(customer.pk))
    send("/v1/track", track(1, **at("acme")))
    assert UsageRolled.objects.exists(), "what is known already opens nothing"


def test_what_a_batch_says_of_all_its_items_counts_for_each(send):
    factories.customer(external_id="acme")
    body = {"batch": [track(1), track(2)], **at("acme"), "sentAt": MARCH.format(1), "writeKey": "x"}
    assert (
        send(
            "/api/v1/batch", gzip.compress(json.dumps(body).encode()), **{"content-encoding": "gzip"}
        ).status_code
        == 200
    )
    assert UsageEvent.objects.count() == 2


# --- what waits -------------------------------------------------------------------------------------
def test_events_of_an_unknown_customer_wait_and_go_in_when_it_appears(send, admin):
    send("/v1/batch", {"batch": [track(n, **at("later")) for n in range(3)]})
    send("/v1/batch", {"batch": [track(n, **at("later")) for n in range(3)]})
    assert (UsageEvent.objects.count(), HeldEvent.objects.count()) == (0, 3)
    assert problems() == {("unknown_customer", "later"): 3}
    pipeline.finish(["held events"])
    assert HeldEvent.objects.count() == 3
    customer_create(actor=admin, external_id="later", name="Later")
    assert pipeline.WORK["held events"].due()
    pipeline.finish(["held events"])
    assert [row[:2] for row in stored()] == [("later", dt.date(2026, 3, 1))] * 3
    assert not HeldEvent.objects.exists()
    send("/v1/track", track(1, **at("later")))
    assert UsageEvent.objects.count() == 3


@pytest.mark.parametrize("told_by", ["group", "contact", "address"])
def test_events_of_an_unknown_person_wait_until_it_is_known_whose_it_is(send, told_by):
    customer = factories.customer(external_id="acme")
    send("/v1/identify", {"userId": "u1", "traits": {"email": "ana@acme.test"}})
    send("/v1/track", track(1))
    assert problems() == {("unknown_person", "u1"): 1}
    if told_by == "group":
        send("/v1/group", {"userId": "u1", "groupId": "acme"})
    elif told_by == "contact":
        factories.contact(customer, external_id="u1")
    else:
        factories.contact(customer, email="ana@acme.test")
    pipeline.finish(["held events"])
    assert [row[0] for row in stored()] == ["acme"]


def test_an_event_taken_in_beside_the_call_that_names_its_customer_does_not_wait_for_ever(send):
    factories.customer(external_id="acme")
    send("/v1/track", track(1))
    send("/v1/track", track(2, userId=None, anonymousId="a1"))
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)  # as two calls at once leave it: neither saw the other
    IntakePerson.objects.create(user_key="u1", customer_key="acme", said_at=now)
    IntakePerson.objects.create(user_key="a1", same_as="u1", said_at=now)
    pipeline.finish(["held events"])
    assert len(stored()) == 2 and not pipeline.WORK["held events"].due()


# --- what is refused --------------------------------------------------------------------------------
def test_one_bad_item_stops_no_other(send):
    factories.customer(external_id="acme")
    bad = [
        7,
        {"type": "poke", "userId": "u1"},
        track(2, event=""),
        track(3, event="x" * 121),
        track(4, userId=None),
        track(5, timestamp="yesterday"),
        track(6, timestamp="2099-01-01T00:00:00Z"),
        track(7, event="nul \x00"),
        {"type": "group", "userId": "u1"},
    ]
    assert send("/v1/batch", {"batch": [*bad, track(1, **at("acme"))]}).status_code == 200
    assert len(stored()) == 1
    assert sorted(code for code, _ in problems()) == sorted(
        [
            "not_an_object", "unknown_type", "event_missing", "event_too_long", "id_missing", "bad_time",
            "future_time", "bad_text", "group_missing",
        ]
    )  # fmt: skip
    one = Problem.objects.get(code="event_missing")
    assert one.source.startswith("Web app (zelo_") and '"messageId": "m2"' in one.sample


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"batch": [track(n) for n in range(1001)]}, 413, "1001"),
        ({"batch": [track(1, properties={"x": "y" * 64_000})]}, 413, "Item 0"),
        ({"batch": [track(n, properties={"x": "y" * 60_000}) for n in range(90)]}, 413, "5000000 bytes"),
        ("[1, 2", 400, "JSON"),
        ({"batch": 1}, 400, "batch"),
        ([], 400, "object"),
    ],
)
def test_a_call_that_is_too_large_or_cannot_be_read_says_why(send, body, status, said):
    answer = send("/v1/batch", body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert said in answer.json()["detail"]
    assert Problem.objects.get().code == ("too_large" if status == 413 else "bad_json")


def test_a_small_call_that_unpacks_to_a_huge_one_is_refused(send):
    bomb = gzip.compress(b" " * 6_000_000)
    assert send("/v1/batch", bomb, **{"content-encoding": "gzip"}).status_code == 413
    assert send("/v1/batch", bomb[:50], **{"content-encoding": "gzip"}).status_code == 400


def test_who_has_no_key_or_another_scope_sends_nothing(send, admin):
    assert Client().post("/v1/track", track(1), content_type="application/json").status_code == 401
    reader = token_create(actor=admin, name="r", scopes=["read"], expires_at=None).raw
    client = Client(headers={"authorization": f"Bearer {reader}"})
    assert client.post("/v1/track", track(1), content_type="application/json").status_code == 403


def test_any_order_of_late_and_double_items_leaves_the_same_rows(send):
    """Every order of group calls, events and repetitions ends with the same usage, person by person."""
    factories.customer(external_id="acme"), factories.customer(external_id="beta")
    items = [
        {"type": "group", "userId": "u1", "groupId": "acme", "timestamp": MARCH.format(1)},
        {"type": "identify", "userId": "u1", "anonymousId": "a1", "timestamp": MARCH.format(1)},
        *(track(n, timestamp=MARCH.format(n)) for n in range(1, 4)),
        track(4, userId=None, anonymousId="a1"),
        track(5, **at("beta")),
    ]
    chance, wanted = random.Random(3), None
    for _ in range(12):
        UsageEvent.objects.all().delete()
        IntakePerson.objects.all().delete()
        mixed = items * 2
        chance.shuffle(mixed)
        while mixed:
            size = chance.randint(1, 5)
            part, mixed = mixed[:size], mixed[size:]
            send("/v1/batch", {"batch": part})
        send("/v1/batch", {"batch": items})
        pipeline.finish(["held events"])
        wanted = wanted or stored()
        assert stored() == wanted and len(wanted) == 5
        assert not HeldEvent.objects.exists()


def test_the_page_lists_each_problem_with_its_count_and_a_sample(send, login, manager, analyst):
    send("/v1/batch", {"batch": [track(1, event=""), track(2, event=""), track(3, **at("later"))]})
    page = login(manager).get("/imports/problems/")
    text = page.content.decode()
    assert [(one.code, one.count, kept) for one, _, kept in page.context["rows"]] in (
        [("event_missing", 2, False), ("unknown_customer", 1, True)],
        [("unknown_customer", 1, True), ("event_missing", 2, False)],
    )
    assert "1 event waits" in text and "&quot;messageId&quot;: &quot;m1&quot;" in text
    assert login(analyst).get("/imports/problems/").status_code == 403


def test_the_page_makes_the_same_queries_for_any_number_of_problems(login, manager):
    def add(count: int) -> None:
        start = Problem.objects.count()
        note_problems("ERP", [Odd("event_missing", f"e{start + n}") for n in range(count)])

    assert_constant_queries(login(manager), "/imports/problems/", add)


def test_very_many_subjects_of_one_reason_are_counted_together():
    for _ in range(2):
        note_problems("ERP", [Odd("unknown_customer", f"c{n}") for n in range(80)])
    assert Problem.objects.count() == 51
    assert Problem.objects.get(about="").count == 60


def test_an_import_that_rejects_rows_is_a_problem_of_its_source(key):
    client = Client(headers={"authorization": f"Bearer {key}"})
    client.post("/api/v1/import/customers/", [{"external_id": "c1"}], content_type="application/json")
    one = Problem.objects.get()
    assert (one.code, one.count, one.about.split()[0]) == ("rows_rejected", 1, "customers")
    assert one.source.startswith("Web app")


# --- one item, without a database -------------------------------------------------------------------
def test_an_item_without_a_time_is_of_now():
    assert read_item({"type": "track", "userId": 7, "event": "x"}, now=NOW, end=END).at == NOW
    assert read_item({"type": "track", "userId": 7, "event": "x"}, now=NOW, end=END).user == "7"


@pytest.mark.parametrize(
    "said", ["2026-03-10T03:00:00Z", "2026-03-10T00:00:00-03:00", "1970-01-01T00:00:00Z", 5, "x"]
)
def test_times_that_no_item_can_have(said):
    with pytest.raises(Refused):
        read_item(track(1, timestamp=said), now=NOW, end=END)


def test_a_long_id_of_a_message_is_kept_as_its_fingerprint():
    long = read_item(track(1, messageId="m" * 500), now=NOW, end=END).message_id
    assert len(long) <= 120 and long == read_item(track(2, messageId="m" * 500), now=NOW, end=END).message_id
