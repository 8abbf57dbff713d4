"""Webhooks hear of alerts and answers: each once, thin, from the day they were set up."""

import datetime as dt

import pytest

from accounts.models import Webhook, WebhookMessage
from accounts.services.webhooks import webhook_create
from accounts.webhooks import types
from config import pipeline
from core import time
from playbooks.models import Alert, AlertRule
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def webhook(admin) -> Webhook:
    kinds = ["alert.opened", "alert.ended", "response.received"]
    row, _secret = webhook_create(actor=admin, url="https://1.1.1.1/hook", types_wanted=kinds)
    Webhook.objects.update(created_at=time.now() - 5 * HOUR)
    return row


def told() -> list[tuple[str, str, dict]]:
    pipeline.finish(["happenings"])
    return list(WebhookMessage.objects.order_by("type", "pk").values_list("type", "message_id", "data"))


def test_alerts_and_answers_are_told_once_and_thin(webhook):
    customer = factories.customer(name="Padaria Sol")
    alert = Alert.objects.create(
        rule=AlertRule.objects.order_by("pk")[0], customer=customer, scope="customer", subject_id=customer.pk,
        since=time.today(), seen_on=time.today(), label="Ana",
    )  # fmt: skip
    answer = factories.response(customer, survey="nps", score=3, comment="Too slow")
    assert pipeline.WORK["happenings"].due()
    of = {"id": alert.pk, "customer_id": customer.pk, "rule": alert.rule_id, "scope": "customer"}
    said = {"id": answer.pk, "customer_id": customer.pk, "survey": "nps"}
    wanted = [
        ("alert.opened", f"msg_alert.opened_{alert.pk}", of),
        ("response.received", f"msg_response.received_{answer.pk}", said),
    ]  # fmt: skip
    assert told() == told() == wanted
    Alert.objects.update(ended_at=time.now(), ended_on=time.today())
    assert told() == [("alert.ended", f"msg_alert.ended_{alert.pk}", of), *wanted]
    assert not pipeline.WORK["happenings"].due()


def test_what_a_machine_pressed_and_what_was_before_is_not_told(webhook):
    customer = factories.customer()
    factories.response(customer, held=True)
    factories.response(customer, recorded_at=time.now() - 6 * HOUR)
    assert told() == []


def test_who_asked_for_nothing_of_it_costs_no_look_at_the_rows(admin, django_assert_num_queries):
    webhook_create(actor=admin, url="https://1.1.1.1/hook", types_wanted=["customer.created"])
    with django_assert_num_queries(1):
        assert not pipeline.WORK["happenings"].due()


def test_every_kind_there_is_can_be_chosen():
    assert {"alert.opened", "alert.ended", "response.received", "run.started", "health.band"} <= set(
        types.known()
    )
