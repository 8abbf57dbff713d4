"""The strategy matrix: nine cells, their figures, whom nothing reaches, and what managers say."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Workspace
from core import time
from metrics.models import CustomerDay, Night
from playbooks.models import Playbook, PlaybookVersion, Run, Strategy
from playbooks.services.strategy import strategy_set
from tests import factories
from tests.queries import assert_constant_queries
from workspace.strategy.matrix import Matrix
from workspace.strategy.words import PURPOSES, RHYTHMS

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(db):
    return Night.objects.create(day=time.today() - dt.timedelta(days=1), state="done")


def placed(night, *, segment="mid", stage="ongoing", mrr=10_000, talked=None, **fields):
    customer = factories.customer(segment=segment, stage=stage)
    touch = None if talked is None else time.today() - dt.timedelta(days=talked)
    row = {
        "segment": segment,
        "stage": stage,
        "last_touch_on": touch,
        "mrr_cents": mrr,
        "opening_mrr_cents": mrr,
    }
    CustomerDay.objects.create(customer=customer, day=night.day, **{**row, **fields})
    return customer


def playbook(**version):
    row = Playbook.objects.create(name="Adoption review")
    row.published = PlaybookVersion.objects.create(playbook=row, number=1, published_at=time.now(), **version)
    row.save()
    return row


def test_every_cell_has_a_purpose_and_a_rhythm(manager):
    cells = [cell for _segment, line in Matrix(manager).table for cell in line]
    assert len(cells) == len(PURPOSES) == len(RHYTHMS) == 9
    assert all(cell.purpose and cell.touch_days for cell in cells)


def test_who_has_no_strategy_running(manager, night):
    quiet = placed(night, talked=61, mrr=30_000)
    never = placed(night, mrr=20_000)
    placed(night, talked=60)
    played = placed(night, talked=99)
    placed(night, talked=99, mrr=0)
    play = playbook(segments=["mid"])
    Run.objects.create(
        playbook=play, running_version=play.published, customer=played, started_on=time.today(), next_key=1
    )
    matrix = Matrix(manager)
    cell = matrix.cell("mid", "ongoing")
    assert (cell.customers, cell.mrr, cell.late, cell.without) == (4, 70_000, 3, 2)
    assert [row.customer_id for row in matrix.left_out("mid", "ongoing")] == [quiet.pk, never.pk]
    assert play.pk in [one.pk for one in cell.playbooks]
    assert play.pk not in [one.pk for one in matrix.cell("volume", "ongoing").playbooks]
    strategy_set(actor=manager, segment="mid", stage="ongoing", purpose="Ours", touch_days=None)
    assert Matrix(manager).cell("mid", "ongoing").without == 0


def test_what_was_lost_is_counted_where_it_was_lost(manager, night):
    placed(night, mrr=0, opening_mrr_cents=7_000, mrr_churn_cents=7_000)
    placed(night, mrr=5_000, opening_mrr_cents=6_000, mrr_contraction_cents=1_000, stage="support")
    matrix = Matrix(manager)
    assert matrix.cell("mid", "ongoing").lost == 7_000
    assert matrix.cell("mid", "support").lost == 1_000


def test_an_analyst_who_sees_only_own_customers_counts_only_these(analyst, night):
    placed(night)
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    assert Matrix(analyst).cell("mid", "ongoing").customers == 0


def test_a_manager_says_what_a_cell_is_for_and_others_read_it(login, manager, analyst, night):
    survey = factories.survey()
    url = reverse("strategy_cell", args=["mid", "ongoing"])
    data = {"purpose": "Grow with them", "touch_days": "20", "surveys": [survey.pk]}
    assert login(manager).post(url, data).status_code == 302
    row = Strategy.objects.get()
    assert (row.purpose, row.touch_days, list(row.surveys.all())) == ("Grow with them", 20, [survey])
    assert login(manager).post(url, {**data, "touch_days": "0"}).status_code == 422
    client = login(analyst)
    assert "Grow with them" in client.get(reverse("strategy")).content.decode()
    client.post(url, {**data, "purpose": "Mine"})
    row.refresh_from_db()
    assert row.purpose == "Grow with them"
    assert client.get("/strategy/mid/nowhere/").status_code == 404
    with pytest.raises(ValidationError, match="1 to 730"):
        strategy_set(actor=manager, segment="mid", stage="ongoing", purpose="", touch_days=9_999)


def test_queries_do_not_grow(login, manager, night):
    def add(n):
        for _ in range(n):
            placed(night)

    client = login(manager)
    assert_constant_queries(client, reverse("strategy"), add)
    assert_constant_queries(client, reverse("strategy_cell", args=["mid", "ongoing"]), add)
