"""Admins hear when a source goes silent or bad, each finding once; old problems go."""

import datetime as dt

import pytest

from accounts.models import Token
from accounts.services.tokens import token_create
from config import pipeline, tidying
from core import time
from core.models import OutgoingMail
from ingest.connected.services import connection_set
from ingest.models import Connection, Problem, SourceNotice
from ingest.problems.noting import Odd, note_problems

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def token(admin) -> Token:
    made = token_create(
        actor=admin, name="Web app", scopes=["ingest"], expires_at=None, integration_role="manager"
    )
    return made.token


def heard(token: Token, days: float) -> None:
    Token.objects.filter(pk=token.pk).update(last_used_at=time.now() - days * DAY)


def mails() -> list[str]:
    pipeline.finish(["source digests"])
    return list(OutgoingMail.objects.order_by("pk").values_list("body_text", flat=True))


def test_a_silence_is_told_once_and_again_after_the_next_one(token, admin, analyst):
    heard(token, 1)
    assert mails() == [] and not pipeline.WORK["source digests"].due()
    heard(token, 4)
    assert len(mails()) == len(mails()) == 1
    assert "Web app" in mails()[0] and "/imports/problems/" in mails()[0]
    assert OutgoingMail.objects.get().to == admin.email
    heard(token, 3.2)
    SourceNotice.objects.update(day=time.today() - 20 * DAY)
    OutgoingMail.objects.all().delete()
    assert len(mails()) == 1


@pytest.mark.parametrize("days", [40, 400])
def test_what_is_long_gone_or_revoked_is_not_told(token, days):
    heard(token, days)
    assert mails() == []
    heard(token, 4)
    Token.objects.update(revoked_at=time.now())
    assert mails() == []


def test_a_connection_that_is_silent_is_told_too(admin):
    connection_set(actor=admin, kind="stripe", secret="whsec_0123456789abcdef", makes_customers=False)
    Connection.objects.update(last_at=time.now() - 5 * DAY)
    assert "Stripe" in mails()[0]


@pytest.mark.parametrize(
    ("code", "count", "told"),
    [
        ("event_missing", 9, False),
        ("event_missing", 10, True),
        ("bad_signature", 1, True),
        ("unknown_customer", 99, False),
    ],
)
def test_a_bad_day_is_told_the_day_after(admin, code, count, told):
    note_problems("ERP", [Odd(code, count=count)])
    assert mails() == []
    Problem.objects.update(day=time.today() - DAY)
    assert [("ERP" in text, str(count) in text) for text in mails()] == ([(True, True)] if told else [])


def test_problems_go_after_ninety_days(db):
    note_problems("ERP", [Odd("event_missing")])
    note_problems("CRM", [Odd("event_missing")])
    Problem.objects.filter(source="ERP").update(day=time.today() - 91 * DAY)
    assert tidying.due()
    tidying.tidy()
    assert [one.source for one in Problem.objects.all()] == ["CRM"]
