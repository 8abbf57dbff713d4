"""A rule says before it is saved whom it would tell of."""

import datetime as dt

import pytest
from django.urls import reverse

from core import time
from metrics.models import Night
from playbooks.alerts.preview import hits
from playbooks.models import Alert, AlertRule
from tests import factories
from tests.workspace.portfolio_data import figures

pytestmark = pytest.mark.django_db


def test_a_preview_counts_and_keeps_nothing(login, admin):
    night = time.today() - dt.timedelta(days=1)
    Night.objects.create(day=night, state="done")
    full, half = factories.customer(), factories.customer()
    figures(full, night, mrr=50_000, seats=10, active=10)
    figures(half, night, mrr=30_000, seats=10, active=5)
    before = list(AlertRule.objects.order_by("pk").values())
    assert hits(AlertRule(kind="seats_full", amount=60), night) == (1, 50_000)
    assert hits(AlertRule(kind="seats_full", amount=40), night) == (2, 80_000)
    rule = AlertRule.objects.get(kind="seats_full")
    rule.amount = 50
    assert hits(rule, night) == (2, 80_000)
    assert list(AlertRule.objects.order_by("pk").values()) == before and not Alert.objects.exists()
    url = reverse("alert_rule", args=[rule.pk])
    page = login(admin).post(url, {"amount": "60", "active": "on", "do": "preview"}).content.decode()
    assert "Now it would tell of 1 customer" in page
