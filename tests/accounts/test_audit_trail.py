"""The audit trail cannot be rewritten, and can be read."""

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection, transaction

from accounts import audit, checks, triggers
from accounts.models import AuditEntry, AuditValue
from accounts.services.people import person_role_change
from accounts.services.workspace import workspace_update
from tests import factories
from tests.queries import assert_constant_queries
from workspace.audit import words

ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


@pytest.fixture
def entry(admin, viewer) -> AuditEntry:
    person_role_change(actor=admin, person=viewer, role="manager")
    return AuditEntry.objects.get()


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except Error as error:
        return triggers.REFUSAL in str(error)
    return False


def test_an_entry_is_neither_changed_nor_deleted(entry):
    assert refused(lambda: AuditEntry.objects.update(action="nothing.happened"))
    assert refused(lambda: AuditEntry.objects.all()._raw_delete("default"))
    assert AuditEntry.objects.get().action == "person.role_changed"


def test_a_value_is_neither_changed_moved_nor_deleted(entry):
    values = AuditValue.objects.filter(field="role")
    assert refused(lambda: values.update(after="viewer"))
    assert refused(lambda: values.update(field="name"))
    assert refused(lambda: values.update(entry_id=entry.pk + 1))
    assert refused(lambda: AuditValue.objects.filter(field="").update(label="Somebody else"))
    assert refused(lambda: AuditValue.objects.all()._raw_delete("default"))
    assert values.get().after == "manager"


def test_an_erasure_empties_values_and_cannot_be_taken_back(entry):
    AuditValue.objects.filter(entry=entry).update(before=None, after=None, label="")
    assert not AuditValue.objects.exclude(before=None, after=None, label="").exists()
    assert refused(lambda: AuditValue.objects.update(after="manager"))
    assert AuditEntry.objects.get().changed_fields == ["role"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", [triggers.ENTRY, triggers.VALUE])
def test_a_table_is_not_truncated(entry, table):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no checks of the inserts may be pending
        assert refused(lambda: cursor.execute(f"TRUNCATE {table} CASCADE"))


def test_a_missing_trigger_is_found_and_the_next_migration_brings_it_back(db):
    assert checks.audit_triggers_present(databases=["default"]) == []
    triggers.drop()
    found = checks.audit_triggers_present(databases=["default"])
    assert len(found) == (6 if connection.vendor == "postgresql" else 4)
    assert all("migrate" in str(warning.hint) for warning in found)
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL can switch triggers off")
def test_a_trigger_that_is_switched_off_counts_as_missing(db):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {triggers.ENTRY} DISABLE TRIGGER {triggers.ENTRY}_no_update")
    assert triggers.missing() == [f"{triggers.ENTRY}_no_update"]


def test_the_page_tells_changes_in_words(admin, viewer, login):
    customer = factories.customer(name="Padaria Sol")
    person_role_change(actor=admin, person=viewer, role="manager")
    audit.record(
        actor=None,
        action="customer.updated",
        subject=customer,
        changes={
            "owner": (None, str(viewer.pk)),
            "segment": ("mid", "high_value"),
            "started_on": (dt.date(2026, 1, 5), None),
        },
        customer_id=customer.pk,
        label=customer.name,
    )
    lines = login(admin).get("/settings/audit/").context["lines"]
    told = [(line.who, line.did, line.subject) for line in lines]
    assert told == [
        ("Zelo", "changed a customer", "Padaria Sol"),
        (admin.name, "changed a role", viewer.name),
    ]
    changes = {change.name: (change.before, change.after) for change in lines[0].changes}
    assert changes["Owner"] == ("—", viewer.name)
    assert changes["Segment"] == ("Mid", "High value")
    assert changes["Customer since"] == ("5 Jan 2026", "—")
    assert [(c.before, c.after) for c in lines[1].changes] == [("Viewer", "Manager")]


def test_the_page_filters_by_person_action_customer_record_and_days(admin, viewer, manager, login):
    sun, moon = factories.customer(name="Padaria Sol"), factories.customer(name="Padaria Lua")
    for customer, actor in ((sun, admin), (moon, manager), (moon, None)):
        audit.record(actor=actor, action="customer.updated", subject=customer, customer_id=customer.pk)
    workspace_update(actor=admin, name="Caixa Clara")
    client = login(admin)

    def found(**query: object) -> int:
        return len(client.get("/settings/audit/", query).context["lines"])

    assert found() == 4
    assert found(person=admin.pk) == 2
    assert found(person="zelo") == 1
    assert found(action="workspace.updated") == 1
    assert found(customer="lua") == 2
    assert found(kind="customers.customer", object=sun.pk) == 1
    today = AuditEntry.objects.latest("at").at.astimezone().date()
    assert found(first=today - dt.timedelta(days=1), last=today + dt.timedelta(days=1)) == 4
    assert found(first=today + dt.timedelta(days=2)) == 0
    assert found(first="2026-02-01", last="2026-01-01") == 0
    assert found(person="no such") == 0


def test_paging_shows_every_entry_once(admin, login):
    customer = factories.customer()
    for _ in range(120):
        audit.record(actor=admin, action="customer.updated", subject=customer)
    client, seen, before = login(admin), [], None
    while True:
        context = client.get("/settings/audit/", {"before": before} if before else {}).context
        seen += [line.entry.pk for line in context["lines"]]
        before = context["older"]
        if before is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 120


def test_the_page_makes_the_same_queries_for_any_number_of_entries(admin, login):
    def add(count: int) -> None:
        for _ in range(count):
            customer, owner = factories.customer(), factories.user()
            audit.record(
                actor=owner,
                action="customer.updated",
                subject=customer,
                changes={"owner": (None, str(owner.pk))},
                customer_id=customer.pk,
            )

    assert_constant_queries(login(admin), "/settings/audit/", add)


def test_every_action_that_is_recorded_has_words():
    recorded = set()
    for folder in (
        "accounts",
        "customers",
        "surveys",
        "metrics",
        "playbooks",
        "ingest",
        "workspace",
        "config",
    ):
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                recorded |= _actions_of(node)
    assert "person.joined" in recorded
    assert [action for action in sorted(recorded) if words.did(action) == action] == []


def _actions_of(node: ast.AST) -> set[str]:
    """Return the literal `action=` of a call to `audit.record` or `audit.record_many`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return set()
    if node.func.attr not in ("record", "record_many"):
        return set()
    given = [word.value for word in node.keywords if word.arg == "action"]
    literals = [part.value for value in given for part in ast.walk(value) if isinstance(part, ast.Constant)]
    return {text for text in literals if isinstance(text, str) and ACTION.fullmatch(text)}


def test_the_page_writes_days_as_the_reader_does(db, login):
    admin = factories.user(role="admin", language="pt-br")
    customer = factories.customer()
    changes = {"started_on": (None, dt.date(2026, 2, 5))}
    audit.record(actor=admin, action="customer.updated", subject=customer, changes=changes)
    (line,) = login(admin).get("/settings/audit/").context["lines"]
    assert [(change.before, change.after) for change in line.changes] == [("—", "5 fev 2026")]
