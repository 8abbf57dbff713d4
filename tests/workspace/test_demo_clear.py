"""The demo company goes into an empty database only, and exactly it is taken away again."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Sum

from customers.models import Customer, Subscription
from tests import factories
from workspace.demo.load import demo_load

TODAY = dt.date(2026, 11, 21)
KEPT = {"AuditEntry", "AuditValue", "ContentType", "LoopSettings", "Permission", "Workspace"}


def rows_of_everything() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_models()
        if model.__name__ not in KEPT
    }


@pytest.mark.django_db
def test_a_database_with_customers_is_refused_with_exit_2():
    factories.customer()
    with pytest.raises(CommandError) as refused:
        call_command("demo")
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_clearing_without_a_demo_is_refused_with_exit_2():
    with pytest.raises(CommandError) as refused:
        call_command("demo", "--clear")
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_clearing_takes_exactly_the_demo_away():
    person = factories.user(email="mine@own.test")
    before = rows_of_everything()
    demo_load(seed=3, today=TODAY, password="caixaclara-demo")
    mine = factories.customer(name="My own", owner=person)
    factories.subscription(mine, mrr_cents=5_000)
    call_command("demo", "--clear")
    assert list(Customer.objects.all()) == [mine]
    assert Subscription.objects.aggregate(total=Sum("mrr_cents"))["total"] == 5_000
    mine.delete()
    assert rows_of_everything() == before
