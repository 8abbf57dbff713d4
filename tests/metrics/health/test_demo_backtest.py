"""What the lab prints of the demo company, whose churn follows real decline, and of its outcomes shuffled."""

import dataclasses
import datetime as dt

import numpy as np
import pytest
from django.db import transaction
from django.template.loader import render_to_string

from customers.models import Customer
from metrics import daily, rollup
from metrics.health import backtest, cards, night
from metrics.models import ScorecardVersion
from metrics.periods import add_months
from metrics.scope import cell as whole_cell
from metrics.scope import cell_of
from workspace.demo.load import demo_load
from workspace.health import trial

pytestmark = pytest.mark.xdist_group("demo lab")  # its company is loaded once
TODAY = dt.date(2026, 11, 21)
LAST = TODAY - dt.timedelta(days=1)


@pytest.fixture(scope="module")
def outcome(django_db_setup, django_db_blocker):
    """The demo company's past month ends, scored as the nights do, with who left in the 90 days after each."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo_load(seed=1, today=TODAY, password="caixaclara-demo")
        scopes = [
            whole_cell(low)
            for low in sorted({cell_of(pk) for pk in Customer.objects.values_list("pk", flat=True)})
        ]
        first = add_months(LAST.replace(day=1), -backtest.MONTHS) - dt.timedelta(days=1)
        days = [first + dt.timedelta(days=n) for n in range((LAST - first).days + 1)]
        ends = [day for day in days if (day + dt.timedelta(days=1)).day == 1]
        for scope in scopes:
            daily.measure(days, scope)  # who left on which day
            for end in ends:
                rollup.roll_up_missing([end], scope)
                daily.measure([end], scope)
                night.score([end], scope)
        card = cards.in_force([LAST])[0]
        yield backtest.outcomes(LAST), card.configuration
        transaction.set_rollback(True)


@pytest.mark.usefixtures("db")
def test_the_lab_tells_who_leaves_the_demo_company(outcome):
    found, card = outcome
    told = backtest.verdict(found, card)
    assert told.enough and told.evidence
    assert told.auc is not None and told.low is not None and told.lift is not None
    assert told.auc > 0.7 and told.low > 0.6 and told.lift > 2
    assert told.monotone
    assert told.gains[0] == 0 and told.gains[-1] == 1 and told.gains[2] > 0.4
    assert list(told.gains) == sorted(told.gains)


@pytest.mark.usefixtures("db")
def test_on_shuffled_outcomes_it_says_no_evidence(outcome):
    found, card = outcome
    shuffled = dataclasses.replace(found, left=np.random.default_rng(11).permutation(found.left))
    nothing = backtest.verdict(shuffled, card)
    assert nothing.low is not None and nothing.high is not None and nothing.low < 0.5 < nothing.high
    assert not nothing.evidence
    shown = render_to_string(
        "workspace/health/_backtest.html",
        {
            "backtest": {
                "now": nothing,
                "then": nothing,
                "least": backtest.LEAST_LOST,
                "better": False,
                "gains": trial.gained(nothing, nothing),
            }
        },
    )
    assert "No evidence" in shown and "cs-gains-then" in shown
    assert ScorecardVersion.objects.exists()
