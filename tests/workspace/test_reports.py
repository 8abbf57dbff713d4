"""The reports: what changed first, then the figures; by mail once, in the reader's language, with charts inside."""

import datetime as dt

import pytest
from django.core import mail as outgoing
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User, Workspace
from accounts.services.people import profile_update
from config import pipeline
from core import mail as letters
from core.letters import Letter, Never
from core.models import OutgoingMail
from metrics.models import BoardFigure, Night, SentReport, SuddenChange, Target
from metrics.services.board import SUGGESTED
from tests import factories
from tests.nights import run
from tests.queries import queries_of
from workspace.reports import sending
from workspace.reports.charts import png, svg
from workspace.reports.letter import ReportWriter, key_of
from workspace.reports.report import Report
from workspace.reports.spans import newest, span_of

FIRST = dt.date(2024, 1, 1)
LAST = dt.date(2024, 3, 31)  # a Sunday, and the last day of a month
AT = dt.datetime(2024, 4, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def company(db, monkeypatch, analyst):
    """A quarter in which one customer grows in March and one goes; the analyst wants both reports."""
    monkeypatch.setattr(timezone, "now", lambda: AT)
    grows = factories.customer(started_on=FIRST, owner=analyst)
    factories.subscription(grows, starts_on=FIRST, ends_on=dt.date(2024, 3, 10), mrr_cents=100_000)
    factories.subscription(grows, starts_on=dt.date(2024, 3, 10), mrr_cents=150_000)
    goes = factories.customer(started_on=FIRST)
    factories.subscription(goes, starts_on=FIRST, ends_on=dt.date(2024, 3, 28), mrr_cents=30_000)
    run(FIRST, LAST)
    pipeline.finish(["telling"])
    return profile_update(actor=analyst, person=analyst, reports="both")


def send() -> list:
    outgoing.outbox.clear()
    pipeline.finish(["reports", "mails"])
    return list(outgoing.outbox)


def march(user) -> Report:
    return Report(user, "month", span_of("month", LAST))


def test_the_report_says_first_what_changed_for_most(company):
    Target.objects.create(key="mrr", due_on=LAST, value=2_000)
    Target.objects.create(key="active_customers", due_on=dt.date(2024, 12, 31), value=1)
    SuddenChange.objects.create(
        key="mrr", day=LAST, value=150_000, before=180_000, centre=0, deviation=5, worth=0.2, worth_of="mrr"
    )
    report = march(company)
    assert [line.figure.key for line in report.lines] == list(SUGGESTED)
    changed = [line.figure.key for line in report.changes]
    assert len(changed) == 3
    assert changed[0] == "mrr_expansion", "R$ 500, a third of the MRR; the MRR itself rose by 200"
    assert [line.figure.key for line in report.missed] == ["mrr"]
    assert [change.value for change in report.sudden] == ["R$\xa01,500"]
    mrr = next(line for line in report.lines if line.figure.key == "mrr")
    assert (mrr.value, mrr.before, mrr.target) == ("R$\xa01,500", "R$\xa01,300", "R$\xa02,000")
    assert not report.is_calm


def test_a_target_is_missed_once_it_is_due_and_not_before(company):
    figures = ("mrr", "active_customers", "arpa", "customer_retention_rate")
    for position, key in enumerate(figures):
        BoardFigure.objects.create(user=company, key=key, position=position)
    Target.objects.create(key="mrr", due_on=dt.date(2024, 3, 20), value=2_000)
    Target.objects.create(key="active_customers", due_on=dt.date(2024, 6, 30), value=9)
    Target.objects.create(key="arpa", due_on=LAST, value=2_000, ended_on=dt.date(2024, 3, 25))
    Target.objects.create(key="customer_retention_rate", due_on=LAST, value="0.4")
    report = march(company)
    assert [line.figure.key for line in report.missed] == ["mrr"], "due inside the month, and R$ 1,800 then"
    lines = {line.figure.key: line for line in report.lines}
    assert lines["active_customers"].target == "9", "behind, but there is time left"
    assert lines["arpa"].target == "", "given up"


def test_a_report_without_changes_says_so(company):
    BoardFigure.objects.create(user=company, key="mrr_new", position=0)
    assert march(company).is_calm


def test_who_sees_own_customers_only_gets_a_report_of_those(company):
    Target.objects.create(key="mrr", due_on=LAST, value=2_000)
    Workspace.objects.update(restrict_visibility=True)
    report = march(company)
    assert report.own_only
    assert not report.missed
    lines = {line.figure.key: line.value for line in report.lines}
    assert lines["active_customers"] == "1"


def test_both_reports_leave_once_the_morning_after(company):
    mails = send()
    assert len(mails) == 2
    assert {mail.to[0] for mail in mails} == {company.email}
    assert any("March 2024" in mail.subject for mail in mails)
    assert any("Week of 25 Mar to 31 Mar 2024" in mail.subject for mail in mails)
    assert send() == []
    assert SentReport.objects.count() == OutgoingMail.objects.filter(kind="report").count() == 2


def test_the_mail_carries_its_charts_and_no_script_or_stranger(company):
    mail = next(mail for mail in send() if "March" in mail.subject)
    whole = mail.message()
    assert whole.get_content_type() == "multipart/related"
    images = {part["Content-ID"]: part for part in whole.walk() if part.get_content_type() == "image/png"}
    html = next(part for part in whole.walk() if part.get_content_type() == "text/html").get_payload(
        decode=True
    )
    assert len(images) >= 5
    for cid, part in images.items():
        assert f"cid:{cid[1:-1]}".encode() in html
        assert part.get_payload(decode=True)[:8] == b"\x89PNG\r\n\x1a\n"
        assert part["Content-Disposition"].startswith("inline")
    assert b"<script" not in html
    assert b"style=" not in html
    text = mail.body
    assert text.index("What changed") < text.index("All figures of your board")
    assert "/metrics/reports/month/2024-03-01/" in text
    assert "/profile/" in text


def test_the_mail_speaks_the_readers_language(company):
    User.objects.filter(pk=company.pk).update(language="pt-br")
    letter = ReportWriter().write(OutgoingMail(key=key_of(company.pk, "month", dt.date(2024, 3, 1))))
    assert isinstance(letter, Letter)
    assert "Março" in letter.subject


@pytest.mark.parametrize(
    ("reports", "spans"),
    [("none", set()), ("weekly", {"week"}), ("monthly", {"month"}), ("both", {"week", "month"})],
)
def test_everybody_gets_what_they_chose(company, reports, spans):
    User.objects.filter(pk=company.pk).update(reports=reports)
    sending.queue_due()
    assert set(SentReport.objects.values_list("span", flat=True)) == spans
    assert not sending.due()


def test_before_the_last_night_is_told_and_checked_nothing_is_due(company):
    Night.objects.filter(day=LAST).update(checked_at=None)
    assert not sending.due()


def test_old_reports_are_not_sent_after_the_fact(company, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT + dt.timedelta(days=25))
    assert not sending.due()


def test_a_report_called_off_meanwhile_does_not_leave(company):
    sending.queue_due()
    profile_update(actor=company, person=company, reports="none")
    assert send() == []
    letter = ReportWriter().write(OutgoingMail(key=key_of(company.pk, "week", dt.date(2024, 3, 25))))
    assert letter == Never("not wanted any more")
    assert OutgoingMail.objects.filter(kind="report", error="not wanted any more").count() == 2


def test_a_mark_without_its_mail_cannot_be(company, monkeypatch):
    def killed(**_fields):
        raise RuntimeError("killed")

    monkeypatch.setattr(letters, "queue", killed)
    with pytest.raises(RuntimeError):
        sending.queue_due()
    assert not SentReport.objects.exists()


def test_the_pages_of_reports(company, login):
    client = login(company)
    newest_week = client.get("/metrics/reports/")
    assert newest_week.url == "/metrics/reports/week/2024-03-25/"
    assert client.get("/metrics/reports/?span=month").url == "/metrics/reports/month/2024-03-01/"
    page = client.get("/metrics/reports/month/2024-03-01/").content.decode()
    assert page.index("What changed") < page.index("All figures of your board")
    assert "/metrics/reports/month/2024-02-01/" in page
    for nowhere in (
        "month/2024-03-02",
        "month/2024-04-01",
        "week/2020-01-06",
        "year/2024-01-01",
        "month/2024-02-31",
    ):
        assert client.get(f"/metrics/reports/{nowhere}/").status_code == 404


def test_weeks_begin_as_the_workspace_has_set(company):
    Workspace.objects.update(week_start=6)
    assert newest("week", LAST).first == dt.date(2024, 3, 24)


def test_the_page_costs_the_same_for_a_small_and_a_full_board(company, login):
    client = login(company)
    url = "/metrics/reports/month/2024-03-01/"
    few = queries_of(client, url)
    for n, key in enumerate(["mrr", "nrr", "grr", "arpa", "arr", "mrr_new", "mrr_churn", "quick_ratio"]):
        BoardFigure.objects.create(user=company, key=key, position=n)
    assert queries_of(client, url) <= few


def test_the_choice_stands_in_the_profile(company, login):
    page = login(company).get("/profile/").content.decode()
    assert "Report of my board by mail" in page


CENTS = st.integers(-(10**12), 10**12)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.none() | CENTS, max_size=24), st.none() | CENTS)
def test_a_chart_is_drawn_of_anything_that_has_two_values(values, target):
    drawn = svg(values, target)
    known = [value for value in values if value is not None]
    assert bool(drawn) == (len(known) >= 2)
    assert drawn.count("stroke-dasharray") == (1 if drawn and target is not None else 0)


def test_a_chart_is_a_png_twice_its_size():
    image = png([1, 2, None, 4], 3)
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(image[16:20]) == 360
    assert png([None, 1]) == b""
