"""What the demo's team writes after the nights."""

import datetime as dt

import pytest

from core import time
from playbooks.models import Escalation
from tests import factories
from tests.workspace.portfolio_data import figures
from workspace.demo.work import ESCALATIONS, _escalations

pytestmark = pytest.mark.django_db


def test_problems_go_up_and_some_are_closed_with_what_was_learned(analyst):
    night = time.today() - dt.timedelta(days=1)
    figures(factories.customer(), night, mrr=200_000)
    _escalations(night, time.today(), [analyst])
    assert Escalation.objects.count() == len(ESCALATIONS)
    assert Escalation.objects.open().count() == sum(1 for row in ESCALATIONS if not row[4])
