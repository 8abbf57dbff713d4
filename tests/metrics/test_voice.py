"""The satisfaction figures of METRICS.md, from answers in the database."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from customers.models import CustomerHistory
from metrics.kpis import kpis
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

FEB, MARCH, APRIL = dt.date(2024, 2, 1), dt.date(2024, 3, 1), dt.date(2024, 4, 1)
LAST = dt.date(2024, 3, 31)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)


def answers(customer, survey: str, *scores: int, on: dt.date = MARCH) -> None:
    for score in scores:
        factories.response(customer, survey=survey, score=score, answered_at=noon(on))


@pytest.fixture
def customer():
    return factories.customer(started_on=FEB)


def row(**asked):
    return kpis(**{"first": MARCH, "end": APRIL, **asked})["rows"][0]


def test_70_promoters_10_passives_and_20_detractors_are_50(customer):
    answers(customer, "nps", *[9] * 35, *[10] * 35, *[7] * 5, *[8] * 5, *[0] * 10, *[6] * 10)
    run(MARCH, LAST)
    told = row(keys=["nps"])
    assert told["values"] == {"nps": 50.0}
    assert told["counts"] == {"nps": {"numerator": 50, "denominator": 100}}
    assert "notes" not in told


def test_a_score_carries_its_margin_and_is_shown_whole(customer, capsys):
    answers(customer, "nps", *[9] * 18, *[7] * 11, 0, 1)
    run(MARCH, LAST)
    told = row(keys=["nps", "nps_margin", "nps_low", "nps_high"])
    values = told["values"]
    assert round(values["nps_margin"], 1) == 21.7
    assert told["intervals"] == {"nps": [values["nps_low"], values["nps_high"]]}
    call_command("kpis", "--from", "2024-03-01", "--to", "2024-04-01", "--key", "nps")
    assert capsys.readouterr().out.split()[-1] == "52"


def test_three_promoters_are_never_100_without_a_margin(customer):
    answers(customer, "nps", 10, 9, 9)
    run(MARCH, LAST)
    told = row(keys=["nps", "nps_low"])
    assert told["values"]["nps"] == 100.0
    assert [round(limit, 1) for limit in told["intervals"]["nps"]] == [-6.6, 100.0]
    assert told["notes"] == {"nps": "few answers", "nps_low": "few answers"}


def test_8_of_10_satisfied_are_80_per_cent_between_49_and_94(customer):
    answers(customer, "csat", 5, 5, 5, 5, 4, 4, 4, 4, 3, 1)
    run(MARCH, LAST)
    told = row(keys=["csat", "csat_mean"])
    assert told["values"] == {"csat": 0.8, "csat_mean": 4.0}
    assert [round(limit, 2) for limit in told["intervals"]["csat"]] == [0.49, 0.94]


def test_effort_is_a_mean_and_a_share_of_5_to_7(customer):
    answers(customer, "ces", 7, 5, 4, 2)
    run(MARCH, LAST)
    assert row(keys=["ces", "ces_easy"])["values"] == {"ces": 4.5, "ces_easy": 0.5}


def test_without_answers_nothing_is_known(customer):
    answers(customer, "success", 80)
    run(MARCH, LAST)
    keys = ["nps", "nps_margin", "nps_low", "nps_high", "csat", "csat_mean", "ces", "ces_easy"]
    told = row(keys=keys)
    assert told["values"] == dict.fromkeys(keys)
    assert "intervals" not in told


def test_an_answer_counts_on_the_workspace_day_it_was_given(customer):
    for hour, day, score in ((2, MARCH, 0), (3, MARCH, 10), (2, APRIL, 10), (3, APRIL, 0)):
        moment = dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)  # São Paulo is three hours behind
        factories.response(customer, score=score, answered_at=moment)
    run(FEB, LAST)
    told = row(keys=["nps"])
    assert told["counts"]["nps"] == {"numerator": 2, "denominator": 2}
    assert told["previous"] == {"nps": -100.0}


def test_a_change_within_its_margin_is_called_no_real_change(customer):
    answers(customer, "nps", *[9] * 10, *[0] * 10, on=FEB)
    answers(customer, "nps", *[9] * 12, *[0] * 8)
    run(FEB, LAST)
    assert row(keys=["nps"])["no_real_change"] == ["nps"]
    answers(customer, "nps", *[9] * 80)
    assert "no_real_change" not in row(keys=["nps"])


def test_an_answer_belongs_to_the_slice_of_the_first_day_and_parts_add_up(customer):
    other = factories.customer(started_on=FEB)
    CustomerHistory.objects.create(customer=customer, field="segment", valid_from=FEB, value="volume")
    CustomerHistory.objects.create(customer=customer, field="segment", valid_from=LAST, value="mid")
    answers(customer, "nps", 10, 10, 0, on=LAST)
    answers(other, "nps", 8)
    run(MARCH, LAST)
    rows = kpis(first=MARCH, end=APRIL, keys=["nps"], by="segment")["rows"]
    counts = {(part["slice"] or {}).get("segment"): part["counts"]["nps"]["denominator"] for part in rows}
    assert counts == {None: 4, "volume": 3, "mid": 0, "high_value": 0, "none": 1}


def test_an_answer_of_a_customer_no_night_knew_yet_is_counted_with_its_first_slice(customer):
    late = factories.customer(segment="mid")  # written down today, without a start
    answers(late, "nps", 10)
    run(MARCH, LAST)
    assert row(keys=["nps"])["values"] == {"nps": 100.0}
    assert row(keys=["nps"], segment="mid")["values"] == {"nps": 100.0}


def test_the_object_tells_intervals_and_notes_only_where_they_are(customer, capsys):
    run(MARCH, LAST)
    call_command("kpis", "--from", "2024-03-01", "--to", "2024-04-01", "--key", "csat", "--format", "json")
    told = json.loads(capsys.readouterr().out)["rows"][0]
    assert set(told) == {"from", "to", "slice", "values", "counts", "previous"}
