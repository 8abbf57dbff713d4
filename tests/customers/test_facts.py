"""Facts written by hand: earlier versions are kept, overlaps refused, the right days go stale."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from core.models import Event
from customers.models import Contact, FactVersion, Milestone, Payment, Subscription
from customers.services import commercial, contacts, service
from tests import factories

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("core.time.now", lambda: dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC))


def stale() -> tuple[str, str | None, str]:
    payload = Event.objects.filter(kind="fact.changed").latest("pk").payload
    return payload["first"], payload["last"], payload["what"]


def subscription(customer, **fields):
    fields = {"external_id": "s", "product": "Core", "mrr_cents": 100, "starts_on": D(2026, 1, 1), **fields}
    return commercial.subscription_create(actor=None, customer=customer, **fields)


def test_a_corrected_subscription_keeps_what_it_said_and_lists_what_was_changed_by_hand(manager):
    row = factories.subscription(mrr_cents=100, starts_on=D(2026, 2, 1))
    known_since = row.recorded_at
    changed = commercial.subscription_update(
        actor=manager, subscription=row, changes={"mrr_cents": 200, "starts_on": D(2026, 1, 15)}
    )
    version = FactVersion.objects.get()
    assert (version.table, version.row_id, version.customer_id) == ("subscription", row.pk, row.customer_id)
    assert (version.values["mrr_cents"], version.values["starts_on"]) == (100, "2026-02-01")
    assert version.recorded_at == known_since
    assert changed.hand_edited == ["mrr_cents", "starts_on"]
    assert stale() == ("2026-01-15", None, "subscription")
    entry = AuditEntry.objects.get(action="subscription.updated")
    assert (entry.actor, entry.customer_id) == (manager, row.customer_id)


def test_saving_without_a_change_leaves_no_trace(manager):
    row = factories.subscription()
    commercial.subscription_update(actor=manager, subscription=row, changes={"mrr_cents": row.mrr_cents})
    assert not FactVersion.objects.exists()
    assert not AuditEntry.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("update", "make", "changes"),
    [
        (commercial.contract_update, "contract", {"value_cents": 5}),
        (service.ticket_update, "ticket", {"subject": "Changed"}),
    ],
)
def test_contracts_and_tickets_keep_their_earlier_version_too(update, make, changes):
    row = getattr(factories, make)()
    update(actor=None, changes=changes, **{make: row})
    assert FactVersion.objects.get().table == make


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "says"),
    [
        (D(2026, 1, 10), None, "overlaps the row"),
        (D(2025, 12, 1), None, "overlaps the row"),
        (D(2025, 12, 1), D(2026, 1, 2), "overlaps the row"),
        (D(2026, 1, 1), D(2026, 1, 2), "from this day already"),
        (D(2026, 2, 1), D(2026, 1, 31), "before the start"),
    ],
)
def test_a_span_that_overlaps_is_refused_in_a_clear_sentence(starts_on, ends_on, says):
    customer = factories.customer()
    subscription(customer, ends_on=D(2026, 2, 1))
    with pytest.raises(ValidationError) as refused:
        subscription(customer, starts_on=starts_on, ends_on=ends_on)
    assert says in " ".join(refused.value.messages)
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(D(2026, 2, 1), None), (D(2025, 12, 1), D(2026, 1, 1)), (D(2026, 1, 10), D(2026, 1, 10))],
)
def test_a_span_that_touches_or_is_empty_is_accepted(starts_on, ends_on):
    customer = factories.customer()
    subscription(customer, ends_on=D(2026, 2, 1))
    subscription(customer, starts_on=starts_on, ends_on=ends_on)
    assert Subscription.objects.count() == 2


day = st.integers(0, 20).map(lambda n: D(2026, 1, 1) + dt.timedelta(days=n))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(day, st.one_of(st.none(), day)), max_size=6))
def test_no_two_accepted_spans_of_a_subscription_share_a_day(spans):
    customer = factories.customer()
    name = f"law-{customer.pk}"
    for starts_on, ends_on in spans:
        try:
            subscription(customer, external_id=name, starts_on=starts_on, ends_on=ends_on)
        except ValidationError:
            continue
    covered = [
        D(2026, 1, 1) + dt.timedelta(days=n)
        for row in Subscription.objects.filter(external_id=name)
        for n in range(40)
        if row.starts_on <= D(2026, 1, 1) + dt.timedelta(days=n) < (row.ends_on or D.max)
    ]
    assert len(covered) == len(set(covered))


def test_an_id_of_another_customer_is_refused():
    subscription(factories.customer())
    with pytest.raises(ValidationError, match="another customer"):
        subscription(factories.customer(), starts_on=D(2027, 1, 1))
    with pytest.raises(ValidationError, match="below zero"):
        subscription(factories.customer(), external_id="n", mrr_cents=-1)


def test_a_contract_renews_one_of_the_same_customer_and_not_itself():
    customer = factories.customer()
    span = {"starts_on": D(2026, 1, 1), "ends_on": D(2027, 1, 1)}
    old = commercial.contract_create(actor=None, customer=customer, signed_on=D(2025, 12, 3), **span)
    assert stale() == ("2025-12-03", None, "contract")
    new = commercial.contract_create(
        actor=None, customer=customer, renews_external_id=old.external_id, **span
    )
    assert new.external_id.startswith("zelo-con-")
    for wrong in ("nothing", new.external_id, factories.contract().external_id):
        with pytest.raises(ValidationError):
            commercial.contract_update(actor=None, contract=new, changes={"renews_external_id": wrong})
    with pytest.raises(ValidationError, match="Another entry"):
        commercial.contract_update(actor=None, contract=new, changes={"external_id": old.external_id})


def test_a_payment_makes_the_days_since_it_was_made_or_due_stale():
    customer = factories.customer()
    row = commercial.payment_create(actor=None, customer=customer, amount_cents=-500, paid_on=D(2026, 3, 5))
    assert stale() == ("2026-03-05", None, "payment")
    commercial.payment_update(actor=None, payment=row, changes={"paid_on": D(2026, 2, 1)})
    assert stale() == ("2026-02-01", None, "payment")
    with pytest.raises(ValidationError, match="paid"):
        commercial.payment_update(actor=None, payment=row, changes={"paid_on": None})
    assert Payment.objects.get().paid_on == D(2026, 2, 1)


def test_a_ticket_is_not_solved_before_it_was_opened():
    opened = dt.datetime(2026, 5, 1, 2, tzinfo=dt.UTC)
    row = service.ticket_create(actor=None, customer=factories.customer(), opened_at=opened)
    assert stale() == ("2026-04-30", None, "ticket")  # the workspace's day, not UTC's
    with pytest.raises(ValidationError, match="before the ticket"):
        service.ticket_update(actor=None, ticket=row, changes={"solved_at": opened - dt.timedelta(minutes=1)})


def test_a_conversation_is_by_its_author_in_the_past_and_with_a_contact_of_the_customer(analyst):
    customer = factories.customer()
    when = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
    row = service.touchpoint_create(actor=analyst, customer=customer, kind="call", happened_at=when)
    assert row.author == analyst
    for changes in (
        {"contact": factories.contact()},
        {"sentiment": 3},
        {"happened_at": dt.datetime(2026, 6, 1, 13, tzinfo=dt.UTC)},
    ):
        with pytest.raises(ValidationError):
            service.touchpoint_update(actor=analyst, touchpoint=row, changes=changes)


def test_a_milestone_is_reached_once_and_may_be_corrected():
    customer = factories.customer()
    row = service.milestone_create(
        actor=None, customer=customer, milestone=" Go  live ", reached_on=D(2026, 4, 1)
    )
    assert row.milestone == "Go live"
    with pytest.raises(ValidationError, match="before"):
        service.milestone_create(actor=None, customer=customer, milestone="Go live", reached_on=D(2026, 4, 2))
    service.milestone_update(actor=None, milestone=row, changes={"reached_on": D(2026, 3, 1)})
    assert (Milestone.objects.get().reached_on, stale()[0]) == (D(2026, 3, 1), "2026-03-01")


def test_a_contact_is_there_once_whatever_the_case_and_leaves_after_coming():
    customer = factories.customer()
    row = contacts.contact_create(actor=None, customer=customer, email="Ana@acme.com", role="champion")
    with pytest.raises(ValidationError, match="already"):
        contacts.contact_create(actor=None, customer=customer, email="ana@ACME.com")
    contacts.contact_create(actor=None, customer=factories.customer(), email="ana@acme.com")
    with pytest.raises(ValidationError, match="before the start"):
        contacts.contact_update(
            actor=None,
            contact=row,
            changes={"active_from": D(2026, 2, 1), "active_until": D(2026, 1, 1)},
        )
    contacts.contact_update(actor=None, contact=row, changes={"active_until": D(2026, 5, 1)})
    assert Contact.objects.get(pk=row.pk).hand_edited == ["active_until", "email", "opted_out", "role"]


def test_nothing_is_written_about_an_archived_customer():
    gone = factories.customer(archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(ValidationError, match="Restore"):
        subscription(gone)


CASES = {
    "contacts": {"email": "rui@acme.com", "role": "billing"},
    "subscriptions": {"product": "Core", "mrr_cents": "1,234.50", "starts_on": "2026-01-01"},
    "contracts": {"starts_on": "2026-01-01", "ends_on": "2027-01-01", "value_cents": "9,000"},
    "payments": {"amount_cents": "-10.00", "paid_on": "2026-01-01"},
    "tickets": {"subject": "Help", "opened_at": "2026-05-01T10:00"},
    "milestones": {"milestone": "Live", "reached_on": "2026-01-01"},
    "touchpoints": {"kind": "call", "happened_at": "2026-05-01T10:00", "sentiment": "-1"},
}


@pytest.mark.parametrize("kind", CASES)
def test_each_fact_is_added_and_edited_in_its_page(login, manager, kind):
    customer = factories.customer()
    client = login(manager)
    new = f"/customers/{customer.pk}/{kind}/new/"
    assert client.get(new).status_code == 200
    assert client.post(new, {}).status_code == 422
    assert client.post(new, CASES[kind]).status_code == 302
    row = getattr(customer, kind).get()
    edit = f"/customers/{customer.pk}/{kind}/{row.pk}/edit/"
    form = client.get(edit).context["form"]
    data = {bound.name: bound.field.widget.format_value(bound.value()) or "" for bound in form}
    data = {name: value[0] if isinstance(value, list) else value for name, value in data.items()}
    if kind == "contacts":
        del data["opted_out"]
    before = AuditEntry.objects.count()
    saved = client.post(edit, data)
    assert saved.status_code == 302, saved.context["form"].errors
    assert AuditEntry.objects.count() == before, "an untouched form changes nothing"
    other = factories.customer()
    assert client.get(f"/customers/{other.pk}/{kind}/{row.pk}/edit/").status_code == 404


def test_the_seconds_of_a_moment_nobody_touched_are_kept(login, manager):
    opened = dt.datetime(2026, 5, 1, 12, 30, 59, 7, tzinfo=dt.UTC)
    row = factories.ticket(opened_at=opened)
    url = f"/customers/{row.customer_id}/tickets/{row.pk}/edit/"
    data = {"external_id": row.external_id, "opened_at": "2026-05-01T09:30", "subject": "Changed"}
    assert login(manager).post(url, data).status_code == 302
    row.refresh_from_db()
    assert (row.opened_at, row.subject) == (opened, "Changed")


def test_with_htmx_only_the_form_is_answered_and_done_leads_back(login, manager):
    customer = factories.customer()
    client = login(manager)
    url = f"/customers/{customer.pk}/milestones/new/"
    wrong = client.post(url, {"milestone": "Live", "reached_on": "x"}, headers={"hx-request": "true"})
    html = wrong.content.decode()
    assert (wrong.status_code, "<html" in html, 'value="Live"' in html) == (422, False, True)
    done = client.post(url, CASES["milestones"], headers={"hx-request": "true"})
    assert done["HX-Redirect"] == f"/customers/{customer.pk}/"
