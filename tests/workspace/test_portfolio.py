"""The portfolio page: what it lists, for whom, and how it reads."""

import datetime as dt

import pytest
from django.core.cache import cache

from accounts.models import Workspace
from core import formats, time
from customers.models import Customer, CustomerHistory
from customers.services.service import touchpoint_create
from tests import factories
from tests.queries import assert_constant_queries
from tests.workspace.portfolio_data import customer, days_ago, figures, finished, names

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def test_lists_customers_by_name_without_regard_to_accents(analyst, login):
    for name in ("Zeta", "Óticas Boa Vista", "Padaria", "Álamo"):
        customer(name=name)
    assert names(login(analyst).get("/portfolio/")) == ["Álamo", "Óticas Boa Vista", "Padaria", "Zeta"]


def test_a_customer_newer_than_the_last_night_is_listed_with_unknown_figures(analyst, login):
    finished(days_ago(1))
    factories.customer(name="New one", segment="mid")
    response = login(analyst).get("/portfolio/")
    row = response.context["page"].rows[0]
    assert row.customer.at_mrr is None
    assert row.customer.at_segment == "mid"
    assert "—" in response.content.decode()


def test_archived_customers_are_left_out(analyst, login):
    customer(name="Here")
    customer(name="Gone", archived_at=time.now())
    assert names(login(analyst).get("/portfolio/")) == ["Here"]


def test_where_seeing_is_restricted_an_analyst_sees_only_their_own(analyst, manager, login):
    customer(name="Mine", owner=analyst)
    customer(name="Theirs", owner=manager)
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    seen = login(analyst).get("/portfolio/")
    assert names(seen) == ["Mine"]
    assert seen.context["page"].everybody.customers == 1
    assert names(login(manager).get("/portfolio/")) == ["Mine", "Theirs"]


def test_a_viewer_can_read_but_is_offered_no_change(viewer, login):
    customer(name="Here", owner=viewer)
    page = login(viewer).get("/portfolio/").content.decode()
    assert "Here" in page
    assert "data-bulk" not in page
    assert "Add customer" not in page
    assert "export.csv" not in page


def test_the_head_says_how_many_and_how_much(analyst, login):
    customer(name="A", mrr=500_000, segment="mid")
    customer(name="B", mrr=100_000, segment="volume")
    page = login(analyst).get("/portfolio/?segment=mid").content.decode()
    assert "2 customers, R$\xa06,000 a month." in page
    assert "This view: 1 customer, R$\xa05,000." in page


def test_the_number_of_queries_does_not_grow_with_the_rows(analyst, login):
    def add(count: int) -> None:
        for _ in range(count):
            made = customer(tags=("a", "b"), owner=factories.user(), mrr=100, touch=days_ago(3))
            figures(made, days_ago(31), mrr=50)

    client = login(analyst)
    assert_constant_queries(client, "/portfolio/?rows=60", add)


def test_choosing_columns_shows_those_and_always_the_customer(analyst, login):
    customer(name="A", mrr=500_000, seats=12)
    page = login(analyst).get("/portfolio/?cols=seats,mrr").context["page"]
    assert [column.key for column in page.portfolio.columns] == ["customer", "seats", "mrr"]


