"""The risk of leaving on pages and over HTTP: in words where it is told, and silent with a reason where it is not."""

import pytest

from core import time
from customers.models import Customer
from metrics.models import RiskDay, RiskModel
from metrics.risk import reasons, words, work
from tests.metrics.risk import world
from tests.metrics.risk.world import LAST, D
from tests.queries import assert_constant_queries
from workspace.day.attention import attention
from workspace.health import risk

pytestmark = pytest.mark.django_db
PAGE = "/portfolio/health/risk/"


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    found = world.build()
    while work.work():
        pass
    return found


def test_the_page_tells_whom_to_look_at_and_whether_to_trust_it(keys, manager, login):
    said = login(manager).get(PAGE).content.decode()
    model = RiskModel.objects.all()[0]
    for text in ("Can it be trusted?", f"{model.auc:.2f}", "cs-calibration-dot", "Usage frequency", "R$"):
        assert text in said, text
    row = RiskDay.objects.filter(day=LAST).order_by("-within_90", "customer_id")[0]
    assert risk.customers(manager, LAST)[0]["customer"] == row.customer
    (total,) = [one["cents"] for one in risk.sums(manager, LAST) if one["days"] == 90]
    told = RiskDay.objects.filter(day=LAST).values_list("within_90", flat=True)
    assert total == round(sum(told))  # each pays 10 000 cents


def test_the_page_makes_as_many_queries_for_thirty_as_for_three(keys, manager, login):
    model = RiskModel.objects.all()[0]

    def add(n: int) -> None:
        for key in list(keys[-60:])[:n]:
            RiskDay.objects.get_or_create(
                day=LAST - D,
                customer_id=key,
                defaults={"model": model, **{f"within_{d}": 1 for d in (30, 60, 90, 180, 360)}},
            )

    assert_constant_queries(login(manager), PAGE, add)


def test_a_customer_s_page_says_it_in_words_with_what_drives_it(keys, analyst, login):
    day = world.ends(2)[0]
    found = RiskDay.objects.filter(day=day).order_by("-within_90", "customer_id")
    worst, best = found[0], found.reverse()[0]
    client = login(analyst)
    said = client.get(f"/customers/{worst.customer_id}/?as_of={day}").content.decode()
    assert "Risk of leaving" in said
    assert words.sentence(worst) in said
    assert "more than is usual here" in said
    assert "What raises it:" in said
    assert "less than is usual here" in words.sentence(best)
    told = reasons.reasons(worst)
    assert told[0].raises
    assert {"active_days", "band"} & {one.key for one in told[:2]}
    assert [abs(one.adds) for one in told] == sorted((abs(one.adds) for one in told), reverse=True)
    far = client.get(f"/customers/{best.customer_id}/?as_of={world.ends(18)[0]}").content.decode()
    assert "is not known yet" in far


def test_probabilities_are_never_told_as_nothing_or_certain():
    assert words.share(0.0) == "under 1%"
    assert words.share(0.004) == "under 1%"
    assert words.share(0.123) == "12%"
    assert words.share(0.999) == "over 99%"


def test_why_nothing_is_told():
    assert "is needed to learn from" in words.silence(None)
    assert words.silence(RiskModel(state="little", lost=4)).startswith("Too little history")
    assert "set aside" in words.silence(RiskModel(state="little", lost=31))
    assert words.silence(RiskModel(state="none")).startswith("No evidence")
    assert words.silence(RiskModel(state="used")) == ""


def test_health_over_http_tells_the_risk_and_models_can_be_read(keys, manager, login):
    client = login(manager)
    row = RiskDay.objects.filter(day=LAST)[0]
    (told,) = [
        one
        for one in client.get("/api/v1/health/?page_size=500").json()["results"]
        if one["customer"] == row.customer_id
    ]
    assert told["risk_90"] == row.within_90 / 10_000
    assert told["risk"]["within_30"] == row.within_30 / 10_000
    assert told["risk"]["expected_on"] == (row.expected_on.isoformat() if row.expected_on else None)
    models = client.get("/api/v1/risk-models/").json()["results"]
    assert models[0]["state"] == "used"
    assert len(models[0]["calibration"]) == 8
    RiskDay.objects.all().delete()
    assert client.get(f"/api/v1/health/{row.customer_id}/").json()[0]["risk"] is None


def test_my_day_ranks_by_the_customer_s_own_risk(keys, manager):
    from playbooks.models import Alert, AlertRule

    rule = AlertRule.objects.filter(kind="no_touch")[0]
    pair = keys[-2:]
    for key, told in zip(pair, (100, 9000), strict=True):
        RiskDay.objects.filter(day=LAST, customer=key).update(
            within_30=1, within_60=2, within_90=told, within_180=9001, within_360=9002
        )
        Alert.objects.create(
            rule=rule, customer_id=key, scope="customer", subject_id=key, since=LAST, seen_on=LAST, value=50
        )
    found, _n, _mrr = attention(Customer.objects.filter(pk__in=pair), LAST, LAST + D)
    assert [(one.customer_id, one.odds, one.own_odds) for one in found] == [
        (pair[1], 0.9, True),
        (pair[0], 0.01, True),
    ]


def test_twenty_customers_without_churn_claim_nothing_and_all_pages_work(monkeypatch, admin, login):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    keys = world.build(customers=20, lost=0, months=6)
    client = login(admin)
    for _n in range(2):
        for path in (PAGE, "/", "/portfolio/health/", f"/customers/{keys[0]}/", "/api/v1/risk-models/"):
            assert client.get(path).status_code == 200, path
        while work.work():
            pass
    assert set(RiskModel.objects.values_list("state", flat=True)) == {"little"}
    assert not RiskDay.objects.exists()
    said = client.get(PAGE).content.decode()
    assert "0 customers left so far, and at least 30 are needed" in said
    assert "Too little history" in client.get(f"/customers/{keys[0]}/?as_of={LAST}").content.decode()
