"""The nightly full export: a whole folder once a night, which can be imported again; no half one is ever seen."""

import csv
import datetime as dt
import json

import pytest

from config import pipeline
from customers.models import Customer
from ingest import warehouse
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 3, 1)


@pytest.fixture
def folder(settings, tmp_path):
    settings.EXPORT_DIR = str(tmp_path / "out")
    return tmp_path / "out"


def test_after_a_night_everything_stands_in_a_folder_of_its_day_once(folder):
    firm = factories.customer(external_id="acme", name="=Acme", started_on=DAY)
    factories.subscription(firm, starts_on=DAY, mrr_cents=5000)
    assert not pipeline.WORK["warehouse"].due()
    run(DAY)
    assert pipeline.WORK["warehouse"].due()
    pipeline.finish(["warehouse"])
    assert not pipeline.WORK["warehouse"].due()
    (day,) = folder.iterdir()
    told = json.loads((day / "manifest.json").read_text())
    assert (day.name, told["rows"]["customers"], told["rows"]["customer_days"]) == ("2024-03-01", 1, 1)
    rows = list(csv.DictReader((day / "customers.csv").open(newline="")))
    assert (rows[0]["external_id"], rows[0]["name"]) == ("acme", "'=Acme")
    subscriptions = csv.DictReader((day / "subscriptions.csv").open(newline=""))
    assert next(subscriptions)["mrr"] == "50.00"


def test_the_files_can_be_imported_again_and_change_nothing(folder):
    from django.core.management import call_command

    factories.customer(external_id="acme", name="=Acme", started_on=DAY)
    day = warehouse.write(folder, DAY)
    with pytest.raises(SystemExit) as done:
        call_command("import", "customers", str(day / "customers.csv"))
        raise SystemExit(0)
    assert done.value.code == 0 and Customer.objects.get().name == "=Acme"


def test_what_an_interrupted_run_left_is_written_anew_and_old_folders_go(folder):
    (folder / ".2024-03-01.half").mkdir(parents=True)
    (folder / ".2024-03-01.half" / "customers.csv").write_text("half")
    for n in range(1, 10):
        (folder / f"2024-02-0{n}").mkdir()
    (folder / "notes").mkdir()
    run(DAY)
    pipeline.finish(["warehouse"])
    names = sorted(one.name for one in folder.iterdir())
    assert names == [*(f"2024-02-0{n}" for n in range(4, 10)), "2024-03-01", "notes"]


def test_with_pyarrow_each_file_is_also_parquet(folder):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is an optional extra")
    factories.customer(external_id="acme", name="Two\nlines", started_on=DAY)
    day = warehouse.write(folder, DAY)
    table = parquet.read_table(day / "customers.parquet")
    assert table.to_pylist()[0]["name"] == "Two\nlines"
    assert parquet.read_table(day / "payments.parquet").num_rows == 0


def test_without_a_folder_nothing_is_written(settings):
    run(DAY)
    assert not pipeline.WORK["warehouse"].due()
