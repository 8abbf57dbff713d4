"""Each filter of the portfolio: what it keeps, what it leaves out, how its chip reads."""

import datetime as dt

import pytest
from django.core.cache import cache

from customers.models import AttributeDefinition
from tests import factories
from tests.workspace.portfolio_data import customer, days_ago, figures, names

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def ask(manager, login):
    """Return a function: query string → the names listed."""
    client = login(manager)
    return lambda query: names(client.get(f"/portfolio/?{query}"))


@pytest.fixture
def chips(manager, login):
    """Return a function: query string → the chips' texts."""
    client = login(manager)

    def read(query: str) -> list[str]:
        page = client.get(f"/portfolio/?{query}").context["page"]
        return [f"{chip.says} {chip.value}" for chip in page.chips]

    return read


def ahead(days: int) -> dt.date:
    return days_ago(-days)


def test_segment_is_is_not_and_none(ask, chips):
    customer(name="Mid", segment="mid")
    customer(name="Volume", segment="volume")
    customer(name="Unset")
    assert ask("segment=mid") == ["Mid"]
    assert ask("segment=mid&segment=volume") == ["Mid", "Volume"]
    assert ask("segment__not=mid") == ["Unset", "Volume"]
    assert ask("segment=none") == ["Unset"]
    assert ask("segment__not=none") == ["Mid", "Volume"]
    assert chips("segment=mid&segment=high_value") == ["Segment is Mid or High value"]


def test_stage(ask, chips):
    customer(name="New", stage="onboarding")
    customer(name="Old", stage="ongoing")
    assert ask("stage=onboarding") == ["New"]
    assert ask("stage__not=onboarding") == ["Old"]
    assert chips("stage__not=onboarding") == ["Stage is not Onboarding"]


def test_owner_me_nobody_and_a_person(ask, chips, manager):
    other = factories.user(name="Ana Prado")
    customer(name="Mine", owner=manager)
    customer(name="Hers", owner=other)
    customer(name="Nobody's")
    assert ask("owner=me") == ["Mine"]
    assert ask(f"owner={other.pk}&owner=none") == ["Hers", "Nobody's"]
    assert ask("owner__not=none") == ["Hers", "Mine"]
    assert chips(f"owner={other.pk}") == ["Owner is Ana Prado"]


def test_tags_a_customer_with_two_is_listed_once(ask):
    customer(name="Both", tags=("vip", "reference"))
    customer(name="One", tags=("vip",))
    customer(name="Bare")
    assert ask("tag=vip&tag=reference") == ["Both", "One"]
    assert ask("tag__not=reference") == ["Bare", "One"]
    assert ask("tag=none") == ["Bare"]


def test_mrr_from_and_to_in_units_of_the_currency(ask, chips):
    for name, cents in (("Small", 99_999), ("Edge", 100_000), ("Large", 500_001)):
        customer(name=name, mrr=cents)
    assert ask("mrr__min=1000") == ["Edge", "Large"]
    assert ask("mrr__max=1000") == ["Edge", "Small"]
    assert ask("mrr__min=1.000,00&mrr__max=5000") == ["Edge"]
    assert chips("mrr__min=1000&mrr__max=5000") == ["MRR from R$\xa01,000 to R$\xa05,000"]


def test_renewal_within_counts_from_today_and_knows_no_past(ask, chips):
    customer(name="Today", renewal=ahead(0))
    customer(name="Edge", renewal=ahead(30))
    customer(name="Later", renewal=ahead(31))
    customer(name="Past", renewal=days_ago(1))
    customer(name="None")
    assert ask("renewal_within=30") == ["Edge", "Today"]
    assert chips("renewal_within=30") == ["Renewal within 30 days"]


def test_no_contact_for_days_includes_those_never_talked_to(ask):
    customer(name="Fresh", touch=days_ago(30))
    customer(name="Old", touch=days_ago(31))
    customer(name="Never")
    assert ask("untouched_for=30") == ["Never", "Old"]


def test_open_tickets_at_least(ask):
    customer(name="Quiet", tickets=0)
    customer(name="Busy", tickets=3)
    assert ask("tickets__min=2") == ["Busy"]
    assert ask("tickets__max=0") == ["Quiet"]


def test_nps_classes(ask):
    for name, score in (("P", 9), ("N", 8), ("D", 6), ("Silent", None)):
        customer(name=name, nps=score)
    assert ask("nps=promoter") == ["P"]
    assert ask("nps=passive") == ["N"]
    assert ask("nps=detractor") == ["D"]
    assert ask("nps=none&nps=detractor") == ["D", "Silent"]
    assert ask("nps__not=detractor") == ["N", "P", "Silent"]


