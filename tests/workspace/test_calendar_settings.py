"""Settings that move figures: their effect is shown before anything is saved."""

import datetime as dt
import html
import re

import pytest

from accounts.models import AuditEntry, Workspace
from customers.models import DayOff, WorkingHours
from customers.services.working import working_hours_update
from customers.working import Working, working, workspace_calendar
from metrics.kpis import kpis
from metrics.models import StaleSpan
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

SETTINGS = {
    "name": "Caixa Clara",
    "grace_days": "0",
    "renewal_grace_days": "30",
    "gross_margin": "100",
    "fiscal_year_start": "1",
    "week_start": "0",
}
ROWS = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"}
DAY = dt.timedelta(days=1)
TODAY = dt.date(2024, 4, 10)


def week(**changed):
    hours = {f"{end}{n}": clock for n in range(5) for end, clock in (("from", "09:00"), ("to", "18:00"))}
    return {**ROWS, **hours, "is_set": "on", "country": "BR", "optional": ["Carnival"], **changed}


def seen_in(response) -> str:
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', response.content.decode())
    return html.unescape(seen)


def test_workspace_settings_are_saved_and_audited(admin, login):
    client = login(admin)
    data = {**SETTINGS, "restrict_visibility": "on", "grace_days": "15", "gross_margin": "72.50"}
    assert client.post("/settings/workspace/", data).status_code == 302  # no night yet, so no figure can move
    entry = AuditEntry.objects.get(action="workspace.updated")
    assert set(entry.changed_fields) == {"name", "restrict_visibility", "grace_days", "gross_margin"}
    for field, wrong, said in (
        ("grace_days", "4000", b"At most 365 days"),
        ("renewal_grace_days", "181", b"At most 180 days"),
        ("gross_margin", "0", b"A percentage above 0, at most 100"),
        ("gross_margin", "110", b"A percentage above 0, at most 100"),
        ("fiscal_year_start", "13", b"fiscal_year_start"),
    ):
        response = client.post("/settings/workspace/", {**data, field: wrong})
        assert response.status_code == 422
        assert said in response.content


def test_other_grace_days_show_how_many_days_are_restated_and_what_figures_become(admin, login):
    gone = factories.customer()
    stays = factories.customer()
    factories.subscription(stays, starts_on=TODAY - 500 * DAY, mrr_cents=30_000)
    factories.subscription(
        gone, starts_on=TODAY - 500 * DAY, ends_on=TODAY.replace(day=1) - 5 * DAY, mrr_cents=10_000
    )
    run(TODAY - DAY)
    client = login(admin)
    response = client.post("/settings/workspace/", {**SETTINGS, "grace_days": "20"})
    text = response.content.decode()
    assert response.status_code == 200 and "for 1 customers" in text and "50.0%" in text and "0.0%" in text
    assert Workspace.get().grace_days == 0 and not StaleSpan.objects.exists()
    saved = client.post("/settings/workspace/", {**SETTINGS, "grace_days": "20", "seen": seen_in(response)})
    assert saved.status_code == 302 and Workspace.get().grace_days == 20


def test_an_effect_that_was_seen_for_another_value_is_shown_again(admin, login):
    factories.subscription(factories.customer(), starts_on=TODAY - 500 * DAY, mrr_cents=30_000)
    run(TODAY - DAY)
    client = login(admin)
    shown = client.post("/settings/workspace/", {**SETTINGS, "gross_margin": "80"})
    again = client.post("/settings/workspace/", {**SETTINGS, "gross_margin": "70", "seen": seen_in(shown)})
    assert again.status_code == 200 and Workspace.get().gross_margin == 100
    assert "Gross margin 100.00% → 70.00%" in again.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"renewal_grace_days": "60"}, "Renewal rate"),
        ({"fiscal_year_start": "4"}, "Fiscal year"),
        ({"week_start": "6"}, "The last finished one is"),
    ],
)
def test_each_setting_says_what_it_would_change(admin, login, changed, said):
    factories.subscription(factories.customer(), starts_on=TODAY - 500 * DAY, mrr_cents=30_000)
    run(TODAY - DAY)
    client = login(admin)
    response = client.post("/settings/workspace/", {**SETTINGS, **changed})
    assert response.status_code == 200 and said in response.content.decode()
    done = client.post("/settings/workspace/", {**SETTINGS, **changed, "seen": seen_in(response)})
    assert done.status_code == 302
    ((name, value),) = changed.items()
    assert str(getattr(Workspace.get(), name)) == value


