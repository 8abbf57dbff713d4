"""Campaigns over HTTP."""

import pytest

from surveys.models import Campaign
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaigns/"
JSON = {"content_type": "application/json"}


def test_a_campaign_is_set_up_changed_started_paused_and_stopped(login, manager):
    client = login(manager)
    made = client.post(
        URL, {"survey": factories.survey().pk, "name": "Spring", "audience": {"segment": ["mid"]}}, **JSON
    )
    assert made.status_code == 201, made.content
    one = f"{URL}{made.json()['id']}/"
    assert (made.json()["state"], made.json()["audience"]) == ("draft", {"segment": ["mid"]})
    assert client.patch(one, {"daily_share": 5}, **JSON).json()["daily_share"] == 5
    for turn, state in (("start", "running"), ("pause", "paused"), ("stop", "stopped")):
        assert client.post(f"{one}{turn}/").json()["state"] == state
    refused = client.post(f"{one}start/")
    assert refused.status_code == 400
    assert refused.json()["code"] == "invalid"
    assert [row["name"] for row in client.get(URL, {"state": "stopped"}).json()["results"]] == ["Spring"]


@pytest.mark.parametrize(
    "wrong", [{"daily_share": 0}, {"reminders": 3}, {"roles": ["king"]}, {"when": "never"}]
)
def test_what_makes_no_sense_is_refused_with_the_field(login, manager, wrong):
    body = {"survey": factories.survey().pk, "name": "Spring", **wrong}
    answer = login(manager).post(URL, body, **JSON)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(wrong)
    assert not Campaign.objects.exists()
