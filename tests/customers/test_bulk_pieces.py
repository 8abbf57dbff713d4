"""Bulk changes go piece by piece: one way back however many pieces, also when they are interrupted."""

from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.urls import reverse

from accounts.models import AuditEntry
from customers.models import Customer, Reversal
from customers.services import bulk, reversal
from customers.services.bulk import (
    BulkInterruptedError,
    customers_bulk_assign,
    customers_bulk_stage,
    customers_bulk_tag,
)
from customers.services.reversal import reversal_use
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pieces_of_two(monkeypatch):
    monkeypatch.setattr(bulk, "PIECE", 2)
    monkeypatch.setattr(reversal, "PIECE", 2)


@pytest.fixture
def five(analyst):
    return [factories.customer(stage="onboarding", owner=analyst) for _n in range(5)]


@contextmanager
def database_failing_at(statement: str, time: int):
    """Let the database fail at the nth statement that begins so."""
    seen = 0

    def run(execute, sql, params, many, context):
        nonlocal seen
        seen += sql.startswith(statement)
        if seen == time and sql.startswith(statement):
            raise OperationalError("disk I/O error")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(run):
        yield


def stages() -> list[str]:
    return list(Customer.objects.order_by("pk").values_list("stage", flat=True))


def test_a_change_in_pieces_is_one_undo(manager, analyst, five):
    other = factories.user()
    made = {
        "stage": customers_bulk_stage(actor=manager, customers=Customer.objects.all(), stage="ongoing"),
        "owner": customers_bulk_assign(actor=manager, customers=Customer.objects.all(), owner=other),
        "tags": customers_bulk_tag(actor=manager, customers=Customer.objects.all(), add=["x", "y"]),
    }
    assert Reversal.objects.count() == 3
    assert [len(one["ids"]) for one in made["stage"].steps] == [5], "what changed alike is one step"
    assert made["owner"].summary.startswith("5 customers")
    assert (Customer.objects.filter(tags__name="y").count(), stages()) == (5, ["ongoing"] * 5)
    for one in reversed(made.values()):
        done = reversal_use(actor=manager, reversal=Reversal.objects.get(pk=one.pk))
        assert (done.rows, done.left) == (10 if one is made["tags"] else 5, 0)
        with pytest.raises(ValidationError, match="already"):
            reversal_use(actor=manager, reversal=one)
    assert stages() == ["onboarding"] * 5
    assert not Customer.objects.exclude(owner=analyst).exists()
    assert not Customer.objects.filter(tags__isnull=False).exists()
    assert AuditEntry.objects.filter(action="reversal.used").count() == 3


def test_of_an_interrupted_change_the_part_that_happened_can_be_taken_back(manager, five):
    with (
        database_failing_at('UPDATE "customers_reversal"', 2),
        pytest.raises(BulkInterruptedError) as stopped,
    ):
        customers_bulk_stage(actor=manager, customers=Customer.objects.all(), stage="ongoing")
    assert stages() == ["ongoing"] * 4 + ["onboarding"], "the third piece is rolled back whole"
    kept = Reversal.objects.get()
    assert stopped.value.reversal == kept
    assert kept.summary.startswith("4 customers")
    assert AuditEntry.objects.filter(action="customer.stage_changed").count() == 4
    assert reversal_use(actor=manager, reversal=kept).rows == 4
    assert stages() == ["onboarding"] * 5


def test_a_change_that_fails_at_once_leaves_nothing(manager, five):
    with database_failing_at('INSERT INTO "customers_reversal"', 1), pytest.raises(OperationalError):
        customers_bulk_stage(actor=manager, customers=Customer.objects.all(), stage="ongoing")
    assert stages() == ["onboarding"] * 5
    assert not Reversal.objects.exists()


def test_an_interrupted_undo_goes_on_where_it_stopped(manager, five):
    made = customers_bulk_stage(actor=manager, customers=Customer.objects.all(), stage="ongoing")
    with database_failing_at('UPDATE "customers_reversal"', 2), pytest.raises(OperationalError):
        reversal_use(actor=manager, reversal=made)
    assert stages() == ["onboarding"] * 2 + ["ongoing"] * 3
    done = reversal_use(actor=manager, reversal=made)
    assert (done.rows, done.left) == (3, 0)
    assert stages() == ["onboarding"] * 5


def test_an_interruption_is_said_with_the_way_back(manager, five, login):
    client = login(manager)
    sent = {"id": [one.pk for one in five], "stage": "ongoing", "state": ""}
    with database_failing_at('UPDATE "customers_reversal"', 2):
        page = client.post(reverse("portfolio_bulk"), sent, follow=True).content.decode()
    assert "4 customers moved to Ongoing. Then it was interrupted" in page
    assert f'action="{reverse("portfolio_undo", args=[Reversal.objects.get().pk])}"' in page


def test_an_interrupted_undo_is_offered_again(manager, five, login):
    client = login(manager)
    made = customers_bulk_stage(actor=manager, customers=Customer.objects.all(), stage="ongoing")
    way = reverse("portfolio_undo", args=[made.pk])
    with database_failing_at('UPDATE "customers_reversal"', 2):
        page = client.post(way, follow=True).content.decode()
    assert "Not everything could be taken back" in page
    assert f'action="{way}"' in page
    client.post(way)
    assert stages() == ["onboarding"] * 5