def test_usage_falls_by_a_fifth_or_more(ask):
    for name, now, before in (("Falls", 8, 10), ("Slightly", 9, 10), ("Grows", 12, 10), ("New", 5, 0)):
        made = customer(name=name, active=now)
        figures(made, days_ago(31), active=before)
    assert ask("usage=falling") == ["Falls"]
    assert ask("usage=growing") == ["Grows"]


def test_product_and_plan_of_subscriptions_in_force(ask):
    now, ended = customer(name="Now"), customer(name="Ended")
    factories.subscription(now, product="Caixa", plan="Pro", starts_on=days_ago(100))
    factories.subscription(ended, product="Caixa", plan="Basic", starts_on=days_ago(100), ends_on=days_ago(0))
    assert ask("product=Caixa") == ["Now"]
    assert ask("plan__not=Pro") == ["Ended"]


def test_industry_country_and_parent(ask, chips):
    parent = customer(name="Holding", industry="Finance", country="BR")
    customer(name="Child", parent=parent, industry="Retail", country="AR")
    assert ask("industry=Retail") == ["Child"]
    assert ask("country__not=AR") == ["Holding"]
    assert ask(f"parent={parent.pk}") == ["Child"]
    assert ask("parent=none") == ["Holding"]
    assert chips(f"parent={parent.pk}") == ["Parent company is Holding"]


def test_archived(ask):
    from core import time

    customer(name="Here")
    customer(name="Gone", archived_at=time.now())
    assert ask("archived=yes") == ["Gone"]
    assert ask("archived=yes&archived=no") == ["Gone", "Here"]


@pytest.mark.parametrize(
    ("kind", "stored", "asked"),
    [
        ("text", "blue", "blue"),
        ("number", "12.5", "12.5"),
        ("date", "2026-03-01", "2026-03-01"),
        ("bool", True, "true"),
        ("choice", "a", "a"),
    ],
)
def test_attributes_that_an_admin_defined(ask, kind, stored, asked):
    AttributeDefinition.objects.create(key="kx", label="Colour", kind=kind, choices=["a", "b"])
    customer(name="Has", attributes={"kx": stored})
    customer(name="Has not")
    assert ask(f"attr:kx={asked}") == ["Has"]
    assert ask("attr:kx=none") == ["Has not"]
    assert ask(f"attr:kx__not={asked}") == ["Has not"]


def test_filters_combine(ask):
    customer(name="A", segment="mid", stage="ongoing", mrr=200_000)
    customer(name="B", segment="mid", stage="onboarding", mrr=200_000)
    customer(name="C", segment="mid", stage="ongoing", mrr=100)
    assert ask("segment=mid&stage=ongoing&mrr__min=1000") == ["A"]


@pytest.mark.parametrize(
    "query",
    [
        "Vale Verde",
        "vale",
        "verd",
        "ORACAO",
        "marina",
        "m.duarte@",
        "12.345.678",
        "12345678000190",
        "X-77",
        "vv.example",
    ],
)
def test_search_by_name_person_mail_cnpj_external_id_and_domain(ask, query):
    found = customer(
        name="Transportadora Vale Verde Oração",
        tax_id="12.345.678/0001-90",
        external_id="X-77",
        domain="vv.example",
    )
    factories.contact(found, name="Marina Duarte", email="m.duarte@mail.example")
    customer(name="Somebody else")
    assert ask(f"q={query}") == ["Transportadora Vale Verde Oração"]


def test_search_takes_percent_and_underscore_as_they_are(ask):
    customer(name="100% Natural")
    customer(name="1000 Natural")
    assert ask("q=100%25") == ["100% Natural"]


def test_every_filter_has_an_editor_and_refuses_nonsense_without_failing(manager, login):
    AttributeDefinition.objects.create(key="kx", label="Colour", kind="text")
    customer(name="A", attributes={"kx": "blue"}, tags=("vip",), industry="Retail")
    client = login(manager)
    for one, _url in client.get("/portfolio/").context["page"].addable:
        editor = client.get(f"/portfolio/?edit={one.key}")
        assert editor.context["page"].editor is not None, one.key
        for name in one.names():
            answer = client.get("/portfolio/", {name: "%$'\"--é"})
            assert answer.status_code == 200, name
