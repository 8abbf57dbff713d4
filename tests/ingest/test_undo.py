"""A batch can be taken back while nothing later touched its rows."""

import pytest
from django.core import serializers

from core.models import WorkState
from customers.models import Customer, CustomerHistory, Subscription, Tag
from ingest import jobs
from ingest.models import Batch
from ingest.services.undo import UndoBlocked, undo_start
from metrics.models import UsageEvent
from tests import factories
from tests.ingest.files import FILES, csv_text, run_import

pytestmark = pytest.mark.django_db
MODELS = (Customer, Subscription, UsageEvent)


def _undo(manager) -> Batch:
    batch = undo_start(batch=Batch.objects.all()[0], actor=manager)
    while jobs.work():
        pass
    batch.refresh_from_db()
    return batch


def _facts() -> list[str]:
    keep = ("updated_at", "version")
    return [
        str(sorted((k, v) for k, v in row["fields"].items() if k not in keep))
        for model in MODELS
        for row in serializers.serialize("python", model.objects.order_by("pk"))
    ]


def test_every_kind_is_taken_back_whole(manager, tmp_path):
    factories.user(email="ana@zelo.test")
    content = (
        FILES["customers"].replace("attr:size,", "").replace("10.5,", "", 1).replace("c2,Beta,,", "c2,Beta,")
    )
    before: list[list[str]] = []
    kinds = ["customers", *(kind for kind in FILES if kind != "customers")]
    for kind in kinds:
        before.append(_facts())
        assert run_import(tmp_path, kind, content if kind == "customers" else FILES[kind]).code == 0
    for kind in reversed(kinds):
        batch = Batch.objects.exclude(step="undone")[0]
        assert batch.kind == kind
        undo_start(batch=batch, actor=manager)
        while jobs.work():
            pass
        batch.refresh_from_db()
        assert (batch.step, batch.state, batch.changes.count()) == ("undone", WorkState.DONE, 0), kind
        assert _facts() == before.pop(), kind
    assert not CustomerHistory.objects.exists()


def test_a_changed_customer_gets_its_former_values_back_and_history_tells_it(manager, tmp_path):
    header = "external_id,name,segment,tags,parent_external_id"
    run_import(tmp_path, "customers", csv_text(header, "c1,Acme,mid,a|b,", "c2,Beta,mid,,"))
    run_import(tmp_path, "customers", csv_text(header, "c1,Acme Ltd,high_value,c,c2"))
    assert Customer.objects.get(external_id="c1").parent is not None
    assert _undo(manager).step == "undone"
    acme = Customer.objects.get(external_id="c1")
    assert (acme.name, acme.segment, acme.parent) == ("Acme", "mid", None)
    assert sorted(tag.name for tag in Tag.objects.filter(customers=acme)) == ["a", "b"]
    latest = CustomerHistory.objects.filter(customer=acme, superseded_at__isnull=True).order_by("valid_from")
    assert {row.field: row.value for row in latest} == {"segment": "mid", "tag": "a|b"}


def test_a_row_that_was_touched_later_blocks_and_is_named(manager, tmp_path):
    header = "external_id,name"
    run_import(tmp_path, "customers", csv_text(header, "c1,Acme", "c2,Beta"))
    first = Batch.objects.all()[0]
    run_import(tmp_path, "customers", csv_text(header, "c1,Acme Ltd"))
    with pytest.raises(UndoBlocked) as blocked:
        undo_start(batch=first, actor=manager)
    assert [(row.label, row.why) for row in blocked.value.rows] == [("Acme Ltd", "changed")]
    assert Customer.objects.count() == 2


def test_a_new_customer_that_has_facts_meanwhile_blocks(manager, tmp_path):
    run_import(tmp_path, "customers", csv_text("external_id,name", "c1,Acme", "c2,Beta"))
    factories.payment(Customer.objects.get(external_id="c2"))
    with pytest.raises(UndoBlocked) as blocked:
        undo_start(batch=Batch.objects.all()[0], actor=manager)
    assert [(row.label, row.why) for row in blocked.value.rows] == [("Beta", "used")]
