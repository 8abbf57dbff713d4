"""The nightly checks hold where all is well, find what is broken, tell the admins once, and mending heals them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from config import pipeline
from core import time
from core.models import Event, OutgoingMail
from metrics import integrity, nights, verdicts
from metrics.integrity import CHECKS, Check
from metrics.models import CustomerDay, IntegrityResult, Night, NightShard, SliceDay, UsageDay, UsageRolled
from metrics.services.nights import night_repeat
from metrics.staleness import Late, mark_stale
from tests import factories
from tests.metrics import world
from tests.nights import D, run
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

AT = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2024, 2, 20)


@pytest.fixture
def company(monkeypatch):
    """All nights of a small company done, told and checked, at noon of the day after."""
    monkeypatch.setattr(timezone, "now", lambda: AT)
    world.build()
    run(world.FIRST, world.LAST)
    pipeline.finish(["telling"])


def wrong(check: Check) -> dict[dt.date, int]:
    return dict(
        IntegrityResult.objects.filter(check_name=check, failures__gt=0).values_list("day", "failures")
    )


def again(day: dt.date = DAY) -> None:
    Night.objects.filter(day=day).update(checked_at=None)
    pipeline.finish(["telling"])


def unchecked_sql(statement: str, *params) -> None:
    """Change rows behind the back of every constraint and trigger that allows it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_everything_holds_where_all_is_well(company):
    days = time.days(world.FIRST, world.LAST + D)
    for check, find in CHECKS.items():
        assert find(days) == [], check
    assert verdicts.failing() == {}
    assert not verdicts.due()
    assert IntegrityResult.objects.filter(check_name="rollup").count() == Night.objects.count()
    assert not OutgoingMail.objects.exists()


def test_a_sum_that_is_off_is_found_and_the_night_repeated_mends_it(company, admin):
    SliceDay.objects.filter(day=DAY, cut="segment", part="mid").update(closing=1, customers=99)
    again()
    assert set(wrong(Check.MOVEMENTS)) == {DAY}
    result = IntegrityResult.objects.get(check_name=Check.PARTS, day=DAY)
    assert {row["what"] for row in result.rows} >= {"customers"}
    assert {row["slice"] for row in result.rows} == {"segment"}
    assert result.failed_at == AT
    night_repeat(actor=admin, day=DAY)
    pipeline.finish(["nights", "telling"])
    assert verdicts.failing() == {}
    assert AuditEntry.objects.get(action="night.repeated").actor == admin


def test_a_customer_that_opens_with_what_it_did_not_close_is_found(company):
    row = CustomerDay.objects.filter(day=DAY).first()
    assert row is not None
    unchecked_sql(
        "UPDATE metrics_customerday SET opening_mrr_cents = opening_mrr_cents + 100, mrr_cents = mrr_cents + 100 "
        "WHERE id = %s",
        row.pk,
    )
    found = integrity.movements([DAY])
    assert [(one["customer_id"], one["what"], one["found"] - one["expected"]) for one in found] == [
        (row.customer_id, "opening", 100)
    ]
    mark_stale([Late(row.customer_id, DAY)], reason="subscription")
    assert integrity.movements([DAY]) == [], "known to be old, so it says nothing"


def test_a_roll_up_that_is_not_what_its_events_say_is_found_and_mended(company, admin):
    rolled = UsageDay.objects.filter(day=DAY).first()
    assert rolled is not None
    UsageDay.objects.filter(pk=rolled.pk).update(events=rolled.events + 7)
    again()
    result = IntegrityResult.objects.get(check_name=Check.ROLLUP, day=DAY)
    assert {(row["customer_id"], row["found"] - row["expected"]) for row in result.rows} == {
        (rolled.customer_id, 7),
        (rolled.customer_id, -7),  # the daily row, of which the roll-up now says more
    }
    night_repeat(actor=admin, day=DAY)
    pipeline.finish(["nights", "telling"])
    assert verdicts.failing() == {}
    assert UsageRolled.objects.filter(day=DAY).exists()


def test_every_night_an_older_day_is_looked_at_again(company):
    UsageDay.objects.filter(day__lt=world.LAST - 5 * D).update(events=1000)
    again(world.LAST)
    older = integrity.older_day(world.LAST)
    assert older is not None
    assert set(wrong(Check.ROLLUP)) <= {older}
    seen = {integrity.older_day(world.LAST + n * D) for n in range(200)}
    assert len(seen) > 60


def test_the_admins_are_told_once_of_a_failure(company, admin, manager):
    other = factories.user(role="admin", language="pt-br")
    SliceDay.objects.filter(day=DAY, cut="").update(closing=1)
    again()
    again()
    mails = OutgoingMail.objects.filter(kind="integrity")
    assert set(mails.values_list("to", flat=True)) == {admin.email, other.email}
    assert mails.count() == 4, "two checks fail, each told to both once"
    mail = mails.first()
    assert mail is not None
    assert "/metrics/integrity/" in mail.body_text
    assert Event.objects.filter(kind="integrity.failed").count() == 2


