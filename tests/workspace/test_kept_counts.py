"""What is kept of counts and figures: seen anew after a change, unless counting takes long."""

import pytest

from customers.services.customer import customer_create
from tests.workspace.portfolio_data import customer
from workspace.portfolio import counts
from workspace.portfolio.desk import Desk

pytestmark = pytest.mark.django_db


def everybody(manager) -> int:
    desk = Desk(manager)
    return desk.totals(desk.scope())["all"].customers


def test_a_change_is_counted_at_once_where_counting_is_quick(manager):
    customer(name="One")
    assert everybody(manager) == 1
    customer_create(actor=manager, name="Two")
    assert everybody(manager) == 2


def test_what_takes_long_to_count_is_told_as_it_was_within_the_minute(manager, monkeypatch):
    monkeypatch.setattr(counts, "DEAR_SECONDS", -1)
    customer(name="One")
    assert everybody(manager) == 1
    customer_create(actor=manager, name="Two")
    assert everybody(manager) == 1
