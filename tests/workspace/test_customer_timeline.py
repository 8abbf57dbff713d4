"""The timeline: what stands on it, in which order, page by page, up to which day."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts import audit
from core import time
from customers.models import Milestone, Note
from customers.services.customer import customer_update
from tests import factories
from tests.workspace.customer_facts import DAY, at, everything, history, night, response
from workspace.timeline import reader, registry, show
from workspace.timeline.cursor import Cursor

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 30)


def all_pages(customer, *, limit, until=TODAY, group=""):
    rows, before = [], None
    while True:
        page = reader.read(customer.pk, until=until, group=group, before=before, limit=limit)
        rows += page.rows
        if page.older is None:
            return rows
        before = Cursor.parse(str(page.older))
        assert before == page.older


def titles(customer, **kwargs):
    page = reader.read(customer.pk, until=kwargs.pop("until", TODAY), **kwargs)
    return [str(happening.entry.title) for happening in show.tell(page.rows)]


def test_every_source_speaks_and_newest_comes_first():
    customer = factories.customer()
    everything(customer, 4, until=TODAY)
    night(TODAY, customer, opening=100, mrr=300)
    rows = reader.read(customer.pk, until=TODAY, limit=500).rows
    assert {row.kind for row in rows} >= {s.key for s in registry.sources()} - {"audit", "contract_cancelled"}
    keys = [(row.day, row.at) for row in rows]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_of_any_size_show_every_entry_once_and_in_the_same_order(limit):
    customer = factories.customer()
    everything(customer, 3, until=TODAY)
    # ties: several kinds and several rows of one kind at the very same moment, also at midnight UTC
    for moment in (at(TODAY), dt.datetime(2026, 6, 29, 0, 0, tzinfo=dt.UTC)):
        for _ in range(3):
            factories.touchpoint(customer, happened_at=moment)
            factories.ticket(customer, opened_at=moment)
    whole = reader.read(customer.pk, until=TODAY, limit=1000).rows
    assert all_pages(customer, limit=limit) == whole
    assert len({(row.kind, row.ref) for row in whole}) == len(whole)


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Tokyo", "UTC"])
def test_an_entry_stands_on_its_day_in_the_workspace_whatever_its_zone(settings, zone):
    settings.TIME_ZONE = zone
    with timezone.override(zone):
        customer = factories.customer()
        factories.touchpoint(customer, happened_at=at(TODAY, 0))
        factories.touchpoint(customer, happened_at=at(TODAY, 23))
        factories.touchpoint(customer, happened_at=at(TODAY + DAY, 0))
        Milestone.objects.create(customer=customer, milestone="Live", reached_on=TODAY)
        rows = reader.read(customer.pk, until=TODAY).rows
        assert [row.day for row in rows] == [TODAY] * 3
        assert all_pages(customer, limit=1) == rows


def test_reading_a_page_takes_one_query_however_many_entries():
    customer = factories.customer()
    everything(customer, 12, until=TODAY)
    with CaptureQueriesContext(connection) as seen:
        page = reader.read(customer.pk, until=TODAY)
        show.by_day(page.rows, today=TODAY)
    assert len(page.rows) == reader.PAGE
    assert len(seen) == 1


def test_counts_agree_with_what_each_filter_shows():
    customer = factories.customer()
    everything(customer, 5, until=TODAY)
    until = TODAY - 2 * DAY
    counts = reader.counts(customer.pk, until=until)
    for group in registry.groups():
        assert counts[group.key] == len(all_pages(customer, limit=100, until=until, group=group.key)), (
            group.key
        )
    assert counts[""] == len(all_pages(customer, limit=1000, until=until))


def test_only_what_was_there_at_the_end_of_the_day_is_shown():
    customer = factories.customer()
    factories.touchpoint(customer, happened_at=at(TODAY, 23))
    factories.touchpoint(customer, happened_at=at(TODAY + DAY, 1))
    Milestone.objects.create(customer=customer, milestone="Later", reached_on=TODAY + DAY)
    factories.contact(customer, active_until=TODAY + DAY)
    assert len(reader.read(customer.pk, until=TODAY).rows) == 1


def test_another_customers_entries_and_archived_notes_stay_out():
    customer, other = factories.customer(), factories.customer()
    factories.touchpoint(other, happened_at=at(TODAY))
    Note.objects.create(customer=customer, body="gone", created_at=at(TODAY), archived_at=at(TODAY, 13))
    assert reader.read(customer.pk, until=TODAY).rows == []


def test_a_movement_names_the_money_before_and_after():
    customer = factories.customer()
    night(TODAY, customer, opening=19_600_00, mrr=18_400_00)
    [happening] = show.tell(reader.read(customer.pk, until=TODAY).rows)
    assert str(happening.entry.title) == "MRR down R$\u00a01,200"
    assert str(happening.entry.text) == "From R$\u00a019,600 to R$\u00a018,400 a month."
    assert str(happening.entry.tag) == "Contraction"
    assert happening.at is None


def test_a_change_tells_what_it_was_before_also_at_the_edge_of_a_page():
    customer = factories.customer()
    history(customer, "segment", "volume", TODAY - 2 * DAY)
    history(customer, "stage", "ongoing", TODAY - DAY)
    history(customer, "segment", "mid", TODAY, reason="Twice the seats")
    pages = [show.tell([row])[0].entry for row in all_pages(customer, limit=1)]
    assert [str(entry.title) for entry in pages] == ["Segment: Mid", "Stage: Ongoing", "Segment: Volume"]
    assert [str(entry.text) for entry in pages] == ["Was Volume. Twice the seats", "", ""]


def test_an_answer_keeps_the_customers_words_and_language():
    customer = factories.customer()
    person = factories.contact(customer, name="Sérgio Antunes")
    response(customer, TODAY, contact=person, score=5, comment="Pagamos e não funciona.", language="pt-br")
    [happening] = show.tell(reader.read(customer.pk, until=TODAY).rows)
    entry = happening.entry
    assert (str(entry.title), entry.text, entry.lang, entry.quote, str(entry.tag)) == (
        "NPS 5 from Sérgio Antunes",
        "Pagamos e não funciona.",
        "pt-br",
        True,
        "Detractor",
    )


def test_a_cursor_that_is_none_is_refused_quietly():
    for raw in ("", "x", "2026-01-01~now~touchpoint~1", "a~b~c~d~e", "2026-13-01~20260101T000000000000~t~1"):
        assert Cursor.parse(raw) is None


def test_days_are_named_as_people_say_them():
    assert show.heading(TODAY, TODAY) == "Today"
    assert show.heading(TODAY - DAY, TODAY) == "Yesterday"
    assert show.heading(dt.date(2026, 6, 19), TODAY) == "Friday, 19 June"
    assert "2025" in show.heading(dt.date(2025, 6, 19), TODAY)


def test_a_source_of_an_unknown_filter_is_refused():
    source = registry.sources()[0]
    with pytest.raises(LookupError):
        registry.register(type(source)(**{**source.__dict__, "group": "nowhere"}))


def test_days_are_named_in_the_readers_language():
    with translation.override("pt-br"):
        assert show.heading(dt.date(2026, 6, 19), TODAY) == "Sexta-feira, 19 de junho"
        assert show.heading(dt.date(2025, 6, 19), TODAY) == "Quinta-feira, 19 de junho de 2025"


def test_an_edit_of_the_customers_details_names_who_and_which_fields_and_a_new_owner_stands_once(analyst):
    customer = factories.customer(owner=analyst)
    customer_update(actor=analyst, customer=customer, changes={"city": "Betim", "name": "Vale Verde Sul"})
    customer_update(actor=analyst, customer=customer, changes={"owner": factories.user(name="Somebody Else")})
    changes = {"industry": ("", "Food"), "segment_by": ("rule", "file")}  # as an import writes it
    audit.record(
        actor=analyst,
        action="customer.updated",
        subject=customer,
        changes=changes,
        customer_id=customer.pk,
    )
    rows = reader.read(customer.pk, until=time.today(), group="change").rows
    told = [happening.entry for happening in show.tell(rows)]
    assert [(str(entry.title), str(entry.text), entry.by) for entry in told if entry.icon == "pencil"] == [
        ("Details changed", "Industry", analyst.name),
        ("Details changed", "Name, City", analyst.name),
    ]
    assert sum(str(entry.title) == "Owner: Somebody Else" for entry in told) == 1