def test_a_missing_night_is_found_after_six_and_told_once(company, admin, monkeypatch):
    Night.objects.filter(day=DAY).delete()
    tomorrow = AT + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow.replace(hour=7))  # four in the morning in São Paulo
    assert [row["day"] for row in verdicts.wrong_nights()] == [DAY]
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert verdicts.due()
    pipeline.finish(["telling"])
    assert wrong(Check.NIGHTS) == {world.LAST + D: 2}
    monkeypatch.setattr(timezone, "now", lambda: tomorrow + dt.timedelta(days=1))
    pipeline.finish(["telling"])
    result = IntegrityResult.objects.get(check_name=Check.NIGHTS)
    assert (result.failures, result.failed_at) == (3, tomorrow)
    assert OutgoingMail.objects.filter(kind="integrity").count() == 1


def test_a_night_that_is_being_worked_on_is_not_missing(company, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT + dt.timedelta(days=1))
    nights.open_nights()
    assert verdicts.wrong_nights() == []
    Night.objects.filter(day=world.LAST + D).update(
        failed_step="measure", error="OperationalError: disk full"
    )
    assert [row["what"] for row in verdicts.wrong_nights()] == ["measure"]


def test_a_missing_night_is_run_from_the_page(company, admin, login):
    Night.objects.filter(day=DAY).delete()
    response = login(admin).post("/metrics/integrity/night/", {"day": DAY.isoformat()}, follow=True)
    assert "computed again" in response.content.decode()
    pipeline.finish(["nights", "telling"])
    assert Night.objects.get(day=DAY).state == "done"


def test_a_night_that_failed_is_tried_again_at_once(company, admin):
    night = Night.objects.get(day=DAY)
    Night.objects.filter(pk=night.pk).update(state="running", failed_step="measure", error="disk full")
    NightShard.objects.filter(night=night).update(
        state="waiting", due_at=AT + dt.timedelta(hours=1), attempts=5
    )
    night_repeat(actor=admin, day=DAY)
    pipeline.finish(["nights"])
    assert Night.objects.get(day=DAY).state == "done"
    assert Night.objects.get(day=DAY).failed_step == ""


@pytest.mark.parametrize("day", ["2024-03-01", "2019-01-01", "not a day", "2024-02-31", ""])
def test_a_night_that_cannot_be_is_refused(company, admin, login, day):
    response = login(admin).post("/metrics/integrity/night/", {"day": day}, follow=True)
    assert response.status_code == 200
    assert "computed again" not in response.content.decode()
    with pytest.raises(ValidationError):
        night_repeat(actor=admin, day=dt.date(2024, 3, 1))


def test_the_page_shows_what_fails_since_when_and_how_to_mend_it(company, admin, manager, login):
    assert "Every check holds" in login(manager).get("/metrics/integrity/").content.decode()
    SliceDay.objects.filter(day=DAY, cut="").update(closing=1)
    again()
    page = login(admin).get("/metrics/integrity/").content.decode()
    assert "Since" in page
    assert "Repeat the night of 20 Feb 2024" in page
    assert "Repeat the night of 20 Feb 2024" not in login(manager).get("/metrics/integrity/").content.decode()


def test_the_metrics_pages_say_that_a_check_fails_to_those_who_can_do_something(
    company, manager, viewer, login
):
    SliceDay.objects.filter(day=DAY, cut="").update(closing=1)
    again()
    for url in ("/metrics/", "/metrics/mrr/"):
        assert "A nightly check of the figures fails" in login(manager).get(url).content.decode()
        assert "A nightly check" not in login(viewer).get(url).content.decode()


def test_the_api_lists_results(company, manager):
    SliceDay.objects.filter(day=DAY, cut="").update(closing=1)
    again()
    api = APIClient()
    api.force_authenticate(manager)
    rows = api.get("/api/v1/integrity/?ok=false").json()["results"]
    assert {(row["check"], row["day"], row["ok"]) for row in rows} == {
        ("movements", "2024-02-20", False),
        ("parts", "2024-02-20", False),
    }
    assert all(row["failures"] and row["rows"] for row in rows)
    assert len(api.get("/api/v1/integrity/?check=rollup&day_from=2024-02-28").json()["results"]) == 2


def test_the_page_costs_the_same_for_few_failures_and_for_many(company, admin, login):
    client = login(admin)
    SliceDay.objects.filter(day=DAY, cut="").update(closing=1)
    CustomerDay.objects.filter(day=DAY).update(events=77)
    again()
    before = queries_of(client, "/metrics/integrity/")
    SliceDay.objects.filter(cut="").update(closing=1)
    Night.objects.update(checked_at=None)
    pipeline.finish(["telling"])
    assert queries_of(client, "/metrics/integrity/") == before


@pytest.mark.parametrize(
    "fields",
    [{"day": DAY - 999 * D, "failures": 1}, {"day": DAY - 999 * D, "failed_at": AT}, {"day": DAY}],
    ids=["failures without a time", "a time without failures", "twice"],
)
def test_the_database_refuses_a_wrong_result(company, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        IntegrityResult.objects.create(check_name="parts", **fields)
