"""The campaign's pages: from the form over the preview to the start; and the contact budget's."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from core import time
from surveys.models import Campaign, ContactBudget
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
NEW = "/surveys/campaigns/new/"


def form(**values):
    return {
        "survey": factories.survey().pk,
        "name": "Spring",
        "audience": "v:all",
        "when": "once",
        "daily_share": "20",
        "every_months": "3",
        "days_before": "60",
        "reminders": "1",
        "reminder_days": "4",
        **values,
    }


def test_a_campaign_is_saved_as_a_draft_and_shows_who_gets_it(login, manager):
    gets = factories.contact(name="Rui Melo")
    out = factories.contact(name="Eva Pinto", opted_out=True)
    page = login(manager).post(NEW, form(), follow=True)
    assert Campaign.objects.get().state == "draft"
    text = page.content.decode()
    assert gets.name in text
    assert out.name in text
    assert "Gets it" in text
    assert "Opted out" in text
    only = (
        login(manager).get(f"/surveys/campaigns/{Campaign.objects.get().pk}/?only=opted_out").content.decode()
    )
    assert gets.name not in only
    assert out.name in only


def test_filters_of_the_portfolio_come_along(login, manager):
    factories.contact(factories.customer(segment="mid"), name="Rui Melo")
    factories.contact(factories.customer(segment="volume"), name="Eva Pinto")
    client = login(manager)
    shown = client.get(f"{NEW}?audience=segment%3Dmid%26sort%3Dmrr").content.decode()
    assert 'value="?segment=mid&amp;sort=mrr"' in shown
    page = client.post(
        f"{NEW}?audience=segment%3Dmid%26sort%3Dmrr", form(audience="?segment=mid&sort=mrr"), follow=True
    )
    assert Campaign.objects.get().audience == {"segment": ["mid"]}
    assert b"Rui Melo" in page.content
    assert b"Eva Pinto" not in page.content
    edit = client.get(f"/surveys/campaigns/{Campaign.objects.get().pk}/edit/").content.decode()
    assert '<option value="?segment=mid" selected>' in edit


def test_wrong_input_keeps_what_was_typed_and_says_how_to_mend_it(login, manager):
    page = login(manager).post(NEW, form(daily_share="0", name=""))
    assert page.status_code == 422
    assert Campaign.objects.count() == 0
    assert b"This field is required" in page.content


def test_it_is_started_paused_and_stopped_by_buttons(login, manager):
    one, client = factories.campaign(), login(manager)
    for button, state in (
        ("start", "running"),
        ("pause", "paused"),
        ("start", "running"),
        ("stop", "stopped"),
    ):
        client.post(f"/surveys/campaigns/{one.pk}/{button}/")
        one.refresh_from_db()
        assert one.state == state
    page = client.post(f"/surveys/campaigns/{one.pk}/start/", follow=True)
    assert b"Make a new one instead" in page.content
    assert client.get(f"/surveys/campaigns/{one.pk}/edit/").status_code == 404


def test_the_preview_costs_the_same_for_few_and_many(login, manager):
    one = factories.campaign()

    def add(n: int) -> None:
        for _ in range(n):
            factories.contact_mail(counted_at=time.now() - dt.timedelta(days=3))

    assert_constant_queries(login(manager), f"/surveys/campaigns/{one.pk}/", add)


def test_the_list_costs_the_same_for_few_and_many(login, manager):
    def add(n: int) -> None:
        for _ in range(n):
            factories.campaign()

    assert_constant_queries(login(manager), "/surveys/campaigns/", add)


def budget(**values):
    fields = {
        field.name: getattr(ContactBudget(), field.name)
        for field in ContactBudget._meta.fields
        if field.name not in {"id", "updated_at"}
    }
    return {**fields, **values}


def test_the_budget_is_previewed_before_it_is_saved(login, admin):
    person = factories.contact()
    for days in (40, 10):
        factories.contact_mail(person, counted_at=time.now() - dt.timedelta(days=days))
    client = login(admin)
    page = client.post("/settings/contact-budget/", budget(nps_days=20, preview="1")).content.decode()
    assert ContactBudget.get().nps_days == 90
    row = page[page.index("Asked NPS too recently") :][:300]
    assert row.index(">2<") < row.index(">0<") < row.index(">1<"), (
        "two mails, none held by 20 days, one by 90"
    )
    client.post("/settings/contact-budget/", budget(nps_days=20))
    assert ContactBudget.get().nps_days == 20
    assert AuditEntry.objects.filter(action="budget.updated").exists()


@pytest.mark.parametrize("wrong", [{"nps_days": "0"}, {"event_days": "31"}, {"playbook_a_day": "x"}])
def test_the_budget_refuses_what_makes_no_sense(login, admin, wrong):
    assert login(admin).post("/settings/contact-budget/", budget(**wrong)).status_code == 422


def test_an_empty_number_sets_no_limit(login, admin):
    login(admin).post("/settings/contact-budget/", budget(nps_days=""))
    assert ContactBudget.get().nps_days is None
