"""The forecast on its page and over HTTP."""

import pytest
from django.core.management import CommandError, call_command

from core import time
from metrics.forecast import checks
from metrics.models import ForecastCheck, RiskModel
from metrics.risk import work
from tests.metrics.risk import world
from tests.metrics.risk.world import LAST, D
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
PAGE = "/metrics/forecast/"


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    found = world.build(months=20)
    while work.work() or checks.work():
        pass
    return found


def test_it_says_what_is_expected_with_its_band_and_how_often_bands_held(keys, analyst, login):
    client = login(analyst)
    said = client.get(PAGE).content.decode()
    for text in ("In 3 months", "with 80 % probability between", "cs-forecast-band", "Was it right before?"):
        assert text in said, text
    assert "by each customer" in said
    assert f"{ForecastCheck.objects.filter(days=90).count()} forecasts" in said
    then = client.get(f"{PAGE}?as_of={world.ends(14)[0]}").content.decode()
    assert "at the rate of the last year" in then
    assert client.get(f"{PAGE}?as_of=soon").status_code == 200
    early = client.get(f"{PAGE}?as_of={world.ends(18)[0]}").content.decode()
    assert "Too little history for a forecast" in early
    assert "Forecast" in client.get("/metrics/").content.decode()


def test_it_makes_as_many_queries_for_thirty_as_for_three(keys, manager, login):
    def add(n: int) -> None:
        for k in range(n):
            ForecastCheck.objects.get_or_create(
                day=LAST - (100 + k) * D,
                days=90,
                defaults={"own": False, **dict.fromkeys(AMOUNTS, 100)},
            )

    assert_constant_queries(login(manager), PAGE, add)


AMOUNTS = [field.name for field in ForecastCheck._meta.fields if field.name.endswith("_cents")]


def test_before_the_first_night_nothing_breaks(analyst, login):
    client = login(analyst)
    assert "Known after the first night." in client.get(PAGE).content.decode()
    assert client.get("/api/v1/forecast/").status_code == 404


def test_over_http(keys, analyst, login):
    client = login(analyst)
    told = client.get("/api/v1/forecast/").json()
    assert (told["date"], told["by"], told["months_known"]) == (str(LAST), "risk", 12)
    assert [one["days"] for one in told["horizons"]] == [90, 180, 360]
    assert told["coverage"][0]["checks"] == ForecastCheck.objects.filter(days=90).count()
    assert client.get("/api/v1/forecast/?date=never").status_code == 400


def test_the_command_learns_again_and_prints_the_models(keys, capsys):
    before = RiskModel.objects.count()
    call_command("risk", "--learn")
    assert RiskModel.objects.count() == before + 1
    assert capsys.readouterr().out.count('"state": "used"') == RiskModel.objects.filter(state="used").count()
    with pytest.raises(CommandError):
        call_command("risk", "--learn", "--date", str(LAST + D))
