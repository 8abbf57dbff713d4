"""What the customer page says beside the figures: first value, words for keys, ways to mend facts."""

import pytest
from django.urls import reverse
from django.utils import translation

from core import formats, time
from customers.models import Customer, Product
from customers.priorities import priority_word
from metrics.first_value import first_value_set
from metrics.models import UsageDay
from tests import factories
from tests.workspace.customer_facts import DAY, night

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return time.today()


@pytest.fixture
def signs(admin):
    first_value_set(actor=admin, chosen=[("event", "reconciled"), ("milestone", "Go-live")])


def page(login, user, customer, **query):
    return login(user).get(reverse("customer", args=[customer.pk], query=query))


def test_first_value_says_after_how_many_days_it_was_reached(login, analyst, today, signs):
    customer = factories.customer(started_on=today - 40 * DAY)
    customer.milestones.create(milestone="Go-live", reached_on=today - 10 * DAY)
    UsageDay.objects.create(day=today - 21 * DAY, customer=customer, feature="reconciled", events=1)
    body = page(login, analyst, customer).content.decode()
    assert f"after 19 days, on {formats.day(today - 21 * DAY)}" in body


def test_first_value_not_reached_says_for_how_long_also_on_a_past_day(login, analyst, today, signs):
    customer = factories.customer(started_on=None)
    factories.subscription(customer, starts_on=today - 35 * DAY)
    customer.milestones.create(milestone="Go-live", reached_on=today - 2 * DAY)
    past = page(login, analyst, customer, as_of=(today - 3 * DAY).isoformat())
    assert "not yet, day 32" in past.content.decode()
    assert page(login, analyst, customer).context["first_value"].days == 33


def test_first_value_of_who_left_before_it_is_not_reached(login, analyst, today, signs):
    customer = factories.customer(started_on=today - 40 * DAY)
    night(today - 40 * DAY, customer, opening=0, mrr=100)
    night(today - 10 * DAY, customer, opening=100, mrr=0)
    customer.milestones.create(milestone="Go-live", reached_on=today - 5 * DAY)
    shown = page(login, analyst, customer)
    assert shown.context["left_on"] == today - 10 * DAY
    assert "not reached" in shown.content.decode()
    assert f"Left on {formats.day(today - 10 * DAY)}" in shown.content.decode()


def test_without_a_definition_or_a_start_nothing_is_said_of_first_value(login, analyst, today):
    customer = factories.customer(started_on=today - 40 * DAY)
    assert page(login, analyst, customer).context["first_value"] is None


@pytest.mark.parametrize(
    ("sent", "language", "word"),
    [("high", "en", "High"), ("ALTA", "en", "High"), ("p1", "en", "p1"), ("", "en", "")],
)
def test_the_usual_priorities_are_read_as_words_and_others_as_sent(sent, language, word):
    with translation.override(language):
        assert priority_word(sent) == word


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [("BR", "en", "Brazil"), ("br", "pt-br", "Brasil"), ("Portugal", "en", "Portugal"), ("XQ", "en", "XQ")],
)
def test_a_country_code_is_read_as_its_name(code, language, name):
    with translation.override(language):
        assert formats.country(code) == name


def test_payments_milestones_and_the_segment_lead_to_their_forms_for_who_may_edit(login, analyst, viewer):
    customer = factories.customer(owner=analyst, segment="mid")
    payment = factories.payment(customer)
    milestone = customer.milestones.create(milestone="Go-live", reached_on=time.today())
    ways = [
        reverse("payment_edit", args=[customer.pk, payment.pk]),
        reverse("milestone_edit", args=[customer.pk, milestone.pk]),
        reverse("customer_segment", args=[customer.pk]),
    ]
    own = page(login, analyst, customer).content.decode()
    others = page(login, viewer, customer).content.decode()
    for way in ways:
        assert f'href="{way}"' in own
        assert f'href="{way}"' not in others


def test_a_group_counts_its_childrens_children(login, analyst, today):
    parent = factories.customer()
    child = factories.customer(parent=parent, name="A")
    grandchild = factories.customer(name="B")
    Customer.objects.filter(pk=grandchild.pk).update(parent=child)
    gone = factories.customer(parent=parent, archived_at=time.now())
    for customer, mrr in ((parent, 300), (child, 200), (grandchild, 50), (gone, 999)):
        night(today - DAY, customer, mrr=mrr, renewal_on=today + mrr * DAY)
    family = page(login, analyst, parent).context["family"]
    assert [one.pk for one in family.children] == [child.pk, grandchild.pk]
    assert (family.mrr, family.next_renewal) == (550, today + 50 * DAY)


def test_use_of_what_was_not_bought_is_named_as_the_catalogue_names_it(login, analyst, today):
    customer = factories.customer()
    Product.objects.create(product="Core", feature="Bank slips", event="boleto_issued")
    UsageDay.objects.create(day=today - DAY, customer=customer, feature="boleto_issued", person="a", events=1)
    night(today - DAY, customer)
    assert [one.name for one in page(login, analyst, customer).context["usage"].features] == ["Bank slips"]
