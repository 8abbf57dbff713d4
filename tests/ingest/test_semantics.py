"""What an import does to rows that are there: CONTRACT.md's rules, one by one."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from core import time
from core.models import Event
from customers.models import (
    AttributeDefinition,
    Contact,
    Customer,
    CustomerHistory,
    FactVersion,
    Payment,
    Subscription,
)
from customers.services import hand_overs
from customers.services.customer import customer_update
from ingest.apply.links import circles
from ingest.apply.overlaps import Span, judge
from metrics.models import Night, StaleSpan, UsageEvent
from surveys.models import Response
from tests import factories
from tests.ingest.files import csv_text, run_import

pytestmark = pytest.mark.django_db
SUBS = "external_id,customer_external_id,product,mrr,starts_on,ends_on,plan"


@pytest.fixture
def acme(db):
    return factories.customer(external_id="c1", name="Acme")


def test_an_empty_cell_leaves_a_field_and_a_dash_clears_it(tmp_path):
    header = "external_id,name,industry,started_on"
    run_import(tmp_path, "customers", csv_text(header, "c1,Acme,Retail,2025-01-01"))
    run_import(tmp_path, "customers", csv_text(header, "c1,,,"))
    run_import(tmp_path, "customers", csv_text("name,external_id", "Acme Ltd,c1"))
    acme = Customer.objects.get()
    assert (acme.name, acme.industry, acme.started_on) == ("Acme Ltd", "Retail", dt.date(2025, 1, 1))
    run_import(tmp_path, "customers", csv_text(header, "c1,,-,-"))
    acme = Customer.objects.get()
    assert (acme.name, acme.industry, acme.started_on) == ("Acme Ltd", "", None)
    refused = run_import(tmp_path, "customers", csv_text(header, "c1,-,,"))
    assert "cannot be cleared" in refused.err


def test_an_empty_end_and_an_empty_owner_clear(tmp_path, acme, analyst):
    run_import(tmp_path, "subscriptions", csv_text(SUBS, "s1,c1,Core,10,2025-01-01,2025-06-01,"))
    run_import(tmp_path, "subscriptions", csv_text(SUBS, "s1,c1,Core,10,2025-01-01,,"))
    assert Subscription.objects.get().ends_on is None
    run_import(
        tmp_path, "contacts", csv_text("customer_external_id,email,active_until", "c1,a@b.co,2026-01-01")
    )
    run_import(tmp_path, "contacts", csv_text("customer_external_id,email,active_until", "c1,A@b.co,"))
    assert Contact.objects.get().active_until is None
    run_import(tmp_path, "customers", csv_text("external_id,name,owner_email", f"c1,Acme,{analyst.email}"))
    assert Customer.objects.get().owner == analyst
    run_import(tmp_path, "customers", csv_text("external_id,name,owner_email", "c1,Acme,"))
    assert Customer.objects.get().owner is None


def test_a_field_edited_by_hand_is_kept_and_listed_unless_the_file_wins(tmp_path, manager):
    content = csv_text("external_id,name,industry", "c1,Acme,Retail")
    run_import(tmp_path, "customers", content)
    customer_update(actor=manager, customer=Customer.objects.get(), changes={"industry": "Health"})
    kept = run_import(tmp_path, "customers", content)
    assert kept.counts() == (0, 0, 1, 0) and "line 2 industry" in kept.out
    assert Customer.objects.get().industry == "Health"
    won = run_import(tmp_path, "customers", content, "--file-wins")
    assert won.counts() == (0, 1, 0, 0)
    assert (Customer.objects.get().industry, Customer.objects.get().hand_edited) == ("Retail", [])


def test_an_owner_chosen_by_hand_is_kept(tmp_path, manager, analyst):
    run_import(tmp_path, "customers", csv_text("external_id,name,owner_email", f"c1,Acme,{analyst.email}"))
    customer_update(actor=manager, customer=Customer.objects.get(), changes={"owner": manager})
    again = run_import(
        tmp_path, "customers", csv_text("external_id,name,owner_email", f"c1,Acme,{analyst.email}")
    )
    assert Customer.objects.get().owner == manager and "line 2 owner" in again.out


def test_an_unknown_owner_is_listed_and_assigned_when_that_person_joins(tmp_path):
    content = csv_text("external_id,name,owner_email", "c1,Acme,new@zelo.test")
    done = run_import(tmp_path, "customers", content)
    assert done.code == 0 and "new@zelo.test" in done.out
    acme = Customer.objects.get()
    assert (acme.owner, acme.wanted_owner_email) == (None, "new@zelo.test")
    person = factories.user(email="new@zelo.test")
    hand_overs.hear_people_joined([Event(kind="person.joined", payload={"user_id": person.pk})])
    assert hand_overs.work() == 1
    assert Customer.objects.get().owner == person
    assert run_import(tmp_path, "customers", content).counts() == (0, 0, 1, 0)


def test_overlaps_are_judged_over_the_whole_file(tmp_path, acme):
    run_import(tmp_path, "subscriptions", csv_text(SUBS, "s1,c1,Core,10,2025-01-01,,"))
    # the later span stands before the row that ends the earlier one
    good = csv_text(SUBS, "s1,c1,Core,20,2025-06-01,,", "s1,c1,Core,10,2025-01-01,2025-06-01,")
    assert run_import(tmp_path, "subscriptions", good).counts() == (1, 1, 0, 0)
    bad = csv_text(SUBS, "s1,c1,Core,5,2025-03-01,2025-04-01,", "s1,c1,Core,5,2025-04-01,2025-04-01,")
    done = run_import(tmp_path, "subscriptions", bad)
    assert done.counts() == (1, 0, 0, 1) and "overlaps" in done.err  # the empty span is kept
    assert Subscription.objects.count() == 3


def test_of_two_overlapping_rows_the_later_line_is_rejected(tmp_path, acme):
    content = csv_text(SUBS, "s1,c1,Core,10,2025-06-01,,", "s1,c1,Core,20,2025-01-01,,")
    done = run_import(tmp_path, "subscriptions", content)
    assert done.counts() == (1, 0, 0, 1) and done.err.startswith("line 3, starts_on: ")
    assert Subscription.objects.get().starts_on == dt.date(2025, 6, 1)


def test_a_refused_row_leaves_what_was_there_and_that_is_judged_too():
    day = dt.date(2025, 1, 1)
    months = [day.replace(month=month) for month in range(1, 7)]
    known = [Span(months[0], months[2]), Span(months[3], None)]
    wanted = [Span(months[0], months[4], line=2), Span(months[3], None, line=3)]
    assert set(judge(known, wanted)) == {months[3], months[0]}


def test_a_corrected_fact_keeps_its_earlier_version(tmp_path, acme):
    run_import(tmp_path, "subscriptions", csv_text(SUBS, "s1,c1,Core,10,2025-01-01,,"))
    run_import(tmp_path, "subscriptions", csv_text(SUBS, "s1,c1,Core,12,2025-01-01,,"))
    version = FactVersion.objects.get()
    assert (version.values["mrr_cents"], version.customer_id) == (1000, acme.pk)
    assert Subscription.objects.get().recorded_at == version.superseded_at


def test_links_to_later_rows_are_made_and_circles_refused(tmp_path):
    header = "external_id,name,parent_external_id,referred_by_external_id"
    done = run_import(
        tmp_path,
        "customers",
        csv_text(header, "c1,A,c2,c3", "c2,B,c3,", "c3,C,c1,", "c4,D,c4,", "c5,E,nobody,"),
    )
    assert done.counts() == (2, 0, 0, 3), done.err
    assert [line.split(":")[0] for line in done.err.splitlines()] == [
        f"line {n}, parent_external_id" for n in (4, 5, 6)
    ]
    assert "c3" in done.out  # its row was rejected, so the link to it could not be made
    assert Customer.objects.get(parent__external_id="c2").external_id == "c1"


def test_a_circle_is_found_over_what_is_there():
    assert circles({"b": "c"}, [("c", "b")]) == {"c"}
    assert circles({"b": "c"}, [("c", "b"), ("b", "a")]) == set()


def test_equal_rows_stay_several_and_the_same_file_changes_nothing(tmp_path, acme):
    rows = ["c1,nps,9,2025-01-01T10:00:00Z"] * 3
    content = csv_text("customer_external_id,survey,score,answered_at", *rows)
    assert run_import(tmp_path, "responses", content).counts() == (3, 0, 0, 0)
    shuffled = csv_text(
        "score,answered_at,survey,customer_external_id", *["9,2025-01-01T07:00:00-03:00,nps,c1"] * 3
    )
    assert run_import(tmp_path, "responses", shuffled).counts() == (0, 0, 3, 0)
    assert Response.objects.count() == 3


def test_rows_of_one_key_are_laid_over_each_other_in_the_order_of_the_file(tmp_path, acme):
    content = csv_text("external_id,customer_external_id,amount,paid_on", "p1,c1,10,2025-01-01", "p1,c1,20,")
    done = run_import(tmp_path, "payments", content)
    assert done.counts() == (1, 0, 1, 0) and "2 by 3" in done.out
    assert Payment.objects.values_list("amount_cents", "paid_on").get() == (2000, dt.date(2025, 1, 1))
    assert run_import(tmp_path, "payments", content).counts() == (0, 0, 2, 0)


def test_a_usage_event_sent_again_corrected_replaces_the_first(tmp_path, acme):
    header = "customer_external_id,occurred_at,event,count,message_id"
    run_import(tmp_path, "usage", csv_text(header, "c1,2025-01-01T10:00:00Z,login,1,m1"))
    again = run_import(tmp_path, "usage", csv_text(header, "c1,2025-01-01T10:00:00Z,login,3,m1"))
    assert again.counts() == (0, 1, 0, 0) and UsageEvent.objects.get().count == 3


def test_a_usage_event_falls_on_the_workspaces_day(tmp_path, acme):
    header = "customer_external_id,occurred_at,event"
    run_import(tmp_path, "usage", csv_text(header, "c1,2025-01-02T02:00:00Z,a", "c1,2025-01-02,b"))
    assert dict(UsageEvent.objects.values_list("event", "day")) == {
        "a": dt.date(2025, 1, 1),
        "b": dt.date(2025, 1, 2),
    }


def test_attributes_are_typed_and_unknown_ones_reported(tmp_path):
    AttributeDefinition.objects.create(key="size", label="Size", kind="number")
    AttributeDefinition.objects.create(key="tier", label="Tier", kind="choice", choices=["A", "B"])
    header = "external_id;name;attr:size;attr:tier;attr:other"
    good = run_import(tmp_path, "customers", f"{header}\nc1;Acme;1.234,5;a;x\n")
    assert good.code == 0 and "attr:other" in good.out
    assert Customer.objects.get().attributes == {"size": "1234.5", "tier": "A"}
    bad = run_import(tmp_path, "customers", f"{header}\nc1;Acme;many;;x\nc1;Acme;;C;\n")
    assert [line.split(":")[0:2] for line in bad.err.splitlines()] == [
        ["line 2, attr", "size"],
        ["line 3, attr", "tier"],
    ]
    run_import(tmp_path, "customers", f"{header}\nc1;Acme;-;;\n")
    assert Customer.objects.get().attributes == {"tier": "A"}


def test_segment_and_tags_become_history_and_audit(tmp_path):
    header = "external_id,name,started_on,segment,tags"
    run_import(tmp_path, "customers", csv_text(header, "c1,Acme,2025-01-01,mid,a"))
    run_import(tmp_path, "customers", csv_text(header, "c1,Acme,,high_value,b"))
    rows = CustomerHistory.objects.filter(superseded_at__isnull=True).order_by("field", "valid_from")
    assert [(row.field, row.valid_from, row.value) for row in rows] == [
        ("segment", dt.date(2025, 1, 1), "mid"),
        ("segment", time.today(), "high_value"),
        ("tag", dt.date(2025, 1, 1), "a"),
        ("tag", time.today(), "b"),
    ]
    entry = AuditEntry.objects.get(action="customer.updated")
    assert {value.field: (value.before, value.after) for value in entry.values.all()} == {
        "segment": ("mid", "high_value"),
        "tags": ("a", "b"),
    }


def test_facts_of_days_that_are_done_make_them_stale(tmp_path, acme):
    Night.objects.create(day=dt.date(2025, 6, 30), state="done")
    run_import(tmp_path, "subscriptions", csv_text(SUBS, "s1,c1,Core,10,2025-03-01,,"))
    run_import(tmp_path, "usage", csv_text("customer_external_id,occurred_at,event", "c1,2025-02-01,a"))
    assert sorted(StaleSpan.objects.values_list("customer_id", "first")) == [
        (acme.pk, dt.date(2025, 2, 1)),
        (acme.pk, dt.date(2025, 3, 1)),
    ]


def test_facts_of_a_merged_customer_go_to_the_one_it_was_merged_into(tmp_path, acme):
    factories.customer(external_id="old", archived_at=time.now(), merged_into=acme)
    run_import(tmp_path, "payments", csv_text("external_id,customer_external_id,amount", "p1,old,10"))
    assert Payment.objects.get().customer == acme