def test_htmx_gets_only_the_section_and_what_stands_outside_it(analyst, login):
    customer(name="A")
    response = login(analyst).get("/portfolio/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="customers")
    page = response.content.decode()
    assert "<html" not in page
    assert 'id="customers"' in page
    assert 'id="portfolio-sum" role="status" hx-swap-oob="true"' in page
    assert "HX-Target" in response["Vary"]


def test_an_unknown_parameter_value_is_said_and_not_in_force(analyst, login):
    customer(name="A", mrr=100)
    response = login(analyst).get("/portfolio/?mrr__min=plenty")
    assert names(response) == ["A"]
    assert "MRR needs a number, not “plenty”." in response.content.decode()


def test_an_empty_list_offers_each_way_out_with_its_count(analyst, login):
    customer(name="A", segment="mid", stage="onboarding")
    customer(name="B", segment="volume", stage="ongoing")
    customer(name="C", segment="volume", stage="ongoing")
    response = login(analyst).get("/portfolio/?segment=mid&stage=ongoing")
    ways = [(what, count) for what, _url, count in response.context["page"].ways_out]
    assert ways == [("Segment is Mid", 2), ("Stage is Ongoing", 1)]


def test_an_empty_workspace_says_how_to_begin(analyst, login):
    page = login(analyst).get("/portfolio/").content.decode()
    assert "No customers yet" in page


def test_the_bare_address_leads_to_the_checklist_while_there_are_no_customers(analyst, login):
    client = login(analyst)
    assert client.get("/").headers["Location"].endswith("/setup/")
    factories.customer()
    assert client.get("/").status_code == 200


def test_without_script_a_filter_is_set_by_a_plain_form(analyst, login):
    customer(name="A", segment="mid")
    customer(name="B", segment="volume")
    client = login(analyst)
    editor = client.get("/portfolio/?edit=segment&sort=-mrr").content.decode()
    assert '<input type="hidden" name="sort" value="-mrr">' in editor
    assert 'name="segment" value="mid"' in editor
    sent = client.get("/portfolio/?sort=-mrr&base=all&turn=not&segment=mid&turned=segment")
    assert names(sent) == ["B"]
    assert "Segment is not" in sent.content.decode()


def test_sums_of_the_tabs_follow_a_change_at_once(analyst, login):
    made = customer(name="A", owner=analyst)
    client = login(analyst)
    tabs = {tab.view.key: tab.count for tab in client.get("/portfolio/").context["page"].tabs}
    assert tabs == {"all": 1, "mine": 1, "renewing": 0, "untouched": 1, "falling": 0, "onboarding": 0}
    client.post("/portfolio/bulk/", {"id": [made.pk], "stage": "onboarding"})
    tabs = {tab.view.key: tab.count for tab in client.get("/portfolio/").context["page"].tabs}
    assert tabs["onboarding"] == 1


def test_a_past_day_shows_what_held_then(analyst, manager, login):
    day = days_ago(40)
    made = customer(name="A", segment="high_value", stage="support", owner=manager, mrr=900)
    figures(made, day, mrr=300, segment="mid", stage="onboarding", owner_id=analyst.pk)
    customer(name="Newer")
    response = login(analyst).get(f"/portfolio/?as_of={day.isoformat()}")
    page = response.context["page"]
    assert names(response) == ["A"]
    row = page.rows[0]
    assert (row.customer.at_mrr, row.customer.at_segment, row.stage_label) == (300, "mid", "Onboarding")
    assert row.owner == analyst
    text = response.content.decode()
    assert "You are looking at" in text
    assert "data-bulk" not in text
    assert f"?as_of={day.isoformat()}" in row.url


def test_filters_of_a_past_day_use_that_day(analyst, login):
    day = days_ago(40)
    moved = customer(name="Moved", segment="high_value")
    figures(moved, day, segment="volume")
    client = login(analyst)
    assert names(client.get(f"/portfolio/?segment=volume&as_of={day.isoformat()}")) == ["Moved"]
    assert names(client.get("/portfolio/?segment=volume")) == []


def test_tags_of_a_past_day_are_those_recorded_for_it(analyst, manager, login):
    day, client = days_ago(40), login(analyst)
    changed = customer(name="Changed", tags=("new",))
    unrecorded = customer(name="Unrecorded", tags=("new", "other"))
    bare = customer(name="Bare")
    for one in (changed, unrecorded, bare):
        figures(one, day)
    for value, since in (("old|two words", day - dt.timedelta(days=5)), ("new", day + dt.timedelta(days=1))):
        CustomerHistory.objects.create(customer=changed, field="tag", value=value, valid_from=since)
    CustomerHistory.objects.create(customer=bare, field="tag", value="", valid_from=day)

    def found(query: str) -> list[str]:
        return names(client.get(f"/portfolio/?as_of={day.isoformat()}&{query}"))

    shown = client.get(f"/portfolio/?as_of={day.isoformat()}").context["page"].rows
    assert {row.customer.name: row.tags for row in shown} == {
        "Changed": ["old", "two words"],
        "Unrecorded": ["new", "other"],
        "Bare": [],
    }
    assert found("tag=old") == found("tag=two+words") == ["Changed"]
    assert found("tag=new") == ["Unrecorded"], "today's, where nothing was recorded"
    assert found("tag=none") == ["Bare"]
    assert found("tag__not=old") == ["Bare", "Unrecorded"]
    assert found("tag=word") == []
    assert names(client.get("/portfolio/?tag=new")) == ["Changed", "Unrecorded"]


def test_a_past_day_says_what_is_todays(analyst, login):
    figures(customer(name="A"), days_ago(40))
    text = login(analyst).get(f"/portfolio/?as_of={days_ago(40).isoformat()}").content.decode()
    assert (
        "Segment, stage, owner, tags, industry, parent company, your own fields and figures are those" in text
    )
    assert "name and place are today" in text


def test_a_customer_archived_since_is_there_on_a_past_day(analyst, login):
    day = days_ago(40)
    gone = customer(name="Gone", archived_at=time.now())
    figures(gone, day)
    assert names(login(analyst).get(f"/portfolio/?as_of={day.isoformat()}")) == ["Gone"]


def test_a_day_before_the_first_night_is_refused_in_words(analyst, login):
    customer(name="A")
    response = login(analyst).get("/portfolio/?as_of=2001-01-01")
    assert "The first day known is" in response.content.decode()
    assert not response.context["page"].scope.past


def test_changes_over_thirty_days_compare_two_nights(analyst, login):
    made = customer(name="A", mrr=150_000, active=4)
    figures(made, days_ago(31), mrr=100_000, active=10)
    row = login(analyst).get("/portfolio/?cols=mrr_change,active").context["page"].rows[0]
    assert row.customer.at_mrr_change == 50_000
    assert row.customer.at_active_change == -6


def test_the_row_menu_offers_only_what_the_reader_may_do(analyst, login):
    customer(name="Mine", owner=analyst)
    customer(name="Not mine")
    rows = login(analyst).get("/portfolio/").context["page"].rows
    assert [(row.customer.name, row.editable) for row in rows] == [("Mine", True), ("Not mine", False)]


def test_a_customer_far_ahead_in_time_does_not_break_the_page(analyst, login):
    customer(name="A", renewal=dt.date(2199, 1, 1), started_on=dt.date(1950, 1, 1))
    assert login(analyst).get("/portfolio/?cols=renewal,started&sort=renewal").status_code == 200
    assert Customer.objects.count() == 1


def test_a_conversation_of_today_is_there_at_once_for_cell_order_and_filter(manager, login):
    called, old = customer(name="Called", touch=days_ago(90)), customer(name="Old", touch=days_ago(40))
    never = customer(name="Never")
    client = login(manager)
    assert names(client.get("/portfolio/?untouched_for=30&sort=touch")) == ["Called", "Old", "Never"]
    for one in (called, never):
        touchpoint_create(actor=manager, customer=one, kind="call", happened_at=time.now())
    page = client.get("/portfolio/?sort=-touch&cols=touch")
    assert names(page)[2] == "Old"
    assert [row.customer.at_touch for row in page.context["page"].rows[:2]] == [time.today()] * 2
    assert names(client.get("/portfolio/?untouched_for=30")) == [old.name]
    assert client.get("/api/v1/portfolio/?q=never").json()["results"][0]["last_touch_on"] == str(time.today())
    past = client.get(f"/portfolio/?q=called&cols=touch&as_of={days_ago(1)}")
    assert [row.customer.at_touch for row in past.context["page"].rows] == [days_ago(90)]


def test_the_page_says_of_when_its_figures_are(manager, login):
    client = login(manager)
    assert "Figures come with the first night" in client.get("/portfolio/").content.decode()
    customer(name="A")
    body = client.get("/portfolio/?cols=tickets,touch").content.decode()
    assert f"Figures and open tickets as of the end of {formats.day(days_ago(1))}, the last night" in body
    heads = {one.column.key: one.hint for one in client.get("/portfolio/").context["page"].headings}
    assert heads["mrr"] == f"As of the end of {formats.day(days_ago(1))}"
    assert heads["touch"] == heads["owner"] == ""
    past = client.get(f"/portfolio/?as_of={days_ago(1)}")
    assert not any(one.hint for one in past.context["page"].headings)
