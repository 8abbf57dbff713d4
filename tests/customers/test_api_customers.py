"""Customers over HTTP: reading, making, changing with If-Match, rules and refusals."""

import json

import pytest
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Workspace
from core import time
from customers.models import Customer, CustomerHistory, SegmentRule, Tag
from tests import factories
from tests.workspace.customer_facts import DAY, at, response

pytestmark = pytest.mark.django_db
LIST = "/api/v1/customers/"


@pytest.fixture
def api():
    """Return a function that gives an API client signed in as a person."""

    def sign_in(user):
        client = APIClient()
        client.force_authenticate(user)
        return client

    return sign_in


def one(customer, *parts):
    return "/".join([f"{LIST}{customer.pk}", *parts, ""])


def problem(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    body = json.loads(answer.content)
    assert (body["status"], body["code"]) == (status, code)
    return body


def test_a_customer_made_over_the_api_reads_back_with_its_etag(api, analyst):
    sent = {
        "external_id": "C-1",
        "name": "Vale Verde",
        "tax_id": "11.222.333/0001-81",
        "owner": analyst.pk,
        "tags": ["logistics"],
        "segment": "mid",
        "started_on": "2026-01-15",
    }
    made = api(analyst).post(LIST, sent, format="json")
    assert made.status_code == 201, made.content
    assert made["ETag"] == '"1"'
    body = made.json()
    assert (body["external_id"], body["tags"], body["segment"], body["owner"]) == (
        "C-1",
        ["logistics"],
        "mid",
        analyst.pk,
    )
    read = api(analyst).get(one(Customer.objects.get()))
    assert read.json() == body
    assert read["ETag"] == '"1"'
    assert AuditEntry.objects.filter(action="customer.created", actor=analyst).count() == 1


def test_a_change_with_a_stale_if_match_is_refused_and_changes_nothing(api, analyst):
    customer = factories.customer(owner=analyst, name="Before", version=3)
    client = api(analyst)
    refused = client.patch(one(customer), {"name": "Mine"}, format="json", headers={"If-Match": '"2"'})
    problem(refused, 412, "precondition_failed")
    customer.refresh_from_db()
    assert customer.name == "Before"
    done = client.patch(one(customer), {"name": "Mine"}, format="json", headers={"If-Match": '"3"'})
    assert (done.status_code, done.json()["name"], done["ETag"]) == (200, "Mine", '"4"')


def test_a_change_touches_only_the_fields_that_are_sent(api, analyst):
    customer = factories.customer(owner=analyst, industry="Freight", city="Contagem")
    customer.tags.add(Tag.objects.create(name="kept"))
    changed = api(analyst).patch(one(customer), {"city": "Betim"}, format="json").json()
    assert (changed["city"], changed["industry"], changed["tags"]) == ("Betim", "Freight", ["kept"])


def test_errors_come_field_by_field_as_problem_details(api, analyst):
    body = problem(api(analyst).post(LIST, {"tax_id": "1"}, format="json"), 400, "invalid")
    assert set(body["errors"]) == {"name"}
    body = problem(
        api(analyst).post(LIST, {"name": "X", "tax_id": "1", "country": "BR"}, format="json"), 400, "invalid"
    )
    assert set(body["errors"]) == {"tax_id"}


def test_the_roles_may_do_what_the_pages_let_them(api, viewer, analyst, manager):
    customer = factories.customer()
    change = {"name": "New name"}
    problem(api(viewer).patch(one(customer), change, format="json"), 403, "permission_denied")
    problem(api(viewer).post(LIST, change, format="json"), 403, "permission_denied")
    problem(api(analyst).patch(one(customer), change, format="json"), 403, "permission_denied")
    problem(api(analyst).post(one(customer, "archive")), 403, "permission_denied")
    assert api(viewer).get(one(customer)).status_code == 200
    assert api(manager).patch(one(customer), change, format="json").status_code == 200


def test_a_stranger_gets_not_found_and_nobody_401(api, analyst):
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    customer = factories.customer()
    problem(api(analyst).get(one(customer)), 404, "not_found")
    problem(api(analyst).get(one(customer, "timeline")), 404, "not_found")
    assert api(analyst).get(LIST).json()["results"] == []
    problem(APIClient().get(LIST), 401, "not_authenticated")


def test_customers_are_found_by_their_own_id_and_the_filters(api, manager, analyst):
    tag = Tag.objects.create(name="vip")
    found = factories.customer(
        external_id="X-7", name="Padaria", segment="mid", owner=analyst, domain="padaria.com"
    )
    found.tags.add(tag)
    factories.customer(segment="volume")
    gone = factories.customer(archived_at=time.now())
    client = api(manager)
    for query in ("external_id=X-7", "segment=mid", f"owner={analyst.pk}", "tag=vip", "q=padaria"):
        results = client.get(f"{LIST}?{query}").json()["results"]
        assert [row["id"] for row in results] == [found.pk], query
    assert [row["id"] for row in client.get(f"{LIST}?archived=true").json()["results"]] == [gone.pk]
    problem(client.get(f"{LIST}?segment=huge"), 400, "invalid")


def test_the_list_is_ordered_and_paged_by_cursor_with_a_constant_number_of_queries(
    api, manager, django_assert_num_queries, django_assert_max_num_queries
):
    for name in "cab":
        factories.customer(name=name).tags.add(Tag.objects.get_or_create(name=name)[0])
    client = api(manager)
    first = client.get(f"{LIST}?ordering=name&page_size=2").json()
    assert [row["name"] for row in first["results"]] == ["a", "b"]
    assert [row["name"] for row in client.get(first["next"]).json()["results"]] == ["c"]
    with django_assert_max_num_queries(3) as seen:
        client.get(LIST)
    few = len(seen)
    for n in range(27):
        factories.customer(name=f"n{n}", owner=manager).tags.add(Tag.objects.create(name=f"t{n}"))
    with django_assert_num_queries(few):
        client.get(LIST)


def test_segment_and_stage_are_moved_with_their_history(api, manager):
    customer = factories.customer(segment="volume", stage="onboarding", stage_since=time.today() - 9 * DAY)
    client = api(manager)
    moved = client.post(
        one(customer, "segment"), {"segment": "high_value", "reason": "Strategic"}, format="json"
    )
    assert (moved.json()["segment"], moved.json()["segment_by"]) == ("high_value", "hand")
    moved = client.post(one(customer, "stage"), {"stage": "ongoing"}, format="json")
    assert moved.json()["stage"] == "ongoing"
    assert CustomerHistory.objects.filter(customer=customer, field="stage", value="ongoing").exists()
    problem(client.post(one(customer, "segment"), {"segment": "mid"}, format="json"), 400, "invalid")


def test_archiving_and_restoring(api, manager):
    customer = factories.customer()
    client = api(manager)
    assert client.post(one(customer, "archive")).json()["archived_at"] is not None
    assert client.get(LIST).json()["results"] == []
    problem(client.patch(one(customer), {"name": "No"}, format="json"), 400, "invalid")
    assert client.post(one(customer, "restore")).json()["archived_at"] is None


def test_customers_are_never_deleted(api, admin):
    customer = factories.customer()
    problem(api(admin).delete(one(customer)), 405, "method_not_allowed")
    assert Customer.objects.filter(pk=customer.pk).exists()


def test_a_parent_outside_the_callers_view_is_unknown_to_them(api, analyst):
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    hidden, mine = factories.customer(), factories.customer(owner=analyst)
    body = problem(api(analyst).patch(one(mine), {"parent": hidden.pk}, format="json"), 400, "invalid")
    assert set(body["errors"]) == {"parent"}


def test_the_timeline_is_the_pages_and_leads_to_its_older_entries(api, viewer):
    customer = factories.customer()
    today = time.today()
    for n in range(30):
        factories.touchpoint(customer, happened_at=at(today - n * DAY, 0), summary=f"talk {n}")
    response(customer, today - DAY, comment="Tudo certo", language="pt-br")
    client = api(viewer)
    first = client.get(one(customer, "timeline") + "?kind=touch").json()
    second = client.get(first["next"]).json()
    told = [row["text"] for row in (*first["results"], *second["results"])]
    assert told == [f"talk {n}" for n in range(30)]
    assert second["next"] is None
    answer = client.get(one(customer, "timeline") + "?kind=survey").json()["results"][0]
    assert (answer["quote"], answer["language"], answer["text"]) == (True, "pt-br", "Tudo certo")
    past = client.get(one(customer, "timeline") + f"?as_of={today - 20 * DAY}").json()["results"]
    assert past[0]["text"] == "talk 20"
    for wrong in ("kind=gossip", "before=yesterday"):
        problem(client.get(one(customer, "timeline") + f"?{wrong}"), 400, "invalid")


def test_only_an_admin_sets_rules_and_they_are_applied_at_once(api, manager, admin):
    customer = factories.customer()
    factories.subscription(customer, starts_on=time.today(), mrr_cents=5_000_00)
    rules = [
        {"segment": "mid", "conditions": [{"field": "mrr", "op": "gte", "value": 1_000_00}]},
        {"segment": "volume", "conditions": []},
    ]
    problem(api(manager).put("/api/v1/rules/segment/", rules, format="json"), 403, "permission_denied")
    set_ = api(admin).put("/api/v1/rules/segment/", rules, format="json")
    assert set_.json() == rules
    assert api(manager).get("/api/v1/rules/").json()["segment"] == rules
    customer.refresh_from_db()
    assert customer.segment == "mid"
    wrong = [{"segment": "mid", "conditions": [{"field": "mrr", "op": "is", "value": "x"}]}]
    problem(api(admin).put("/api/v1/rules/segment/", wrong, format="json"), 400, "invalid")
    assert SegmentRule.objects.count() == 2
    moves = [{"from_stage": "onboarding", "to_stage": "ongoing", "basis": "entered", "days": 60}]
    assert api(admin).put("/api/v1/rules/stage/", moves, format="json").json() == moves


def test_segments_and_stages_are_named(api, viewer):
    segments = api(viewer).get("/api/v1/segments/").json()
    assert [row["key"] for row in segments] == ["volume", "mid", "high_value"]
    assert [row["key"] for row in api(viewer).get("/api/v1/stages/").json()] == [
        "onboarding",
        "ongoing",
        "support",
    ]