def test_working_hours_are_saved_with_holidays_and_days_off(admin, login):
    client = login(admin)
    data = week(**{"form-0-day": "2026-12-28", "form-0-name": "Recesso", "subdivision": "SP"})
    assert client.post("/settings/working-hours/", data).status_code == 302
    saved = working()
    assert saved.is_set and saved.subdivision == "SP" and saved.optional == ("Carnival",)
    calendar = saved.calendar()
    assert not calendar.is_working_day(dt.date(2026, 12, 28))
    assert not calendar.is_working_day(dt.date(2026, 2, 17))
    assert calendar.is_working_day(dt.date(2026, 6, 4))  # Corpus Christi was not chosen
    entry = AuditEntry.objects.get(action="working_hours.updated")
    assert "own_days" in entry.changed_fields
    data["form-0-day"] = data["form-0-name"] = ""
    client.post("/settings/working-hours/", data)
    assert not DayOff.objects.exists()
    page = client.get("/settings/working-hours/").content.decode()
    assert 'value="09:00"' in page and "Carnival" in page


def test_other_hours_show_what_support_times_become_before_they_are_saved(admin, login):
    opened = dt.datetime.combine(TODAY - 10 * DAY, dt.time(12), tzinfo=dt.UTC)
    factories.ticket(
        factories.customer(), opened_at=opened, first_response_at=opened + DAY, solved_at=opened + 3 * DAY
    )
    run(TODAY - DAY)
    client = login(admin)
    shown = client.post("/settings/working-hours/", week())
    assert shown.status_code == 200 and not WorkingHours.objects.exists()
    assert "Time to first reply, business hours" in shown.content.decode()
    assert client.post("/settings/working-hours/", {**week(), "seen": seen_in(shown)}).status_code == 302
    assert workspace_calendar() is not None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"to0": ""}, "Give both times, or neither."),
        ({"to0": "08:00"}, "Hours end after they start: 09:00–08:00."),
        ({"from0_2": "17:00", "to0_2": "19:00"}, "must not overlap"),
        ({f"{end}{n}": "" for n in range(5) for end in ("from", "to")}, "Open on at least one day"),
        ({"form-0-day": "2026-12-28"}, "Say what this day is."),
        ({"form-0-name": "Recesso"}, "Say which day that is"),
        (
            {"form-0-day": "2026-12-28", "form-0-name": "A", "form-1-day": "2026-12-28", "form-1-name": "B"},
            "stands here twice",
        ),
        ({"country": "QQ"}, "QQ"),
    ],
)
def test_what_is_wrong_with_working_hours_is_said_and_nothing_is_saved(admin, login, changed, said):
    response = login(admin).post("/settings/working-hours/", week(**changed))
    assert response.status_code == 422 and said in response.content.decode()
    assert not WorkingHours.objects.exists()


def test_another_country_shows_its_states_and_holidays_and_saves_nothing(admin, login):
    response = login(admin).post(
        "/settings/working-hours/", week(country="PT", subdivision="SP", do="country")
    )
    text = response.content.decode()
    assert response.status_code == 200 and "Lisboa" in text and not WorkingHours.objects.exists()


def test_there_is_one_row_of_working_hours_and_a_day_off_once(admin):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingHours.objects.create(pk=2)
    DayOff.objects.create(day=dt.date(2026, 1, 2), name="Recesso")
    for fields in ({"day": dt.date(2026, 1, 2), "name": "Outro"}, {"day": dt.date(2026, 1, 3), "name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DayOff.objects.create(**fields)
    for setting in ({"fiscal_year_start": 0}, {"fiscal_year_start": 13}, {"week_start": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Workspace.objects.update_or_create(pk=1, defaults=setting)


def test_saving_the_same_hours_again_changes_nothing(admin):
    new = Working(is_set=True, own={dt.date(2026, 1, 2): "Recesso"})
    assert working_hours_update(actor=admin, new=new)
    assert not working_hours_update(actor=admin, new=new)


def test_years_and_quarters_follow_the_fiscal_year():
    Workspace.objects.update_or_create(pk=1, defaults={"fiscal_year_start": 4})
    first, end = dt.date(2024, 1, 15), dt.date(2025, 6, 1)
    years = kpis(first=first, end=end, grain="year", keys=["mrr"])["rows"]
    assert [row["from"] for row in years] == ["2024-01-15", "2024-04-01", "2025-04-01"]
    Workspace.objects.update(fiscal_year_start=2)
    quarters = kpis(first=first, end=dt.date(2024, 9, 1), grain="quarter", keys=["mrr"])["rows"]
    assert [row["from"] for row in quarters] == ["2024-01-15", "2024-02-01", "2024-05-01", "2024-08-01"]


def test_weeks_on_the_metrics_page_begin_where_the_workspace_says(admin, login):
    factories.subscription(factories.customer(), starts_on=TODAY - 60 * DAY, mrr_cents=30_000)
    run(TODAY - 20 * DAY, TODAY - DAY)
    Workspace.objects.update_or_create(pk=1, defaults={"week_start": 6})
    page = login(admin).get("/metrics/", {"grain": "week"})
    span = page.context["page"].span
    assert span.period.first.weekday() == 6 and span.period.days == 7
