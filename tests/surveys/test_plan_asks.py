"""The plan's link is mailed by itself: at the plan's dates, to those who decide, once each, under the budget."""

import datetime as dt
import re

import pytest
from django.core import mail as django_mail

from core import mail, time
from core.models import OutgoingMail
from customers.models import SuccessPlan
from customers.services.success import plan_save
from surveys.models import ContactMail
from surveys.services.plan_asks import ask, due, next_date
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def plan(analyst, clock):
    """Objectives began 60 days ago; the customer is to be asked every 30 days."""
    customer = factories.customer(name="Vale", owner=analyst)
    factories.objective(customer, starts_on=time.today() - 60 * DAY)
    factories.contact(customer, name="Lia", role="decision_maker", locale="en")
    factories.contact(customer, name="Rui", role="end_user")
    factories.contact(customer, name="Gone", role="champion", active_until=time.today() - DAY)
    return plan_save(actor=analyst, customer=customer, promise="Faster", ask_every_days=30)


def sent():
    before = len(django_mail.outbox)
    OutgoingMail.objects.filter(state="waiting").update(due_at=time.now())
    while mail.send_due():
        pass
    return django_mail.outbox[before:]


def test_dates_are_the_beginning_plus_whole_steps():
    begins, today = dt.date(2026, 1, 1), dt.date(2026, 3, 2)
    assert next_date(begins, 30, today) == dt.date(2026, 4, 1)
    assert next_date(begins, 90, today) == dt.date(2026, 4, 1)
    assert next_date(today + 5 * DAY, 30, today) == today + 35 * DAY


def test_nobody_is_asked_before_the_date_and_each_once_on_it(client, plan, clock):
    assert due() and ask() == 1 and not due() and sent() == []
    assert SuccessPlan.objects.get().ask_on == time.today() + 30 * DAY
    clock.wait(30 * 86_400)
    assert due() and ask() == 1 and ask() == 0
    (letter,) = sent()
    assert "how far are you" in letter.subject and letter.extra_headers["List-Unsubscribe-Post"]
    mail = ContactMail.objects.get()
    assert mail.contact is not None and mail.contact.name == "Lia"
    (link,) = re.findall(r"/plans/[\w-]+/", letter.body)
    page = client.get(link)
    assert page.status_code == 200 and "Faster" in page.content.decode()
    assert SuccessPlan.objects.get().ask_on == time.today() + 30 * DAY
    assert ask() == 0 and sent() == []


def test_a_plan_that_stops_asking_calls_its_mail_off(analyst, plan, clock):
    ask()
    clock.wait(30 * 86_400)
    ask()
    plan_save(actor=analyst, customer=plan.customer, ask_every_days=None)
    assert sent() == [] and not due()
    assert OutgoingMail.objects.get().error == "stopped"


def test_another_rhythm_has_other_dates_and_the_budget_holds_a_mail_back(analyst, plan, clock):
    ask()
    plan_save(actor=analyst, customer=plan.customer, ask_every_days=7)
    assert ask() == 1 and SuccessPlan.objects.get().ask_on == time.today() + 3 * DAY
    clock.wait(3 * 86_400)
    lia = plan.customer.contacts.get(name="Lia")
    factories.contact_mail(lia, key="success:1", kind="success", counted_at=time.now() - DAY)
    ask()
    assert sent() == []
    assert ContactMail.objects.get(key__startswith="plan:").held_by == "success"
