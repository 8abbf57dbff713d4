"""Every order of the portfolio, over pages: nothing twice, nothing missed, unknown values last."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db.models import F
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import AttributeDefinition, Customer
from metrics import listing
from metrics.models import CustomerDay
from tests import factories
from tests.workspace.portfolio_data import customer, days_ago, figures, names, yesterday
from workspace.portfolio.desk import Desk
from workspace.portfolio.opening import open_portfolio
from workspace.portfolio.paging import BadCursorError, Cursor, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def some_customers() -> None:
    """Customers with ties, unknown values and all kinds of figures."""
    AttributeDefinition.objects.create(key="num", label="Number", kind="number")
    AttributeDefinition.objects.create(key="txt", label="Text", kind="text")
    owners = [factories.user(name=name) for name in ("Émile", "Zoe")]
    for n in range(36):
        made = customer(
            name=f"{'Ábc'[n % 3]}{n % 7}",
            segment=("", "volume", "mid", "high_value")[n % 4],
            stage=("", "onboarding", "support")[n % 3],
            owner=None if n % 3 == 0 else owners[n % 2],
            started_on=None if n % 5 == 0 else days_ago(n % 4),
            attributes={} if n % 4 == 0 else {"num": str(n % 3 - 1), "txt": "ÀbC"[n % 3]},
            mrr=(n % 5) * 100,
            active=n % 3,
            tickets=n % 2,
            touch=None if n % 4 == 0 else days_ago(n % 3),
            renewal=None if n % 6 == 0 else days_ago(-(n % 3)),
            paid=(n % 3) * 1000,
            nps=None if n % 2 == 0 else n % 11,
            seats=None if n % 3 == 0 else n % 4,
        )
        if n % 2:
            figures(made, days_ago(31), mrr=(n % 3) * 100, active=1)
    CustomerDay.objects.filter(customer__name="b1", day=yesterday()).delete()


KEYS = [
    "customer",
    "segment",
    "stage",
    "mrr",
    "mrr_change",
    "active",
    "renewal",
    "touch",
    "tickets",
    "nps",
    "owner",
    "paid",
    "seats",
    "started",
    "attr:num",
    "attr:txt",
]


FILTERS = [
    "mrr__min=100",
    "untouched_for=2",
    "renewal_within=1",
    "nps=promoter",
    "tickets__max=0",
    "usage=falling",
]


def test_the_present_as_it_is_listed_is_what_the_night_says(manager):
    some_customers()
    asked = [f"sort={minus}{key}&rows=60" for key in KEYS for minus in ("", "-")] + FILTERS

    def told() -> list[tuple[list[int], list[object], int | None]]:
        desk = Desk(manager)
        shown = [open_portfolio(desk, QueryDict(query)).portfolio for query in asked]
        pages = [one.with_every_figure().page(size=60).rows for one in shown]
        figures = (
            "at_mrr",
            "at_mrr_change",
            "at_active",
            "at_active_change",
            "at_renewal",
            "at_paid",
            "at_nps",
        )
        return [
            (
                [row.pk for row in rows],
                [getattr(row, name) for row in rows for name in figures],
                one.total().mrr,
            )
            for one, rows in zip(shown, pages, strict=True)
        ]

    before = told()
    listing.list_newest()
    assert Desk(manager).scope().listed
    assert told() == before


def test_pages_in_every_order_join_to_the_whole_list(manager):
    some_customers()
    desk = Desk(manager)
    for sort in (minus + key for key in KEYS for minus in ("", "-")):
        whole = open_portfolio(desk, QueryDict(f"sort={sort}&rows=60")).portfolio.page().rows
        assert len(whole) == Customer.objects.count() == 36, sort
        known = [row.sort_value for row in whole if row.sort_value is not None]
        assert known == sorted(known, reverse=sort.startswith("-")), f"{sort}: in order"
        unknown = [row.sort_value is None for row in whole]
        assert unknown == sorted(unknown), f"{sort}: unknown values last"
        seen: list[int] = []
        after = ""
        while len(seen) <= len(whole):
            page = open_portfolio(desk, QueryDict(f"sort={sort}&after={after}")).portfolio.page()
            seen += [row.pk for row in page.rows]
            if not page.after:
                break
            after = page.after
        assert seen == [row.pk for row in whole], f"{sort}: pages join to the whole"


def test_walking_back_shows_the_same_pages(manager, login):
    some_customers()
    client = login(manager)
    first = client.get("/portfolio/?sort=-nps").context["page"]
    second = client.get(f"/portfolio/{first.next_url}").context["page"]
    back = client.get(f"/portfolio/{second.previous_url}").context["page"]
    assert [row.customer.pk for row in back.rows] == [row.customer.pk for row in first.rows]
    assert (first.first, first.last, second.first, second.last) == (1, 15, 16, 30)
    assert back.previous_url == ""


def test_numbers_of_an_attribute_sort_as_numbers(manager, login):
    AttributeDefinition.objects.create(key="num", label="Number", kind="number")
    for name, value in (("Ten", "10"), ("Nine", "9"), ("Minus", "-1.5"), ("Broken", "x"), ("None", None)):
        customer(name=name, attributes={} if value is None else {"num": value})
    seen = names(login(manager).get("/portfolio/?sort=attr:num"))
    assert seen[:3] == ["Minus", "Nine", "Ten"]


def test_segments_sort_by_worth_and_not_by_spelling(manager, login):
    for segment in ("volume", "high_value", "mid"):
        customer(name=segment, segment=segment)
    assert names(login(manager).get("/portfolio/?sort=segment")) == ["volume", "mid", "high_value"]


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WyJhIiwxXQ", "W251bGwsIm4iLDBd", "%00", "e30"])
def test_a_cursor_nobody_made_leads_to_the_first_page(manager, login, cursor):
    customer(name="A")
    for query in (f"after={cursor}", f"sort=-mrr&before={cursor}"):
        response = login(manager).get(f"/portfolio/?{query}")
        assert names(response) == ["A"]


def test_a_cursor_of_another_order_leads_to_the_first_page(manager, login):
    for n in range(20):
        customer(name=f"C{n:02}", mrr=n)
    client = login(manager)
    cursor = Cursor("not a day", 1).encode()
    assert client.get(f"/portfolio/?sort=renewal&after={cursor}").status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.one_of(st.none(), st.integers(-2, 2)), max_size=12),
    size=st.integers(1, 5),
    descending=st.booleans(),
)
def test_any_values_page_without_gap_or_repetition(values, size, descending):
    CustomerDay.objects.all().delete()
    Customer.objects.all().delete()
    for value in values:
        made = factories.customer()
        CustomerDay.objects.create(
            customer=made, day=dt.date(2026, 1, 1), nps_score=None if value is None else value + 2
        )
    rows = CustomerDay.objects.all()
    sign = -1 if descending else 1

    def place(row: CustomerDay) -> tuple[bool, int, int]:
        return (row.nps_score is None, (row.nps_score or 0) * sign, row.pk * sign)

    whole = [row.pk for row in sorted(rows, key=place)]
    seen: list[int] = []
    after = ""
    while True:
        page = page_of(rows, F("nps_score"), size=size, descending=descending, after=after)
        assert page.start == len(seen)
        seen += [row.pk for row in page.rows]
        if not page.after:
            break
        after = page.after
        back = page_of(
            rows,
            F("nps_score"),
            size=size,
            descending=descending,
            before=page_before(rows, after, size, descending),
        )
        assert [row.pk for row in back.rows] == whole[back.start : back.start + size]
    assert seen == whole


def page_before(rows, after: str, size: int, descending: bool) -> str:
    """Return the cursor that leads back from the page after `after`."""
    following = page_of(rows, F("nps_score"), size=size, descending=descending, after=after)
    assert following.before is not None
    return following.before


def test_a_cursor_says_what_it_cannot_read():
    with pytest.raises(BadCursorError):
        Cursor.decode("W3RydWUsMSwwXQ")
