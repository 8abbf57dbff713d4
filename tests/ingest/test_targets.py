"""Targets come in for figures there are, cut as they can be; what is near a mistyped key is named."""

import pytest

from metrics.models import Target
from tests.ingest.files import csv_text, run_import

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("key", "cut", "told"),
    [
        ("nrrr", "", "line 2, key: there is no figure “nrrr”; perhaps you mean nrr"),
        ("MRR", "", "perhaps you mean mrr"),
        ("customer_churn", "", "customer_churn_rate"),
        ("happiness_of_dogs", "", "use a key of the figures' list, such as mrr or nps"),
        ("cac", "segment=mid", "line 2, slice: “cac” is told for all customers only; leave the slice empty"),
        ("nps", "product=Core", "“nps” is not cut like “product=Core”"),
        ("nrr", "segment=huge", "there is no “segment=huge”; write one of: volume, mid, high_value, none"),
    ],
)
def test_a_target_of_what_is_not_there_is_refused_with_what_is_near(tmp_path, key, cut, told):
    done = run_import(tmp_path, "targets", csv_text("key,slice,due_on,value", f"{key},{cut},2026-12-31,1.05"))
    assert (done.code, done.counts()) == (1, (0, 0, 0, 1))
    assert told in done.err
    assert not Target.objects.exists()


def test_a_target_without_a_date_is_refused_and_the_others_go_in(tmp_path):
    content = csv_text(
        "key,slice,due_on,value", "nrr,,,1.05", "nps,owner=ana@zelo.test,2026-12-31,50", "mrr,,2026-12-31,100"
    )
    done = run_import(tmp_path, "targets", content)
    assert (done.code, done.counts()) == (1, (2, 0, 0, 1))
    assert "line 2, due_on: this cell is empty" in done.err
    assert Target.objects.count() == 2


def test_a_file_without_the_column_of_the_date_is_refused_as_a_whole(tmp_path):
    done = run_import(tmp_path, "targets", csv_text("key,value", "nrr,1.05"))
    assert done.code == 2
    assert "due_on" in done.err
