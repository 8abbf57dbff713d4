"""The activation page: reading, publishing versions, what is refused and kept."""

import datetime as dt

import pytest
from django.urls import reverse

from metrics.models import ActivationCriteria
from metrics.services.activation import Asked, activation_publish, asked_by, versions
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

URL = "/settings/activation/"


@pytest.fixture
def admin():
    return factories.user(role="admin")


def sent(*rows: tuple[str, str, str, str], applies_from: str = "") -> dict[str, str]:
    data = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0", "applies_from": applies_from}
    for n, values in enumerate(rows):
        for name, value in zip(("kind", "name", "times", "within_days"), values, strict=True):
            data[f"form-{n}-{name}"] = value
    return data


def test_publishing_makes_a_version_and_leads_back_to_the_page(admin, login):
    client = login(admin)
    answer = client.post(
        URL, sent(("login", "login", "3", "14"), ("milestone", "Go-live", "", "30"), ("login", "", "1", ""))
    )
    assert answer.status_code == 302
    (first,) = versions("")
    assert asked_by(first) == [Asked("login", "login", 3, 14), Asked("milestone", "Go-live", 1, 30)]
    assert first.published_by == admin
    page = client.get(URL).content.decode()
    assert "Version 1" in page
    assert 'value="Go-live"' in page


def test_a_segment_has_versions_of_its_own_from_a_day_on(admin, login):
    client = login(admin)
    client.post(f"{URL}?segment=mid", sent(("critical", "reconciled", "1", "7"), applies_from="2026-03-01"))
    (own,) = versions("mid")
    assert (own.segment, own.applies_from) == ("mid", dt.date(2026, 3, 1))
    assert versions("") == []
    assert "reconciled" in client.get(f"{URL}?segment=mid").content.decode()
    assert "reconciled" not in client.get(URL).content.decode()


def test_an_emptied_name_takes_a_criterion_away_and_the_old_version_stays(admin, login):
    activation_publish(actor=admin, segment="", applies_from=None, asked=[Asked("login", "login", 3, 14)])
    data = sent(("login", "", "3", "14"), ("result", "exported", "1", "30")) | {"form-INITIAL_FORMS": "1"}
    assert login(admin).post(URL, data).status_code == 302
    newest, first = versions("")
    assert asked_by(newest) == [Asked("result", "exported", 1, 30)]
    assert asked_by(first) == [Asked("login", "login", 3, 14)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("login", "typed here", "1", ""), "within how many days"),
        (("milestone", "typed here", "2", "7"), "reached once"),
        (("login", "typed here", "0", "7"), "greater than or equal to 1"),
        (("login", "", "1", "7"), "Name the event or milestone"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(admin, login, row, said):
    answer = login(admin).post(URL, sent(row))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert row[1] in page
    assert not ActivationCriteria.objects.exists()


def test_publishing_the_same_again_makes_no_version(admin, login):
    client = login(admin)
    for _ in range(2):
        client.post(URL, sent(("login", "login", "3", "14")))
    assert len(versions("")) == 1


def test_a_segment_that_does_not_exist_is_not_found(admin, login):
    assert login(admin).get(f"{URL}?segment=tiny").status_code == 404


def test_the_page_is_for_admins_and_on_the_settings_page(admin, login):
    assert login(factories.user(role="manager")).get(URL).status_code == 403
    assert URL in login(admin).get(reverse("settings")).content.decode()


def test_the_page_takes_as_many_queries_for_many_versions_as_for_few(admin, login):
    def publish(count: int) -> None:
        for _ in range(count):
            days = ActivationCriteria.objects.count() + 1
            activation_publish(
                actor=admin, segment="", applies_from=None, asked=[Asked("login", "login", 1, days)]
            )

    assert_constant_queries(login(admin), URL, publish)
