"""The cards of a customer's page: use, tickets, answers, money."""

import pytest

from core import time
from customers.models import Product
from metrics.models import UsageDay
from tests import factories
from tests.workspace.customer_facts import DAY, at, night, response, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return time.today()


def test_weekly_use_counts_people_once_a_week_and_names_what_was_bought(login, analyst, today):
    customer = factories.customer()
    factories.subscription(customer, starts_on=today - 90 * DAY, product="Core")
    Product.objects.create(product="Core", feature="Reports", event="report_opened")
    Product.objects.create(product="Core", feature="Exports", event="exported")
    Product.objects.create(product="Extra", feature="Approvals", event="approved", price_cents=100_00)
    until = today - DAY
    night(until, customer, mrr=100)
    for day in (until, until - DAY, until - 6 * DAY, until - 7 * DAY):
        for person in ("ana", "bia"):
            UsageDay.objects.create(
                customer=customer, day=day, person=person, feature="report_opened", events=2
            )
    UsageDay.objects.create(customer=customer, day=until, person="", feature="synced", events=9)
    UsageDay.objects.create(
        customer=customer, day=until - 84 * DAY, person="old", feature="report_opened", events=1
    )
    context = login(analyst).get(url(customer)).context
    weeks = {use.name: use.weeks[-3:] for use in context["usage"].features}
    assert weeks == {"Reports": [0, 2, 2], "Exports": [0, 0, 0], "synced": [0, 0, 9]}
    assert [use.people for use in context["usage"].features] == [True, True, False]
    assert [module.feature for module in context["modules"].missing] == ["Approvals"]


def test_open_tickets_stand_first_and_overdue_ones_are_named(login, analyst, today):
    customer = factories.customer()
    factories.ticket(customer, subject="Old but open", opened_at=at(today - 20 * DAY), due_at=at(today - DAY))
    factories.ticket(customer, subject="Solved", opened_at=at(today - 3 * DAY), solved_at=at(today - 2 * DAY))
    support = login(analyst).get(url(customer)).context["support"]
    assert [(str(line.ticket), line.is_open, line.is_overdue) for line in support.lines] == [
        ("Old but open", True, True),
        ("Solved", False, False),
    ]
    assert (support.open, support.overdue, support.total, support.lines[1].age) == (1, 1, 2, 1)


def test_the_latest_answer_stands_beside_the_one_before_it(login, analyst, today):
    customer = factories.customer()
    response(customer, today - 90 * DAY, score=7)
    response(customer, today - 2 * DAY, score=5, comment="Voltamos à planilha.", language="pt-br")
    for n in range(15):
        response(customer, today - n * DAY, survey="csat", score=4)
    page = login(analyst).get(url(customer))
    nps = page.context["voice"].latest[0]
    assert (nps.answer.score, nps.before.score) == (5, 7)
    assert '<q lang="pt-BR">Voltamos à planilha.</q>' in text(page)


def test_the_nps_of_a_customer_stands_in_three_views_beside_how_many_people_it_speaks_for(
    login, analyst, today
):
    customer = factories.customer()
    people = [factories.contact(customer, role=role) for role in ("champion", "decision_maker", "billing")]
    response(customer, today - 400 * DAY, contact=people[2], score=0)
    response(customer, today - 40 * DAY, contact=people[0], score=2)
    response(customer, today - 3 * DAY, contact=people[0], score=10)
    page = login(analyst).get(url(customer))
    nps = page.context["nps"]
    assert [(view.value, view.votes) for view in nps.views] == [
        ("0", "2 votes, few"),
        ("100", "1 vote, few"),
        ("—", "nobody yet"),
    ]
    assert nps.coverage == "1 of 3 people answered, 33%"
    assert nps.silent == "Decision maker"
    assert "Never answered: Decision maker" in text(page)
    before = login(analyst).get(url(customer), {"as_of": (today - 20 * DAY).isoformat()}).context["nps"]
    assert [view.value for view in before.views][:2] == ["−100", "−100"]


def test_the_mrr_is_drawn_as_steps_from_its_movements(login, analyst, today):
    customer = factories.customer()
    night(today - 11 * DAY, customer, mrr=100)
    night(today - 6 * DAY, customer, opening=100, mrr=200)
    night(today - DAY, customer, opening=200, mrr=0)
    context = login(analyst).get(url(customer)).context
    assert [(str(move.name), move.change) for move in context["moves"]] == [
        ("Churn", -200),
        ("Expansion", 100),
        ("New", 100),
    ]
    chart = context["mrr_chart"]
    assert (chart.top, chart.first, chart.last) == (200, today - 12 * DAY, today - DAY)
    assert chart.path.count("V") == 3


def test_the_value_gap_stands_in_the_strip_and_leads_to_the_plan(login, analyst, today):
    customer = factories.customer()
    link = f'<a href="/customers/{customer.pk}/success/">'
    assert f"{link}no plan yet</a>" in text(login(analyst).get(url(customer)))
    objective = factories.objective(customer, starts_on=today - 50 * DAY, due_on=today + 50 * DAY)
    assert f"{link}0% of the plan confirmed</a>" in text(login(analyst).get(url(customer)))
    objective.attained.create(side="customer", value=8, stated_on=today, source="link")
    shown = text(login(analyst).get(url(customer)))
    assert f"{link}customer 33%, due 50%</a>" in shown and "−17 <small>pts</small>" in shown
